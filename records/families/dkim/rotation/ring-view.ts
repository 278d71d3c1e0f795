import type { KeySight } from '../../key-sight.js'
import type { DkimAlgorithm } from '../dkim-key.js'
import type { RotationPolicy } from './policy.js'
import type { RingKey } from './ring-key.js'

/** The keys of one domain, and all that decides what becomes of them. */
export interface RingView {
  readonly keys: readonly RingKey[]
  /** Those of the spec. */
  readonly algorithms: readonly DkimAlgorithm[]
  readonly policy: RotationPolicy
  /** Seconds since 1970. */
  readonly now: number
  /** Of every key, by its `keyId`. */
  readonly sightOf: (id: string) => KeySight
  /** Fixed selectors, which are used again; absent: every key gets one of its own. */
  readonly selectors?: readonly string[]
  /** Whether keys elsewhere sign in place of these, and are shown everywhere. */
  readonly isCovered?: boolean
}
