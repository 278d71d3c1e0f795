import { type Change, canonical, keyOf, type RRset, sameRRset, subjectOf } from '../../records/rr/rrset.js'

/** A zone as it stands, by {@link keyOf}. */
export type Standing = ReadonlyMap<string, RRset>

/** Whether what the change is to make is there. */
export function isDone(change: Change, now: Standing): boolean {
  return isThere(change.kind === 'delete' ? undefined : change.after, now.get(keyOf(subjectOf(change))))
}

/** Whether what the change is to replace is there. */
export function isAsPlanned(change: Change, now: Standing): boolean {
  return isThere(change.kind === 'create' ? undefined : change.before, now.get(keyOf(subjectOf(change))))
}

function isThere(expected: RRset | undefined, actual: RRset | undefined): boolean {
  if (expected === undefined || actual === undefined) return expected === actual
  return actual.locked === undefined && sameRRset(actual, canonical(expected))
}
