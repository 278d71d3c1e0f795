import type { Failure } from '../failure.js'
import type { PlannedChange, PlannedKey } from '../plan/plan.js'

/** A DKIM key that is in the key store since this run. */
export interface MadeKey extends PlannedKey {
  /** Its private key was there already: it is published now, and this run did not make it. */
  readonly found?: true
  /** The file that has its private half, as the key store names it. */
  readonly privateKey?: string
}

/** What became of one zone. Every planned change is in exactly one of the lists. */
export interface ZoneOutcome {
  readonly zone: string
  readonly provider: string
  readonly applied: readonly PlannedChange[]
  /** Sent, but the reply was lost: written or not. */
  readonly uncertain: readonly PlannedChange[]
  /** Left to a person, who was told: open until every server shows it. Absent where mailsync writes itself. */
  readonly byHand?: readonly PlannedChange[]
  /** Not written. */
  readonly pending: readonly PlannedChange[]
  /** Left to a later phase of an apply by shards. Absent where nothing is. */
  readonly later?: readonly PlannedChange[]
  /** Not begun, because what it leads to, or what leads to it, is open in a zone that a person writes. */
  readonly waitsFor?: { readonly zone: string; readonly provider: string }
  readonly failure?: Failure
  /** The file beside the spec, relative to it, that says anew what is owned here. */
  readonly memory?: string
}

export interface ApplyResult {
  readonly zones: readonly ZoneOutcome[]
  readonly keys: readonly MadeKey[]
  /** The run was stopped before its end. */
  readonly cancelled: boolean
}
