import { families } from '../families/index.js'
import { type MailRecord, type Slot, slotKey } from '../families/mail-record.js'
import { slotOf } from '../families/slot.js'
import { rdataTexts } from '../rr/rrset.js'

/** What the two specs put into one slot; at least one of them something. */
export interface Pair {
  readonly slot: Slot
  readonly old: MailRecord | undefined
  readonly goal: MailRecord | undefined
}

/** By {@link pairKey}. */
export type Pairs = ReadonlyMap<string, Pair>

/** A slot, and at which address owner it is if at one. */
export function pairKey(record: MailRecord): string {
  const { addressOwner } = record
  return `${slotKey(slotOf(record))}${addressOwner === undefined ? '' : ` at ${addressOwner}`}`
}

export function pairsOf(old: readonly MailRecord[], goal: readonly MailRecord[]): Pairs {
  const before = new Map(old.map((record) => [pairKey(record), record]))
  const after = new Map(goal.map((record) => [pairKey(record), record]))
  return new Map(
    [...new Map([...before, ...after])].map(([key, record]) => [
      key,
      { slot: slotOf(record), old: before.get(key), goal: after.get(key) },
    ]),
  )
}

/** Whether both specs put the same values there; the TTLs may differ. */
export function isSame({ slot: { purpose }, old, goal }: Pair): boolean {
  if (!old || !goal) return false
  const [a, b] = [rdataTexts(old.rrset), rdataTexts(goal.rrset)]
  return a.length === b.length && a.every((value) => b.some((other) => families[purpose].same(value, other)))
}
