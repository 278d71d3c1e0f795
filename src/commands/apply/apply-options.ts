import type { Connected } from '../../connect/connect.js'
import type { ProofOptions, RunOptions } from '../options/plan-options.js'
import type { ShareOptions } from './shares.js'

export interface ApplyOptions extends RunOptions, ProofOptions, ShareOptions {
  /** A saved plan to carry out as it is. */
  readonly plan?: string | undefined
  readonly yes: boolean
  readonly adopt: boolean
  readonly force: boolean
  readonly wait: boolean
  /** Seconds that a PTR waits for its name to lead to the address, where the provider wants that. */
  readonly forwardWait?: number | undefined
  /** Wait until every name server answers with what the spec wants. */
  readonly verify: boolean
  /** Seconds, for `verify`. */
  readonly verifyWait?: number | undefined
  readonly format: 'text' | 'json'
}

/** By name. */
export type Providers = ReadonlyMap<string, Connected>
