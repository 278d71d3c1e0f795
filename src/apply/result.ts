import type { Failure } from '../failure.js'
import type { PlannedChange, PlannedKey } from '../plan/plan.js'

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
  /** DKIM keys that were made. */
  readonly keys: readonly PlannedKey[]
  /** The run was stopped before its end. */
  readonly cancelled: boolean
}
