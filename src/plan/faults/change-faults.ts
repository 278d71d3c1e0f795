import { families } from '../../../records/families/index.js'
import { type Slot, slotKey } from '../../../records/families/mail-record.js'
import { isByValue, isOf, slotWith } from '../../../records/families/slot.js'
import { afterOf, beforeOf, type RRset, rdataTexts, subjectOf } from '../../../records/rr/rrset.js'
import type { PlannedChange, PlannedEdit } from '../plan.js'

/** How the values of each purpose that shares its RRset with others are told. */
const OWN_VALUES = Object.values(families).flatMap(({ isOwn }) => isOwn ?? [])

/** What is wrong with a change of records: above all, where what is written is not what its edits say. */
export function changeFaults(change: PlannedChange, owner: string | false): string[] {
  const { edits } = change
  if (edits.length === 0) return ['it changes a record, and no edit says what for']
  const slots = new Set(edits.map((edit) => slotKey(slotOfEdit(edit, change))))
  return [
    ...(slots.size < edits.length ? ['two of its edits are for the same purpose'] : []),
    ...edits.flatMap((edit) => editFaults(edit, change, owner)),
    ...resultFaults(change),
  ]
}

function slotOfEdit({ purpose, before, after }: PlannedEdit, change: PlannedChange): Slot {
  return slotWith(subjectOf(change), purpose, after[0] ?? before[0])
}

function editFaults(edit: PlannedEdit, change: PlannedChange, owner: string | false) {
  const { purpose, before, after, adopts } = edit
  const held = textsOf(beforeOf(change))
  const { types } = families[purpose]
  const slot = slotOfEdit(edit, change)
  const expected = held.filter((text) => isOf(slot, text))
  const faults = []
  if (!types.includes(slot.type)) faults.push(`it is of no type that ${purpose} has`)
  if (!sameTexts(before, expected)) faults.push(`the \`before\` of ${purpose} is not what \`before\` holds for it`)
  if (!after.every((text) => isOf(slot, text)))
    faults.push(`the \`after\` of ${purpose} has a value that is not for ${purpose}`)
  if (adopts && before.length === 0) faults.push(`${purpose} adopts a value where there is none`)
  if (owner === false && !adopts && before.length > 0 && !sameTexts(before, after))
    faults.push(`${purpose} replaces a value without adopting it, and this plan owns nothing`)
  return faults
}

/** The values of `after` are those of `before`, less what the edits take away, and what they put there. */
function resultFaults(change: PlannedChange): string[] {
  const { edits, kept } = change
  const [before, after] = [beforeOf(change), afterOf(change)]
  const gone = new Set(edits.flatMap((edit) => edit.before))
  const stay = textsOf(before).filter((text) => !gone.has(text))
  const isTold = !edits.some(({ purpose }) => isByValue(purpose))
  const strangers = stay.filter(
    (text) => isTold && (before?.type !== 'TXT' || !OWN_VALUES.some((isOwn) => isOwn(text, 'TXT'))),
  )
  const faults = []
  if (!sameTexts(textsOf(after), [...stay, ...edits.flatMap((edit) => edit.after)]))
    faults.push('its `after` is not what its edits make of its `before`')
  if (kept < strangers.length || kept > stay.length) faults.push(`${stay.length} values stay, and it says ${kept}`)
  if (kept > 0 && before && after && before.ttl !== after.ttl)
    faults.push('it changes the TTL of values that are not ours')
  return faults
}

function textsOf(rrset: RRset | undefined): string[] {
  return rrset ? rdataTexts(rrset) : []
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  const [left, right] = [new Set(one), new Set(other)]
  return left.size === right.size && [...left].every((text) => right.has(text))
}
