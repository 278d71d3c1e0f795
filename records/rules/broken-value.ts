import { faultText, type Reading } from '../families/reading.js'
import type { Finding } from '../finding.js'
import type { Name } from '../rr/name.js'
import type { Domain } from '../spec.js'
import { finding } from './rule.js'
import { textsAt, type ZoneView } from './zone-view.js'

/** The value that receivers find where a domain has none of this spec. */
interface Standing {
  readonly part: 'spf' | 'dmarc'
  readonly at: Name
  /** `the SPF of example.com` */
  readonly what: string
  /** What comes of a wrong one: `receivers heed nothing of it`. */
  readonly outcome: string
  /** Whether receivers take a value for it. */
  readonly isRead: (value: string) => boolean
  readonly read: (value: string) => Reading<unknown>
}

/** What is wrong with the one SPF or policy that stands where the spec asks for none. */
export function brokenValue(view: ZoneView, domain: Domain, standing: Standing): Finding[] {
  const { part, at, what, outcome, isRead, read } = standing
  if (domain.mail !== 'normal' || domain[part] !== false) return []
  const [value, ...others] = (textsAt(view, at) ?? []).filter(isRead)
  if (value === undefined || others.length > 0) return []
  const reading = read(value)
  const [fault] = reading.faults
  if (reading.value !== undefined || fault === undefined) return []
  return [
    finding(
      'warning',
      `${part}-broken`,
      [...domain.from, part],
      `${what} is wrong, so ${outcome}: ${faultText(fault)}`,
      `put it right, or write what it means under ${part}`,
    ),
  ]
}
