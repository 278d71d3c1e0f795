import { families } from './families/index.js'
import { type MailRecord, type Slot, slotKey } from './families/mail-record.js'
import { isByValue, isOf, slotOf } from './families/slot.js'
import type { SpecPath } from './finding.js'
import type { OwnedSlot } from './manifest.js'
import { type RdataByType, type RRType, rdataText } from './rr/rdata.js'
import { type Change, canonical, changeBetween, type RRset, rdataTexts } from './rr/rrset.js'

/** What one slot contributes to the change of its RRset. Values are rdata as text. */
interface SlotEdit {
  readonly slot: Slot
  /** Absent where the slot left the spec; where it makes room for another type, what asks for that. */
  readonly from?: SpecPath
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly adopts: boolean
}

export interface RRsetEdit {
  readonly change: Change
  /** Empty for a manifest. */
  readonly edits: readonly SlotEdit[]
  /** How many values of the RRset are strangers' and stay. */
  readonly kept: number
}

/** A slot whose values go: it left the spec, or makes room for another type. */
export interface Leaving {
  readonly slot: Slot
  readonly from?: SpecPath
  readonly adopts: boolean
}

type Rdata = RdataByType[RRType]

/** One slot beside what its RRset holds for it. */
interface SlotView {
  readonly edit: SlotEdit
  /** What the RRset will hold for the slot: as it stands where that means the same. */
  readonly rdata: readonly Rdata[]
  readonly isMoved: boolean
}

/** The change of one RRset that gives its slots what is desired and leaves all other values as they are; undefined for none. */
export function editRRset(
  current: RRset | undefined,
  desired: readonly MailRecord[],
  leaving: readonly Leaving[],
  owned: ReadonlyMap<string, OwnedSlot>,
): RRsetEdit | undefined {
  const wanted = desired.map(slotOf)
  const slots = [...wanted, ...leaving.map(({ slot }) => slot)]
  const kept = (current?.rdata ?? []).filter((rdata) => current && !slots.some((slot) => holds(slot, current, rdata)))
  const isForeign = (slot: Slot): boolean =>
    isByValue(slot.purpose) && (owned.get(slotKey(slot))?.claimed ?? true) && valuesOf(slot, current).length > 0
  const isShared = kept.length > 0 || wanted.some(isForeign)
  const views = [
    ...desired.map((record) => viewOf(record, current, isShared, owned)),
    ...leaving.map((one): SlotView => {
      const before = valuesOf(one.slot, current)
      return { edit: { ...one, before, after: [] }, rdata: [], isMoved: before.length > 0 }
    }),
  ]
  const moved = views.filter(({ isMoved }) => isMoved)
  if (moved.length === 0) return undefined
  const template = desired[0]?.rrset ?? current
  if (template === undefined) return undefined
  const ttl = isShared && current ? current.ttl : template.ttl
  const rdata =
    kept.length === 0 && views.length === 1 ? (views[0]?.rdata ?? []) : kept.concat(...views.map((view) => view.rdata))
  // A new record is the one that is desired, not a copy: a plan may have very many.
  const isAsDesired = rdata === template.rdata && ttl === template.ttl
  const after =
    rdata.length === 0 ? undefined : canonical(isAsDesired ? template : ({ ...template, ttl, rdata } as RRset))
  const change = changeBetween(current, after)
  return change && { change, edits: moved.map(({ edit }) => edit), kept: kept.length }
}

function viewOf(
  record: MailRecord,
  current: RRset | undefined,
  isShared: boolean,
  owned: ReadonlyMap<string, Slot>,
): SlotView {
  const slot = slotOf(record)
  const before = valuesOf(slot, current)
  const wanted = rdataTexts(record.rrset)
  const meansSame = isSame(slot, before, wanted)
  const isMoved = !meansSame || (!isShared && current?.ttl !== record.rrset.ttl)
  const adopts = isMoved && before.length > 0 && !owned.has(slotKey(slot))
  const rdata: readonly Rdata[] = meansSame && current ? ownRdata(slot, current) : record.rrset.rdata
  return { edit: { slot, from: record.from, before, after: meansSame ? before : wanted, adopts }, rdata, isMoved }
}

function isSame({ purpose }: Slot, before: readonly string[], after: readonly string[]): boolean {
  if (isByValue(purpose)) return before.length > 0
  const { same } = families[purpose]
  return (
    before.length === after.length &&
    after.every((value) => before.includes(value) || before.some((held) => same(held, value)))
  )
}

function holds(slot: Slot, { type }: RRset, rdata: Rdata): boolean {
  return isOf(slot, rdataText(type, rdata))
}

function ownRdata(slot: Slot, current: RRset): Rdata[] {
  return current.rdata.filter((rdata) => holds(slot, current, rdata))
}

/** What an RRset holds for a slot, as text. */
export function valuesOf(slot: Slot, current: RRset | undefined): readonly string[] {
  return current ? ownRdata(slot, current).map((rdata) => rdataText(current.type, rdata)) : NOTHING
}

const NOTHING: readonly string[] = []
