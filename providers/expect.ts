import { MailsyncError } from '../records/error.js'
import {
  type AnyRRset,
  type Change,
  canonical,
  isKnown,
  keyOf,
  type RRset,
  sameRRset,
  subjectOf,
} from '../records/rr/rrset.js'
import type { Obstacle, Zone } from '../records/rr/zone.js'
import { zoneWith } from '../records/rr/zone.js'
import { stale } from './refusal.js'

/** Whether what the change is to replace is what stands there. */
function isAsExpected(change: Change, zone: Zone): boolean {
  return stands(change.kind === 'create' ? undefined : change.before, zone.find(keyOf(subjectOf(change))))
}

/** Whether what the change is to make stands there. */
export function isDone(change: Change, zone: Zone): boolean {
  return stands(change.kind === 'delete' ? undefined : change.after, zone.find(keyOf(subjectOf(change))))
}

function stands(expected: RRset | undefined, actual: AnyRRset | undefined): boolean {
  if (expected === undefined || actual === undefined) return expected === actual
  return isKnown(actual) && actual.locked === undefined && sameRRset(canonical(actual), canonical(expected))
}

/**
 * Why a write cannot begin on the zone as it is now, `stale`: something else stands there than the change expects, it has been
 * locked meanwhile, or something has come into its way. What the same write takes away makes room.
 */
export function surpriseIn(changes: readonly Change[], zone: Zone): MailsyncError | undefined {
  for (const change of changes) {
    const locked = zone.find(keyOf(subjectOf(change)))?.locked
    if (locked !== undefined) return lockedSet(change, locked)
    if (!isAsExpected(change, zone)) return stale(change)
  }
  const blocked = changes.find((change) => isBlocked(change, zone))
  if (!blocked) return undefined
  const after = withoutDeleted(changes, zone)
  const still = changes.find((change) => isBlocked(change, after))
  return still && stale(still)
}

/** What has come meanwhile, as a lock is told apart and an ALIAS, a CNAME or a cut is no answer of ours. */
function isBlocked(change: Change, zone: Zone): boolean {
  if (change.kind === 'delete') return false
  const { name, type } = change.after
  return zone.inTheWay(name, type).some((obstacle: Obstacle) => obstacle.kind !== 'locked')
}

function withoutDeleted(changes: readonly Change[], zone: Zone): Zone {
  const gone = new Set(changes.flatMap((change) => (change.kind === 'delete' ? [keyOf(change.before)] : [])))
  return zoneWith(
    zone.name,
    zone.rrsets.filter((rrset) => !gone.has(keyOf(rrset))),
  )
}

function lockedSet(change: Change, reason: string): MailsyncError {
  const record = keyOf(subjectOf(change))
  return new MailsyncError('stale', `${record} must not be changed: ${reason}`, {
    where: { record },
    hint: 'plan again to see what can be done',
  })
}
