import { isEverywhere } from '../../key-sight.js'
import { keyId, lastKeyAt, turnOf } from '../dkim-key.js'
import { QUEUE_TIME } from './policy.js'
import type { RingKey } from './ring-key.js'
import type { RingView } from './ring-view.js'
import type { KeyMark } from './step.js'

/**
 * The fixed selectors that may take another key now, those first that have rested longest, each with the turn that it
 * takes; and when the next of the others may, as far as times tell.
 *
 * A selector that had a key rests until nothing of that one can matter: it is gone from DNS and no server shows it, mail that
 * it signed is not on its way any more, and nobody remembers its record. Keys are told apart by their selectors alone, so mail
 * signed with one would else be checked with the other.
 */
export function freeSelectors(
  { keys, policy, now, sightOf }: RingView,
  selectors: readonly string[],
): { readonly free: KeyMark[]; readonly next?: number } {
  const rests = selectors.map((selector) => {
    const last = lastKeyAt(selector, keys)
    if (last === undefined) return { mark: { selector }, from: 0, isOver: true }
    const { ttl } = sightOf(keyId(last))
    const isOver = last.state === 'gone' && last.times.withdrawn !== undefined && isEverywhere(sightOf(keyId(last)))
    return { mark: { selector, turn: turnOf(last) + 1 }, from: restedAt(last, policy.revokeFor, ttl), isOver }
  })
  const isFree = ({ isOver, from }: (typeof rests)[number]): boolean => isOver && now >= from
  const free = rests.filter(isFree).sort((a, b) => a.from - b.from)
  const later = rests.flatMap(({ from }) => (from > now && Number.isFinite(from) ? [from] : []))
  return { free: free.map(({ mark }) => mark), ...(later.length > 0 && { next: Math.min(...later) }) }
}

/** When nothing of a key can matter any more, as its times tell now; infinite where receivers may still need it. */
function restedAt({ state, times }: RingKey, revokeFor: number, ttl: number): number {
  const { signing, retiring, revoked, withdrawn, gone } = times
  if (revoked === undefined || (state !== 'revoked' && state !== 'gone')) return Number.POSITIVE_INFINITY
  const arrived = signing === undefined ? revoked : (retiring ?? revoked) + QUEUE_TIME
  return Math.max(gone ?? revoked + revokeFor, Math.max(arrived, withdrawn ?? revoked) + ttl)
}
