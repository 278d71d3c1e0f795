import type { Rate } from '../../../providers/calls/account.js'

/** What an account may do from now on. */
export interface Allowance {
  readonly rate: Rate
  /** Calls that it has left now; a whole window of them where nothing is known. */
  readonly left: number
  /** Seconds until the next window. */
  readonly reset: number
}

/** About how many seconds so many calls wait for the rate limit, however fast they are. */
export function waitFor(calls: number, { rate, left, reset }: Allowance): number {
  const more = calls - left
  if (more <= 0) return 0
  if (rate.refills) return (more * rate.seconds) / rate.calls
  return reset + (Math.ceil(more / rate.calls) - 1) * rate.seconds
}
