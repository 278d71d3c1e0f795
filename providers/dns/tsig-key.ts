import type { Name } from '../../records/rr/name.js'

/** HMAC algorithms that RFC 8945 §6 has and still recommends, or leaves to choice. */
export const TSIG_ALGORITHMS = ['hmac-sha256', 'hmac-sha224', 'hmac-sha384', 'hmac-sha512'] as const

export type TsigAlgorithm = (typeof TSIG_ALGORITHMS)[number]

/** A secret shared with the server. */
export interface TsigKey {
  readonly name: Name
  readonly algorithm: TsigAlgorithm
  readonly secret: Buffer
}

export function isTsigAlgorithm(text: string): text is TsigAlgorithm {
  return (TSIG_ALGORITHMS as readonly string[]).includes(text)
}

/** The algorithm as node:crypto calls it: `sha256`. */
export function digestOf(algorithm: TsigAlgorithm): string {
  return algorithm.slice('hmac-'.length)
}

/** Octets of a MAC that is not truncated: those of the digest that the algorithm is named after. */
export function macLength(algorithm: TsigAlgorithm): number {
  return Number(algorithm.slice('hmac-sha'.length)) / 8
}
