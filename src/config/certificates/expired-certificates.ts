import type { Finding } from '../../../records/finding.js'
import type { MailSpec } from '../../../records/spec.js'

/**
 * Certificates that are no longer valid. Senders do not look at the dates of a server's own certificate (RFC 7671 §5.1), so that it is
 * only a sign of an old file; of a CA they do.
 *
 * @param today `YYYY-MM-DD`
 */
export function expiredCertificates({ hosts }: Pick<MailSpec, 'hosts'>, today: string): Finding[] {
  return hosts.flatMap(({ tlsa }) =>
    (tlsa?.associations ?? []).flatMap(({ validUntil, from }): Finding[] => {
      if (!tlsa || validUntil === undefined || validUntil >= today) return []
      const isCa = tlsa.usage === 'ta'
      return [
        {
          rule: 'tlsa-expired',
          severity: isCa ? 'error' : 'warning',
          from,
          message: `the certificate was valid until ${validUntil}: ${isCa ? 'senders refuse what it issued' : 'has the server another one by now, with another key?'}`,
          hint: `put the current ${isCa ? 'chain' : 'certificate'} in its place, or name the public key alone`,
        },
      ]
    }),
  )
}
