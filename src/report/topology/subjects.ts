import type { Compiled } from '../../../records/compile.js'
import { families } from '../../../records/families/index.js'
import type { Purpose } from '../../../records/families/mail-record.js'
import type { Name } from '../../../records/rr/name.js'
import { keyOf, rdataTexts, subjectOf } from '../../../records/rr/rrset.js'
import type { Plan } from '../../plan/plan.js'

/** A record of the spec. Values are rdata as text. */
export interface Stated {
  readonly purpose: Purpose
  /** Owner name and type. */
  readonly key: string
  readonly values: readonly string[]
}

/** What the plan does to the values of one purpose, at one provider. */
export interface Edit {
  readonly purpose: Purpose
  readonly key: string
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** All there is about one domain or host. */
export interface Subject {
  readonly records: readonly Stated[]
  readonly edits: readonly Edit[]
}

type Growing = { records: Stated[]; edits: Edit[] }

/** What is stated and planned, by the domain or host it is about: a DKIM key by its domain, a PTR by the host it leads to. */
export function subjectsOf(plan: Plan, compiled: Compiled): ReadonlyMap<Name, Subject> {
  const subjects = new Map<Name, Growing>()
  const subject = (name: Name): Growing => {
    const found = subjects.get(name) ?? { records: [], edits: [] }
    subjects.set(name, found)
    return found
  }
  for (const { purpose, rrset } of [...compiled.zones.values(), ...compiled.addressOwners.values()].flat()) {
    const values = rdataTexts(rrset)
    for (const name of families[purpose].words.subjects(rrset.name, values))
      subject(name).records.push({ purpose, key: keyOf(rrset), values })
  }
  for (const change of plan.zones.flatMap(({ changes }) => changes)) {
    const rrset = subjectOf(change)
    for (const { purpose, before, after } of change.edits)
      for (const name of families[purpose].words.subjects(rrset.name, [...before, ...after]))
        subject(name).edits.push({ purpose, key: keyOf(rrset), before, after })
  }
  return subjects
}
