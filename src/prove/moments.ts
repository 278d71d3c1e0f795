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
  const mayBeHidden = (hidden: readonly OrderedChange[]): boolean =>
    hidden.every((one) => {
      if (beforeOf(one.change) !== undefined || wasAsked(one.key)) return true
      return changes.every((other) => hidden.includes(other) || !isBy(one, other))
    })
  return candidates(changes).filter(
    (hidden) => hidden.length > 0 && hidden.length < changes.length && mayBeHidden(hidden),
  )
}

/** Every subset; of many changes each alone, all but each, and how far the writing has come. */
function candidates(changes: readonly OrderedChange[]): (readonly OrderedChange[])[] {
  if (changes.length <= MOST_COMBINED)
    return Array.from({ length: 2 ** changes.length }, (_, bits) => changes.filter((_, index) => (bits >> index) & 1))
  const byTurn = [...changes].sort((a, b) => a.stage - b.stage || a.turn - b.turn)
  return changes.flatMap((one, index) => [[one], changes.filter((other) => other !== one), byTurn.slice(index)])
}
