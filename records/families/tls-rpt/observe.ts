import type { Finding } from '../../finding.js'
import { displayName, joinName } from '../../rr/name.js'
import { deadLetters, whoseLetters } from '../../rules/dead-letters.js'
import { finding } from '../../rules/rule.js'
import { type SingleRecord, singleRecordFindings } from '../../rules/single-record.js'
import type { ZoneView } from '../../rules/zone-view.js'
import { isTlsRptValue, readTlsRpt } from './read-tls-rpt.js'
import { ANOTHER_MAILBOX, mailboxes } from './rules.js'

const RECORD: SingleRecord = {
  noun: 'SMTP TLS reporting policy',
  rule: 'tls-rpt',
  section: 'RFC 8460 §3',
  outcome: 'senders take the domain to want no reports',
  isOwn: isTlsRptValue,
  read: readTlsRpt,
}

const undelivered = deadLetters(
  ({ tlsRpt }) => (tlsRpt === false ? [] : mailboxes(tlsRpt)),
  ({ to, why, domains: [domain, ...others] }) =>
    finding(
      'warning',
      'tls-rpt-undelivered',
      (domain.tlsRpt || domain).from,
      `TLS reports of ${whoseLetters([domain, ...others])} go to ${displayName(to)}, ${why}`,
      ANOTHER_MAILBOX,
    ),
)

/** What senders will find wrong in a zone that was read. */
export function observeTlsRpt(view: ZoneView): Finding[] {
  return [
    ...view.domains.flatMap(({ name, from }) =>
      singleRecordFindings(view, joinName('_smtp._tls', name), [...from, 'tls_rpt'], RECORD),
    ),
    ...undelivered(view),
  ]
}
