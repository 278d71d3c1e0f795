import type { DkimKeyState, DkimPublicKey } from '../dkim-key.js'

/** What happened to a key, each with when: seconds since 1970. The time of its state is always there. */
export interface KeyTimes extends Readonly<Partial<Record<DkimKeyState, number | undefined>>> {
  readonly published: number
  /** Since when every authoritative server shows the key; absent while one does not. */
  readonly visible?: number | undefined
  /** Since when no server shows it, once it is revoked; looked at only where the private half is to be revealed, or the selector is used again. */
  readonly withdrawn?: number | undefined
  /** When the private half was published, so that nobody can prove a signature any more. */
  readonly revealed?: number | undefined
  /** When it was said that somebody else may have the private half. */
  readonly compromised?: number | undefined
}

/** Where the private half is: a PEM file in the key store, a file there that age encrypts, or with somebody else. */
export type KeyHolder = 'file' | 'age' | 'elsewhere'

/** A key of the public index. */
export interface RingKey extends DkimPublicKey {
  readonly times: KeyTimes
  readonly holder: KeyHolder
  /** Who can open the private half, where age encrypts it. */
  readonly recipients?: readonly string[] | undefined
}
