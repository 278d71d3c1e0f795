import { beforeOf } from '../../records/rr/rrset.js'
import { isBy, type OrderedChange } from './ordered-changes.js'

/** Changes up to here are combined in every way. */
const MOST_COMBINED = 7

/**
 * What a receiver may see while a plan is carried out and until its caches have run out, but for all old and all new: each
 * moment is the changes that are still hidden from it. What stood there before may be in a cache whatever else is new, and so
 * may that nothing stood there where somebody had reason to ask; else what is new is seen in the order in which it is written.
 *
 * @param wasAsked whether receivers ask for an RRset already before the plan is carried out
 */
export function moments(
  changes: readonly OrderedChange[],
  wasAsked: (key: string) => boolean,
): (readonly OrderedChange[])[] {
  const hideable = (hidden: readonly OrderedChange[]): readonly OrderedChange[] => {
    const visible = changes.filter((one) => !hidden.includes(one))
    return hidden.filter(
      (one) => beforeOf(one.change) !== undefined || wasAsked(one.key) || visible.every((other) => !isBy(one, other)),
    )
  }
  const found = candidates(changes)
    .map(hideable)
    .filter((hidden) => hidden.length > 0 && hidden.length < changes.length)
  return [
    ...new Map(
      found.map((hidden) => [
        hidden
          .map((one) => changes.indexOf(one))
          .sort()
          .join(' '),
        hidden,
      ]),
    ).values(),
  ]
}

/** Every subset; of many changes each alone, all but each, and how far the writing has come. */
function candidates(changes: readonly OrderedChange[]): (readonly OrderedChange[])[] {
  if (changes.length <= MOST_COMBINED)
    return Array.from({ length: 2 ** changes.length }, (_, bits) => changes.filter((_, index) => (bits >> index) & 1))
  const byTurn = [...changes].sort((a, b) => a.stage - b.stage || a.turn - b.turn)
  return changes.flatMap((one, index) => [[one], changes.filter((other) => other !== one), byTurn.slice(index)])
}
