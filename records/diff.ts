import { collisionsOf, foreignOwner, foreignSlots, laterManifests } from './collision.js'
import { editRRset, type Leaving, type RRsetEdit, valuesOf } from './edit-rrset.js'
import { families } from './families/index.js'
import { type MailRecord, type Slot, slotKey } from './families/mail-record.js'
import { rivalsOf } from './families/rivals.js'
import { slotOf } from './families/slot.js'
import type { Finding } from './finding.js'
import type { Frozen } from './frozen.js'
import { editManifests, manifestRRsets, type OwnedSlot, readManifests } from './manifest.js'
import { canonical, changeBetween, compareRRsets, isKnown, keyOf, type RRset, subjectOf } from './rr/rrset.js'
import { type Zone, zoneWith } from './rr/zone.js'

/**
 * Ownership decides what a difference means:
 *
 * | desired | actual  | slot in our manifest | result                                                |
 * |---------|---------|----------------------|-------------------------------------------------------|
 * | D       | none    | any                  | create                                                |
 * | D       | = D     | written              | nothing                                               |
 * | D       | = D     | claimed, or no       | nothing; the slot is claimed                          |
 * | D       | ≠ D     | yes                  | update                                                |
 * | D       | ≠ D     | no                   | update that `adopts`                                  |
 * | D       | any     | another owner's      | collision                                             |
 * | –       | present | written              | delete                                                |
 * | –       | present | claimed              | left as it is, and forgotten                          |
 * | –       | present | no                   | untouched                                             |
 *
 * "Actual" is the whole RRset, or for a family that shares its RRset the values of that family: every other value is copied
 * into what is written. If you do not want it lost, it is in `after`. "=" is by meaning, as the family reads it: what means
 * the same is never rewritten for its spelling. Of a family whose values are slots of their own each row is about one value,
 * and a value that mailsync did not write is a stranger's, the spec's wish for the same notwithstanding: it is claimed as it
 * stands, with the TTL it has. Where a family may say a thing by a CNAME or by a type of its own, and the name has the other of
 * the two, that is "≠ D": it is deleted where D is created.
 */
export interface DiffInput {
  /** Everything the provider holds, canonical. */
  readonly zone: Zone
  /** This zone's records, each slot at most once. */
  readonly desired: readonly MailRecord[]
  /** The owner whose manifest is ours; false: nothing is remembered, so nothing is ever deleted. */
  readonly owner: string | false
  /** Seconds, of a manifest that does not exist yet. */
  readonly manifestTtl: number
  /** `desired` is only a part of what the spec wants here: nothing is removed, and what we own besides stays ours. */
  readonly partial?: boolean
  /** What is removed of it all the same, where `desired` is only a part. */
  readonly mayGo?: ((slot: Slot) => boolean) | undefined
  /** What stays as it is, though the spec does not say it now. */
  readonly frozen?: Frozen | undefined
  /** A person makes the changes: what is to go stays ours until it is seen to be gone. */
  readonly byHand?: boolean
}

export interface ZoneDiff {
  readonly edits: readonly RRsetEdit[]
  readonly collisions: readonly Finding[]
  /** Slots in our manifest before. */
  readonly owned: readonly OwnedSlot[]
  /** Slots that left the spec and are deleted. */
  readonly removed: readonly Slot[]
  /** Records that already were as desired and become ours to change, not to delete. */
  readonly claimed: readonly MailRecord[]
  /** Slots that left the spec and are left as they are, because mailsync did not write them. */
  readonly left: readonly Slot[]
}

/** Compares a zone with what the spec wants in it. Pure; the result does not depend on the order of the input. */
export function diffZone(input: DiffInput): ZoneDiff {
  const { zone, desired, owner, manifestTtl, partial = false, byHand = false, frozen } = input
  const mayGo = input.mayGo ?? (() => !partial)
  const values = manifestRRsets(zone).flatMap(({ rdata }) => rdata)
  const manifests = readManifests(zone.name, values)
  const owned = new Map((owner === false ? [] : (manifests.get(owner) ?? [])).map((slot) => [slotKey(slot), slot]))
  const foreign = foreignSlots(manifests, owner)
  const isFrozen = (slot: Slot): boolean => frozen?.(slot, valuesOf(slot, heldAt(zone, slot))) ?? false
  const wanted = new Map(desired.map((record) => [slotKey(slotOf(record)), record]))

  const isGone = (slot: Slot): boolean =>
    mayGo(slot) &&
    !isFrozen(slot) &&
    !wanted.has(slotKey(slot)) &&
    !foreign.has(slotKey(slot)) &&
    !zone.find(keyOf(slot))?.locked
  const isPresent = (slot: Slot): boolean => valuesOf(slot, heldAt(zone, slot)).length > 0
  const rivals = [...wanted.values()].flatMap((record) =>
    rivalsOf(slotOf(record))
      .filter(
        (slot) =>
          !wanted.has(slotKey(slot)) && isPresent(slot) && (owned.has(slotKey(slot)) || isAdoptable(slot, zone)),
      )
      .map((slot) => ({ slot, from: record.from, adopts: !owned.has(slotKey(slot)) })),
  )
  const displaced = new Set(rivals.map(({ slot }) => slotKey(slot)))
  const gone = [...owned.values()].filter((slot) => isGone(slot) && !displaced.has(slotKey(slot)))
  const removed = gone.filter(({ claimed }) => !claimed)
  const leaving = [...removed.map((slot) => ({ slot, adopts: false })), ...rivals]

  const edits: RRsetEdit[] = []
  const changed = new Set<string>()
  for (const [, slots] of groupByRRset(wanted.values(), leaving)) {
    const edit = editRRset(heldAt(zone, slots.at), slots.desired, slots.leaving, owned)
    if (!edit) continue
    edits.push(edit)
    for (const { slot } of edit.edits) changed.add(slotKey(slot))
  }
  edits.sort((a, b) => compareRRsets(subjectOf(a.change), subjectOf(b.change)))

  const claimed = [...wanted].filter(([key]) => !owned.has(key) && !changed.has(key)).map(([, record]) => record)
  const unwritten = (key: string): boolean => !changed.has(key) && (owned.get(key)?.claimed ?? true)
  const remembered = new Map<string, OwnedSlot>([
    ...(partial
      ? [...owned].filter(([, slot]) => !gone.includes(slot))
      : [...owned].filter(([, slot]) => isFrozen(slot))),
    ...(byHand ? stillOurs(leaving, owned).filter(isPresent) : []).map((slot) => [slotKey(slot), slot] as const),
    ...[...wanted].map(([key, record]) => [key, { claimed: unwritten(key), ...slotOf(record) }] as const),
  ])
  const memory =
    owner === false
      ? []
      : editManifests(zone, owner, [...remembered.values()], manifestTtl, [...owned.values()]).flatMap(
          ({ before, after }): RRsetEdit[] => {
            const change = changeBetween(before, after && canonical(after))
            return change ? [{ change, edits: [], kept: 0 }] : []
          },
        )
  const from = desired[0]?.from ?? []
  const left = withoutDeleted(zone, edits)
  const collisions = [
    ...laterManifests(zone.name, values, from),
    ...[...wanted.values()].flatMap((record) => [
      ...foreignOwner(slotOf(record), record.from, foreign, owner),
      ...collisionsOf(record.rrset, record.from, left),
    ]),
    ...rivals.flatMap(({ slot, from }) => foreignOwner(slot, from, foreign, owner)),
    ...memory.flatMap(({ change }) => collisionsOf(subjectOf(change), from, zone)),
  ]
  return {
    edits: [...edits, ...memory],
    collisions: collisions.sort((a, b) => (a.message < b.message ? -1 : 1)),
    owned: [...owned.values()],
    removed: removed.filter(isPresent),
    claimed: owner === false ? [] : claimed,
    left: gone.filter((slot) => slot.claimed && isPresent(slot)),
  }
}

/** Whether what stands at a slot may be taken for what the family said there: a stranger's text at the name of a CNAME is not. */
function isAdoptable(slot: Slot, zone: Zone): boolean {
  const { aliasStays, isOwn, read } = families[slot.purpose]
  if (slot.type === 'CNAME') return !aliasStays
  return isOwn !== undefined || valuesOf(slot, heldAt(zone, slot)).every((text) => read(text).value !== undefined)
}

/** Those that are remembered as ours. */
function stillOurs(leaving: readonly Leaving[], owned: ReadonlyMap<string, OwnedSlot>): OwnedSlot[] {
  return leaving.flatMap(({ slot }) => owned.get(slotKey(slot)) ?? [])
}

/** What the same plan takes away makes room. */
function withoutDeleted(zone: Zone, edits: readonly RRsetEdit[]): Zone {
  const gone = new Set(edits.flatMap(({ change }) => (change.kind === 'delete' ? [keyOf(change.before)] : [])))
  return gone.size === 0
    ? zone
    : zoneWith(
        zone.name,
        zone.rrsets.filter((rrset) => !gone.has(keyOf(rrset))),
        zone.asked,
      )
}

function heldAt(zone: Zone, place: Pick<Slot, 'name' | 'type'>): RRset | undefined {
  const found = zone.find(keyOf(place))
  return found && isKnown(found) ? found : undefined
}

interface SlotsOfRRset {
  readonly at: Pick<Slot, 'name' | 'type'>
  readonly desired: MailRecord[]
  readonly leaving: Leaving[]
}

function groupByRRset(desired: Iterable<MailRecord>, leaving: readonly Leaving[]): Map<string, SlotsOfRRset> {
  const groups = new Map<string, SlotsOfRRset>()
  const group = (at: Pick<Slot, 'name' | 'type'>): SlotsOfRRset => {
    const found = groups.get(keyOf(at)) ?? { at, desired: [], leaving: [] }
    groups.set(keyOf(at), found)
    return found
  }
  for (const record of desired) group(record.rrset).desired.push(record)
  for (const one of leaving) group(one.slot).leaving.push(one)
  return groups
}
