import { sha256 } from '@noble/hashes/sha2.js'
import { rdataTexts } from '../rr/rrset.js'
import { type Pair, pairKey } from './pairs.js'

const DIGITS = 12

/** What moves, a line a slot, each with a digest of what both specs say of it: the file of a move tells by it that a spec was changed. */
export function digestsOf(moving: readonly Pair[]): ReadonlyMap<string, string> {
  const lines = moving.map(({ old, goal }): [string, string] => {
    const record = old ?? goal
    const sides = [old, goal].map((one) => (one ? [one.rrset.ttl, ...rdataTexts(one.rrset)] : null))
    const digest = Buffer.from(sha256(Buffer.from(JSON.stringify(sides)))).toString('hex')
    return [record ? pairKey(record) : '', digest.slice(0, DIGITS)]
  })
  return new Map(lines.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Keys follow one another in steps of their own, which a move does not hold up. */
const KEYS = / (?:dkim|tlsa)$/

/** The slots of which the specs now say something else than `known`, that move no more, or that did not; keys do not count. */
export function changedSince(known: ReadonlyMap<string, string>, moving: readonly Pair[]): string[] {
  const now = digestsOf(moving)
  return [...new Set([...known.keys(), ...now.keys()])].filter(
    (key) => !KEYS.test(key) && known.get(key) !== now.get(key),
  )
}
