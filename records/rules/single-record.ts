import { faultText, type Reading } from '../families/reading.js'
import type { Finding, SpecPath } from '../finding.js'
import { displayName, type Name } from '../rr/name.js'
import { finding } from './rule.js'
import { textsAt, type ZoneView } from './zone-view.js'

/** The one record of its kind that may stand at a name. */
export interface SingleRecord {
  /** `MTA-STS record` */
  readonly noun: string
  /** Before `-twice` and `-broken`. */
  readonly rule: string
  /** Where it is said that there must be one only. */
  readonly section: string
  /** What comes of two, or of a wrong one: `senders take the domain to have no policy`. */
  readonly outcome: string
  isOwn(value: string): boolean
  read(value: string): Reading<unknown>
}

/** What is wrong with the records of a kind at a name of a zone that was read: there are several, or the one is no record. */
export function singleRecordFindings(
  view: ZoneView,
  name: Name,
  from: SpecPath,
  { noun, rule, section, outcome, isOwn, read }: SingleRecord,
): Finding[] {
  const values = (textsAt(view, name) ?? []).filter(isOwn)
  const [value] = values
  if (value === undefined) return []
  if (values.length > 1)
    return [
      finding(
        'warning',
        `${rule}-twice`,
        from,
        `${displayName(name)} has ${values.length} values that are each an ${noun}: ${outcome} (${section})`,
        'delete all but one of them',
      ),
    ]
  const reading = read(value)
  const [fault] = reading.faults
  if (reading.value !== undefined || fault === undefined) return []
  return [
    finding(
      'warning',
      `${rule}-broken`,
      from,
      `the ${noun} at ${displayName(name)} is none, so ${outcome}: ${faultText(fault)}`,
      'correct it, or let this spec write it',
    ),
  ]
}
