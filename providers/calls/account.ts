import { type Patience, pace, patience } from '../http/waiting.js'
import type { LimitsSeen } from './read-limits.js'

/** How many calls a provider lets one account make: a documented fact, for before a reply tells. */
export interface Rate {
  readonly calls: number
  /** Seconds of one window. */
  readonly seconds: number
  /** Calls come back one by one, not all at once when a window is over. */
  readonly refills?: true
}

/** What an account may still ask of its provider, as far as replies have told. However many providers of a spec share it, it is one. */
export interface Account extends Patience {
  /** Counts a call as begun. Milliseconds that it has to wait first: for its turn, or for the next window. */
  begin(): number
  /**
   * The end of a call, with what its reply told of the limit.
   *
   * @param windows none where it told nothing: then what was told before holds
   * @param interval milliseconds to leave between calls from now on, where calls are given back one by one and not window by window
   */
  ended(windows: readonly LimitsSeen[], interval?: number): void
  /** How many processes draw on the account: each has its part of a window. */
  processes(): number
  /** What was told last, without the windows that are over. */
  seen(): LimitsSeen[]
}

/**
 * @param mostWait seconds that it waits altogether
 * @param now milliseconds since 1970
 * @param processes how many of this run's kind draw on the account at the same time: each takes its part of what is left
 */
export function openAccount(
  mostWait?: number,
  now: () => number = Date.now,
  processes: () => number = () => 1,
): Account {
  const pacing = pace(now)
  let windows: readonly LimitsSeen[] = []
  /** Calls that have no reply yet; the last reply may not have counted them. */
  let inFlight = 0
  let begun = 0
  let isWindow = true
  const current = (): LimitsSeen[] =>
    windows.filter(({ until }) => now() < until).map((one) => ({ ...one, left: Math.floor(one.left / processes()) }))
  return {
    ...patience(now, mostWait),
    begin: () => {
      const full = isWindow ? current().filter(({ left }) => left <= begun) : []
      const closed = Math.max(0, ...full.map(({ until }) => until - now()))
      inFlight += 1
      begun += 1
      return Math.max(pacing.next(), closed)
    },
    ended: (told, interval) => {
      inFlight = Math.max(0, inFlight - 1)
      if (interval !== undefined) pacing.keep(interval * processes())
      isWindow = interval === undefined
      if (told.length === 0) return
      begun = inFlight
      windows = told
    },
    processes,
    seen: () => current().map((one) => ({ ...one, left: Math.max(0, one.left - begun) })),
  }
}
