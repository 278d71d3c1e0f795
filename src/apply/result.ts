import type { Failure } from '../failure.js'
import type { PlannedChange, PlannedKey } from '../plan/plan.js'

/** A DKIM key that is in the key store since this run. */
export interface MadeKey extends PlannedKey {
  /** Its private key was there already: it is published now, and this run did not make it. */
  readonly found?: true
}

/** What became of one zone. Every planned change is in exactly one of the three lists. */
export interface ZoneOutcome {
  readonly zone: string
  readonly provider: string
  readonly applied: readonly PlannedChange[]
  /** Sent, but the reply was lost: written or not. */
  readonly uncertain: readonly PlannedChange[]
  /** Not written. */
  readonly pending: readonly PlannedChange[]
  readonly failure?: Failure
}

export interface ApplyResult {
  readonly zones: readonly ZoneOutcome[]
  readonly keys: readonly MadeKey[]
  /** The run was stopped before its end. */
  readonly cancelled: boolean
}
