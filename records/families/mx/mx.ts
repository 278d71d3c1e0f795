import { ROOT } from '../../rr/name.js'
import { canonical } from '../../rr/rrset.js'
import type { Domain } from '../../spec.js'
import type { MailRecord } from '../mail-record.js'

/** MX of a domain; the null MX (RFC 7505) of one that takes no mail; nothing where the spec has no `mx`. */
export function mxRecords(domain: Domain): MailRecord[] {
  const targets = domain.mail === 'none' ? 'none' : domain.mx
  if (targets === undefined) return []
  const rdata =
    targets === 'none'
      ? [{ preference: 0, exchange: ROOT }]
      : targets.map(({ preference, host }) => ({ preference, exchange: host }))
  const from = [...domain.from, domain.mail === 'none' ? 'mail' : 'mx']
  return [
    {
      rrset: canonical({ type: 'MX', name: domain.name, ttl: domain.ttl, rdata }),
      purpose: 'mx',
      scope: 'whole-rrset',
      from,
    },
  ]
}
