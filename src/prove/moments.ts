import { type AnswerChange, isBy } from './ordered-changes.js'

/** Changes up to here are combined in every way. */
export const MOST_COMBINED = 7
/** Of more, so many are combined in twos: those where something stood, which any cache may have. */
const MOST_PAIRED = 16

/** What a receiver sees that is neither all old nor all new. */
export interface Moment {
  /** What it still sees as it was. */
  readonly hidden: readonly AnswerChange[]
  /** What it sees as it was after some of the writes. */
  readonly midway?: Pick<AnswerChange, 'key' | 'zone' | 'provider'> & Pick<AnswerChange['between'][number], 'answer'>
}

/**
 * What a receiver may see while a plan is carried out and until its caches have run out, but for all old and all new: each
 * moment is the changes that are still hidden from it. What stood there before may be in a cache whatever else is new, and so
 * may that nothing stood there where somebody had reason to ask; else what is new is seen in the order in which it is written.
 *
 * @param wasAsked whether receivers ask for an RRset already before the plan is carried out
 */
export function moments(changes: readonly AnswerChange[], wasAsked: (key: string) => boolean): Moment[] {
  const hideable = (hidden: readonly AnswerChange[]): readonly AnswerChange[] => {
    const visible = changes.filter((one) => !hidden.includes(one))
    return hidden.filter(
      (one) => one.before !== undefined || wasAsked(one.key) || visible.every((other) => !isBy(one, other)),
    )
  }
  const found = candidates(changes)
    .map(hideable)
    .filter((hidden) => hidden.length > 0 && hidden.length < changes.length)
  const different = new Map(
    found.map((hidden) => [
      hidden
        .map((one) => changes.indexOf(one))
        .sort()
        .join(' '),
      { hidden },
    ]),
  )
  return [...different.values(), ...changes.flatMap((one) => midwayOf(one, changes))]
}

/** An answer between two writes: beside what is not written then, and remembered until all is. */
function midwayOf(one: AnswerChange, changes: readonly AnswerChange[]): Moment[] {
  const { key, zone, provider } = one
  return one.between.flatMap((state) => {
    const midway = { key, zone, provider, answer: state.answer }
    const open = changes.filter((other) => other !== one && !isBy(other, state))
    return [{ hidden: open, midway }, ...(open.length > 0 ? [{ hidden: [], midway }] : [])]
  })
}

/** Every subset; of many changes each alone, two together, all but each, and how far the writing has come. */
function candidates(changes: readonly AnswerChange[]): (readonly AnswerChange[])[] {
  if (changes.length <= MOST_COMBINED)
    return Array.from({ length: 2 ** changes.length }, (_, bits) => changes.filter((_, index) => (bits >> index) & 1))
  const byTurn = [...changes].sort((a, b) => a.stage - b.stage || a.turn - b.turn)
  const paired = byTurn.filter(({ before }) => before !== undefined).slice(0, MOST_PAIRED)
  return [
    ...changes.flatMap((one, index) => [[one], changes.filter((other) => other !== one), byTurn.slice(index)]),
    ...paired.flatMap((one, index) => paired.slice(index + 1).map((other) => [one, other])),
  ]
}
