import { displayName } from '../../rr/name.js'
import { deadLetters, whoseLetters } from '../../rules/dead-letters.js'
import { finding } from '../../rules/rule.js'
import { reportDomains } from '../dmarc/report-domains.js'
import { ANOTHER_MAILBOX } from './rules.js'

/** Mailboxes for reports in a zone that was read, where no mail arrives. */
export const observeReports = deadLetters(reportDomains, ({ to, why, domains: [domain, ...others] }) =>
  finding(
    'warning',
    'dmarc-report-undelivered',
    (domain.dmarc || domain).from,
    `DMARC reports of ${whoseLetters([domain, ...others])} go to ${displayName(to)}, ${why}`,
    `${ANOTHER_MAILBOX}, or give ${displayName(to)} an mx`,
  ),
)
