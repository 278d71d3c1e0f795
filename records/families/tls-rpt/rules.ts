import { displayName, type Name } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import type { Domain, TlsRptSpec } from '../../spec.js'
import { readAddress } from '../dmarc/report-uri.js'

const withoutMx: Rule = ({ domains }) =>
  domains.flatMap((domain) =>
    domain.tlsRpt === false || takesMail(domain)
      ? []
      : [
          finding(
            'warning',
            'tls-rpt-without-mx',
            domain.tlsRpt.from,
            `${displayName(domain.name)} takes no mail${domain.mx === undefined && domain.mail === 'normal' ? ' as this spec has it' : ''}, so there is nothing to report about TLS on the way to it (RFC 8460 §1)`,
            'name its mx, or remove tls_rpt',
          ),
        ],
  )

export const ANOTHER_MAILBOX = 'name an address at a domain that receives mail under tls_rpt.rua, or an https: URI'

const toNobody: Rule = ({ domains }) => {
  const closed = new Set(domains.filter(({ mail, mx }) => mail === 'none' || mx === 'none').map(({ name }) => name))
  return domains.flatMap(({ name, tlsRpt }) =>
    tlsRpt === false
      ? []
      : mailboxes(tlsRpt)
          .filter((to) => closed.has(to))
          .map((to) =>
            finding(
              'warning',
              'tls-rpt-null-mx',
              tlsRpt.from,
              `TLS reports of ${displayName(name)} go to ${displayName(to)}, which takes no mail (RFC 7505)`,
              ANOTHER_MAILBOX,
            ),
          ),
  )
}

/** The domains whose mailboxes TLS reports go to, each once. */
export function mailboxes({ rua }: TlsRptSpec): Name[] {
  return [...new Set(rua.flatMap((uri) => readAddress(uri)?.domain ?? []))]
}

function takesMail({ mail, mx }: Domain): boolean {
  return mail === 'normal' && Array.isArray(mx)
}

export const tlsRptRules: readonly Rule[] = [withoutMx, toNobody]
