import { createHash } from 'node:crypto'

const MULTIPLIER = 2862933555777941757n

/**
 * Deals a name out to one of some buckets, evenly, by the name alone: with one bucket more, only what moves to that one moves
 * (Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014).
 *
 * @returns from 0
 */
export function jumpHash(name: string, buckets: number): number {
  let key = createHash('sha256').update(name).digest().readBigUInt64BE()
  let bucket = 0
  for (let next = 0; next < buckets; ) {
    bucket = next
    key = BigInt.asUintN(64, key * MULTIPLIER + 1n)
    next = Math.floor((bucket + 1) * (2 ** 31 / (Number(key >> 33n) + 1)))
  }
  return bucket
}
