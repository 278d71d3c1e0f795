import { slotKey } from '../../records/families/mail-record.js'
import { slotWith } from '../../records/families/slot.js'
import { groupBy } from '../../records/group.js'
import { interimManifest } from '../../records/manifest.js'
import { afterOf, beforeOf, type Change, canonical, changeBetween, subjectOf } from '../../records/rr/rrset.js'
import type { PlannedChange, ZonePlan } from '../plan/plan.js'
import { type Beyond, orderSteps, roomMakers, type Stage, type Step } from './order.js'

/** One call of a provider's `write`. */
export interface Write {
  readonly plan: ZonePlan
  /** Index of the zone in the order given. */
  readonly zone: number
  readonly stage: Stage
  readonly needs: readonly number[]
  /** Those of the plan as they are: what is sent is made when its turn comes. */
  readonly changes: readonly (PlannedChange | Change)[]
  /** The planned changes that are done once it is written. */
  readonly completes: readonly PlannedChange[]
}

/** A write as a provider takes it. */
export interface ReadyWrite extends Write {
  readonly changes: readonly Change[]
}

export function readyWrite(write: Write): ReadyWrite {
  return { ...write, changes: write.changes.map((change) => ('edits' in change ? toChange(change) : change)) }
}

/**
 * The steps of a plan as writes. What mailsync will own is written with the first part of a zone, or before it, and what it
 * no longer owns is forgotten with the last: a run that is stopped anywhere in between knows its own records again.
 *
 * @param isAtomic whether a provider takes these changes of a zone at once, all or nothing
 */
export function writesOf(
  plans: readonly ZonePlan[],
  unread: readonly { readonly zone: string }[],
  owner: string | false,
  isAtomic: (plan: ZonePlan, changes: readonly Change[]) => boolean,
  beyond?: Beyond,
): Write[] {
  const byZone = groupBy(orderSteps(plans, unread, beyond), ({ zone }) => zone)
  const writes = [...byZone.values()].flatMap((steps) => zoneWrites(steps, owner, isAtomic))
  const place = { make: 0, rely: 1, break: 2 }
  return writes.sort((a, b) => place[a.stage] - place[b.stage])
}

function zoneWrites(
  steps: readonly Step[],
  owner: string | false,
  isAtomic: (plan: ZonePlan, changes: readonly Change[]) => boolean,
): Write[] {
  const [first] = steps
  if (first === undefined) return []
  const { plan } = first
  const manifests = plan.changes.filter(({ manifest }) => manifest)
  if (steps.length === 1 && (manifests.length === 0 || isAtomic(plan, manifests.concat(first.changes).map(toChange)))) {
    const changes = first.changes.concat(manifests)
    return [{ plan, zone: first.zone, stage: first.stage, needs: first.needs, changes, completes: changes }]
  }
  const created = createdSlots(plan)
  const phases = manifests.map((change) => phasesOf(change, plan, owner, created))
  const begins = phases.flatMap(({ begin }) => begin ?? [])
  const ends = phases.flatMap(({ end }) => end ?? [])
  const early = phases.flatMap(({ end, change }) => (end ? [] : [change]))
  const late = phases.flatMap(({ end, change }) => (end ? [change] : []))
  const parts = steps.flatMap((step) => (ends.length > 0 && step === steps.at(-1) ? makesAndBreaks(step) : [step]))
  return parts.map((step, index): Write => {
    const isLast = index === parts.length - 1
    return {
      ...step,
      changes: [...(index === 0 ? begins : []), ...step.changes, ...(isLast ? ends : [])],
      completes: [...(index === 0 ? early : []), ...step.changes, ...(isLast ? late : [])],
    }
  })
}

/** The last step in two, so that what goes is forgotten only once it is gone. */
function makesAndBreaks(step: Step): Step[] {
  const roomFor = roomMakers(step.changes)
  const isBreak = (change: PlannedChange): boolean => change.kind === 'delete' && !roomFor.has(change)
  const makes = step.changes.filter((change) => !isBreak(change))
  const breaks = step.changes.filter(isBreak)
  return [
    { ...step, changes: makes },
    { ...step, changes: breaks },
  ]
}

interface Phases {
  readonly change: PlannedChange
  /** From what stands to what is remembered while the zone is written. */
  readonly begin: Change | undefined
  /** From there to what is planned. */
  readonly end: Change | undefined
}

function phasesOf(
  change: PlannedChange,
  { zone }: ZonePlan,
  owner: string | false,
  created: ReadonlySet<string>,
): Phases {
  const [before, after] = [beforeOf(change), afterOf(change)].map((rrset) => rrset && canonical(rrset))
  const found =
    owner === false ? undefined : interimManifest(zone, owner, { before, after }, (slot) => created.has(slotKey(slot)))
  const interim = found && canonical(found)
  return { change, begin: changeBetween(before, interim), end: changeBetween(interim, after) }
}

/** The slots at which nothing stands before the plan is carried out. */
function createdSlots({ changes }: ZonePlan): Set<string> {
  const slots = changes.flatMap((change) =>
    change.edits
      .filter(({ before, after }) => before.length === 0 && after.length > 0)
      .map(({ purpose, after: [value] }) => slotKey(slotWith(subjectOf(change), purpose, value))),
  )
  return new Set(slots)
}

/** The change alone, with the place in the spec that asks for it. */
function toChange(planned: PlannedChange): Change {
  const { edits, kept: _, manifest: __, providerDefault: ___, ...change } = planned
  const where = edits.find((edit) => edit.where)?.where
  return where ? { ...change, origin: `${where.file}:${where.line}` } : change
}
