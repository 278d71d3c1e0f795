import type { Rate } from '../../../providers/calls/account.js'

/** What an account may do from now on. */
export interface Allowance {
  readonly rate: Rate
  /** How many processes share the rate evenly; default 1. */
  readonly share?: number
  /** Calls that it has left now; a whole window of them where nothing is known. */
  readonly left: number
  /** Seconds until the next window. */
  readonly reset: number
}

/** About how many seconds so many calls wait for the rate limit, however fast they are. */
export function waitFor(calls: number, { rate, share = 1, left, reset }: Allowance): number {
  const more = calls - left
  if (more <= 0) return 0
  const own = rate.calls / share
  if (rate.refills) return (more * rate.seconds) / own
  return reset + (Math.ceil(more / own) - 1) * rate.seconds
}
