import { type Collision, collisionsOf, foreignSlots, laterManifests } from './collision.js'
import { families } from './families/index.js'
import { type MailRecord, type Slot, slotKey } from './families/mail-record.js'
import type { SpecPath } from './finding.js'
import { manifestName, readManifests, slotOf, writeManifest } from './manifest.js'
import type { Name } from './rr/name.js'
import {
  type Change,
  canonical,
  compareRRsets,
  keyOf,
  type RRset,
  rdataText,
  rdataTexts,
  sameRRset,
  subjectOf,
} from './rr/rrset.js'

/**
 * Ownership decides what a difference means:
 *
 * | desired | actual | slot in our manifest | result                                        |
 * |---------|--------|----------------------|-----------------------------------------------|
 * | D       | none   | any                  | create                                        |
 * | D       | = D    | any                  | nothing; the slot is claimed                  |
 * | D       | ≠ D    | yes                  | update                                        |
 * | D       | ≠ D    | no                   | update that `adopts`                          |
 * | D       | any    | another owner's      | collision                                     |
 * | –       | present| yes                  | delete                                        |
 * | –       | present| no                   | untouched                                     |
 *
 * "Actual" is the whole RRset for a `whole-rrset` slot, and for `own-values` the values of that purpose: every other
 * value of the RRset is copied into what is written. If you do not want it lost, it is in `after`.
 */
export interface DiffInput {
  readonly zone: Name
  /** This zone's records, each slot at most once. */
  readonly desired: readonly MailRecord[]
  /** Everything the provider holds, canonical. */
  readonly actual: readonly RRset[]
  /** The owner whose manifest is ours; false: nothing is remembered, so nothing is ever deleted. */
  readonly owner: string | false
  /** Seconds, of a manifest that does not exist yet. */
  readonly manifestTtl: number
  /** `desired` is only a part of what the spec wants here: nothing is removed, and what we own besides stays ours. */
  readonly partial?: boolean
}

/** What one slot contributes to the change of its RRset. Values are rdata as text. */
export interface SlotEdit {
  readonly slot: Slot
  /** Absent where the slot left the spec. */
  readonly from?: SpecPath
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly adopts: boolean
}

export interface RRsetEdit {
  readonly change: Change
  /** Empty for the manifest itself. */
  readonly edits: readonly SlotEdit[]
  /** How many values of the RRset are strangers' and stay. */
  readonly kept: number
}

export interface ZoneDiff {
  readonly edits: readonly RRsetEdit[]
  readonly collisions: readonly Collision[]
  /** Slots in our manifest before. */
  readonly owned: readonly Slot[]
  /** Slots that left the spec and are deleted. */
  readonly removed: readonly Slot[]
  /** Slots that already were as desired and become ours. */
  readonly claimed: number
}

/** Compares a zone with what the spec wants in it. Pure; the result does not depend on the order of the input. */
export function diffZone({ zone, desired, actual, owner, manifestTtl, partial = false }: DiffInput): ZoneDiff {
  const byKey = new Map(actual.map((rrset) => [keyOf(rrset), rrset]))
  const manifest = byKey.get(`${manifestName(zone)} TXT`)
  const values = manifest?.type === 'TXT' ? manifest.rdata : []
  const manifests = readManifests(zone, values)
  const owned = new Map((owner === false ? [] : (manifests.get(owner) ?? [])).map((slot) => [slotKey(slot), slot]))
  const foreign = foreignSlots(manifests, owner)
  const wanted = new Map(desired.map((record) => [slotKey(slotOf(record)), record]))

  const isGone = (slot: Slot): boolean =>
    !partial && !wanted.has(slotKey(slot)) && !foreign.has(slotKey(slot)) && !byKey.get(keyOf(slot))?.locked
  const removed = [...owned.values()].filter(isGone)

  const edits: RRsetEdit[] = []
  let claimed = 0
  for (const [key, slots] of groupByRRset(wanted.values(), removed)) {
    const current = byKey.get(key)
    const edit = editRRset(current, slots.desired, slots.removed, owned)
    if (edit) edits.push(edit)
    const changedSlots = new Set(edit?.edits.map(({ slot }) => slotKey(slot)))
    claimed += slots.desired
      .map((record) => slotKey(slotOf(record)))
      .filter((slot) => !owned.has(slot) && !changedSlots.has(slot)).length
  }
  edits.sort((a, b) => compareRRsets(subjectOf(a.change), subjectOf(b.change)))
  const slots = new Map([
    ...(partial ? owned : []),
    ...[...wanted].map(([key, record]) => [key, slotOf(record)] as const),
  ])
  const remembered = owner === false ? [] : rememberSlots(zone, owner, [...slots.values()], manifest, manifestTtl)
  const surroundings = { zone, actual: byKey, foreign, owner }
  const from = desired[0]?.from ?? []
  const collisions = [
    ...laterManifests(zone, values, from),
    ...[...wanted.values()].flatMap((record) => collisionsOf(record, surroundings)),
    ...remembered.flatMap(({ change }) => collisionsOf({ rrset: subjectOf(change), from }, surroundings)),
  ]
  return {
    edits: [...edits, ...remembered],
    collisions: collisions.sort((a, b) => (a.record < b.record ? -1 : 1)),
    owned: [...owned.values()],
    removed: removed.filter((slot) => valuesOf(slot, byKey.get(keyOf(slot))).length > 0),
    claimed: owner === false ? 0 : claimed,
  }
}

interface SlotsOfRRset {
  readonly desired: MailRecord[]
  readonly removed: Slot[]
}

function groupByRRset(desired: Iterable<MailRecord>, removed: readonly Slot[]): Map<string, SlotsOfRRset> {
  const groups = new Map<string, SlotsOfRRset>()
  const group = (key: string): SlotsOfRRset => {
    const found = groups.get(key) ?? { desired: [], removed: [] }
    groups.set(key, found)
    return found
  }
  for (const record of desired) group(keyOf(record.rrset)).desired.push(record)
  for (const slot of removed) group(keyOf(slot)).removed.push(slot)
  return groups
}

function editRRset(
  current: RRset | undefined,
  desired: readonly MailRecord[],
  removed: readonly Slot[],
  owned: ReadonlyMap<string, Slot>,
): RRsetEdit | undefined {
  const edits: SlotEdit[] = [
    ...desired.map((record): SlotEdit => {
      const slot = slotOf(record)
      const before = valuesOf(slot, current)
      const after = rdataTexts(record.rrset)
      const adopts = before.length > 0 && !owned.has(slotKey(slot)) && !isSame(record, current, before, after)
      return { slot, from: record.from, before, after, adopts }
    }),
    ...removed.map((slot): SlotEdit => ({ slot, before: valuesOf(slot, current), after: [], adopts: false })),
  ]
  const after = mergedRRset(current, desired, edits)
  const change = changeOf(current, after)
  if (!change) return undefined
  const ours = new Set(edits.flatMap(({ before }) => before))
  const kept = current === undefined ? 0 : rdataTexts(current).filter((value) => !ours.has(value)).length
  const moved = edits.filter((edit, index) => {
    const record = desired[index]
    return record ? !isSame(record, current, edit.before, edit.after) : edit.before.length > 0
  })
  return { change, edits: moved.length > 0 ? moved : edits, kept }
}

/** The RRset with each slot's values replaced and all others left where they are; undefined when no value remains. */
function mergedRRset(
  current: RRset | undefined,
  desired: readonly MailRecord[],
  edits: readonly SlotEdit[],
): RRset | undefined {
  const ours = new Set(edits.flatMap(({ before }) => before))
  const kept = (current?.rdata ?? []).filter((value) => current && !ours.has(rdataText(current.type, value)))
  const rdata = [...kept, ...desired.flatMap((record): readonly unknown[] => record.rrset.rdata)]
  if (rdata.length === 0) return undefined
  const template = desired[0]?.rrset ?? (current as RRset)
  const ttl = kept.length > 0 && current ? current.ttl : template.ttl
  return canonical({ type: template.type, name: template.name, ttl, rdata } as RRset)
}

function valuesOf(slot: Slot, current: RRset | undefined): string[] {
  if (current === undefined) return []
  const isOurs = families[slot.purpose].isOwn
  const values = rdataTexts(current)
  return isOurs ? values.filter(isOurs) : values
}

function isSame(
  record: MailRecord,
  current: RRset | undefined,
  before: readonly string[],
  after: readonly string[],
): boolean {
  const sameValues = before.length === after.length && after.every((value) => before.includes(value))
  const shared = current !== undefined && current.rdata.length > before.length
  return sameValues && (shared || current?.ttl === record.rrset.ttl)
}

function changeOf(before: RRset | undefined, after: RRset | undefined): Change | undefined {
  if (before === undefined) return after && { kind: 'create', after }
  if (after === undefined) return { kind: 'delete', before }
  return sameRRset(before, after) ? undefined : { kind: 'update', before, after }
}

function rememberSlots(
  zone: Name,
  owner: string,
  slots: readonly Slot[],
  actual: RRset | undefined,
  ttl: number,
): RRsetEdit[] {
  const after = writeManifest(zone, owner, slots, actual, ttl)
  const change = changeOf(actual, after && canonical(after))
  return change ? [{ change, edits: [], kept: 0 }] : []
}
