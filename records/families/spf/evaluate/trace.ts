import type { Name } from '../../../rr/name.js'

/** RFC 7208 §2.6. */
export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'temperror' | 'permerror'

/** How one SPF record was evaluated. */
export interface SpfRecordTrace {
  /** Where it stands, without the final dot. */
  readonly domain: string
  /** Its text; absent where there is none, or more than one. */
  readonly record?: string
  readonly result: SpfResult
  /** Why it is none, a temperror or a permerror, with the section of the RFC. */
  readonly why?: string
  /** All of them, in the order they stand; `redirect` last where it was heeded. */
  readonly terms: readonly SpfTermTrace[]
}

/** How one term was evaluated. */
export interface SpfTermTrace {
  /** As it stands in the record. */
  readonly term: string
  readonly outcome: 'match' | 'no match' | 'temperror' | 'permerror' | 'not reached'
  /** What was looked up, its macros expanded. */
  readonly target?: Name
  /** Why it is an error. */
  readonly why?: string
  /** Of the ten look-ups (RFC 7208 §4.6.4), those of the record it leads to among them. */
  readonly lookups: number
  /** Of the two look-ups that may find nothing (§4.6.4). */
  readonly voids: number
  /** The record that `include` or `redirect` leads to. */
  readonly record?: SpfRecordTrace
}

/** What receivers make of a sender. */
export interface SpfCheck {
  readonly result: SpfResult
  /** What `exp` says about a fail (RFC 7208 §6.2). */
  readonly explanation?: string
  /** Look-ups that were needed; one more than ten is a permerror. */
  readonly lookups: number
  readonly voids: number
  readonly tree: SpfRecordTrace
}
