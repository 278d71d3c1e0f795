import type { Finding } from '../../finding.js'
import { displayName, joinName } from '../../rr/name.js'
import { finding, type Rule } from '../../rules/rule.js'
import { type SingleRecord, singleRecordFindings } from '../../rules/single-record.js'
import type { ZoneView } from '../../rules/zone-view.js'
import type { Domain } from '../../spec.js'
import { readAddress } from '../dmarc/report-uri.js'
import { isTlsRptValue, readTlsRpt } from './read-tls-rpt.js'

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

const toNobody: Rule = ({ domains }) => {
  const closed = new Set(domains.filter(({ mail, mx }) => mail === 'none' || mx === 'none').map(({ name }) => name))
  return domains.flatMap(({ name, tlsRpt }) =>
    tlsRpt === false
      ? []
      : tlsRpt.rua
          .flatMap((uri) => readAddress(uri)?.domain ?? [])
          .filter((to) => closed.has(to))
          .map((to) =>
            finding(
              'warning',
              'tls-rpt-null-mx',
              tlsRpt.from,
              `TLS reports of ${displayName(name)} go to ${displayName(to)}, which takes no mail (RFC 7505)`,
              'name an address at a domain that receives mail under tls_rpt.rua, or an https: URI',
            ),
          ),
  )
}

function takesMail({ mail, mx }: Domain): boolean {
  return mail === 'normal' && Array.isArray(mx)
}

export const tlsRptRules: readonly Rule[] = [withoutMx, toNobody]

const RECORD: SingleRecord = {
  noun: 'SMTP TLS reporting policy',
  rule: 'tls-rpt',
  section: 'RFC 8460 §3',
  outcome: 'senders take the domain to want no reports',
  isOwn: isTlsRptValue,
  read: readTlsRpt,
}

/** What senders will find wrong in a zone that was read. */
export function observeTlsRpt(view: ZoneView): Finding[] {
  return view.domains.flatMap(({ name, from }) =>
    singleRecordFindings(view, joinName('_smtp._tls', name), [...from, 'tls_rpt'], RECORD),
  )
}
