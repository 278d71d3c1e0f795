import type { DkimAlgorithm } from '../dkim-key.js'

/**
 * What is to be done with a key now.
 *
 * - `create`: a key is made. `see`, `unsee`: every server shows it from now on, or no longer. `sign`: it signs, and the key
 *   before it retires, or is revoked where it is compromised. `retire`: its algorithm left the spec, and others sign.
 * - `revoke`: its `p=` becomes empty. `withdraw`: no server shows it from now on. `reveal`: its private half is published.
 *   `remove`: it leaves DNS.
 */
export type Step =
  /** With the selector it takes, where selectors are fixed. */
  | {
      readonly kind: 'create'
      readonly algorithm: DkimAlgorithm
      readonly selector?: string
      readonly turn?: number | undefined
    }
  | ({
      readonly kind: 'see' | 'unsee' | 'sign' | 'retire' | 'revoke' | 'withdraw' | 'reveal' | 'remove'
      readonly algorithm: DkimAlgorithm
    } & KeyMark)

/** Says which key of a domain is meant. */
export interface KeyMark {
  readonly selector: string
  readonly turn?: number | undefined
}

export function markOf({ selector, turn }: KeyMark): KeyMark {
  return turn === undefined ? { selector } : { selector, turn }
}

/** Whether a step or a wait is about a key. */
export function isAbout(one: Partial<KeyMark>, key: KeyMark): boolean {
  return one.selector === key.selector && one.turn === key.turn
}

/**
 * Why nothing is done with a key yet.
 *
 * - `age`: it signs, and the next one is made at `until`. `ahead`: `publish_ahead`; `ttl`: what others remember of its name;
 *   `turn`: the key before it signs until then. `drain`, `revoked`, `hidden` (until it is revealed): as their times say.
 * - `servers`: not every server shows it. `successor`: the key that signs now is not shown everywhere, so this one stays.
 * - `selector`: none of the fixed selectors is free for a new key; `until` is when one will be, as far as it is known.
 * - `use`: `mailsync dkim use` decides. `other`: nothing else signs. `clock`: the index was written later than it is now.
 */
export type WaitReason =
  | 'age'
  | 'ahead'
  | 'ttl'
  | 'turn'
  | 'drain'
  | 'revoked'
  | 'hidden'
  | 'servers'
  | 'successor'
  | 'selector'
  | 'use'
  | 'other'
  | 'clock'

export interface Wait {
  readonly reason: WaitReason
  /** Absent where the whole domain waits. */
  readonly selector?: string
  readonly turn?: number | undefined
  /** Seconds since 1970; absent where no time tells. */
  readonly until?: number
}
