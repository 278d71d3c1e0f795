import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Seconds that one connection waits altogether because replies ask it to (`Retry-After`): two windows of Cloudflare's rate
 * limit, the longest of those that are documented (2026-11).
 */
const PATIENCE = 600

/** How long replies may still make a run wait. */
export interface Patience {
  /** Whether the run waits so many seconds from now; if not, it is told how long it would have been. */
  waits(seconds: number): boolean
  /** Seconds that it may still wait. */
  left(): number
}

/** Waits at the same time count once. `now` is in milliseconds, `most` in seconds. */
export function patience(now: () => number = Date.now, most: number = PATIENCE): Patience {
  let left = most
  let until = 0
  return {
    waits: (seconds) => {
      const from = now() / 1000
      const more = from + seconds - Math.max(from, until)
      if (!(more <= left)) return false
      left -= Math.max(more, 0)
      until = Math.max(until, from + seconds)
      return true
    },
    left: () => left,
  }
}

/** One of the three forms of a date in HTTP (RFC 9110 §5.6.7), all of them in GMT, which asctime's does not say. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/

/** Seconds that a `Retry-After` header names, as a number or as a date (RFC 9110 §10.2.3); undefined where it names none. */
export function retryAfterSeconds(header: string | null | undefined, now = Date.now()): number | undefined {
  const text = header?.trim() ?? ''
  const isNumber = /^-?\d+(?:\.\d+)?(?:e\d+)?$/.test(text)
  if (!isNumber && !HTTP_DATE.test(text)) return undefined
  const date = /(?:\d\d:\d\d:\d\d|\s\d{4})$/.test(text) ? `${text} GMT` : text
  const wait = isNumber ? Number(text) : (Date.parse(date) - now) / 1000
  return Number.isFinite(wait) ? Math.max(0, Math.ceil(wait)) : undefined
}

/** Milliseconds until the next try: as many as the API asks for, of which 0 is no reason to ask again at once; else as {@link backOff}. */
export function waitAgain(failed: number, retryAfter: number | undefined): number {
  return retryAfter ? retryAfter * 1000 : backOff(failed)
}

/** Waits for so many milliseconds, or throws once the signal aborts. */
export type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<void>

export const pause: Pause = async (milliseconds, signal) => {
  await sleep(milliseconds, undefined, signal && { signal })
}

/**
 * Milliseconds before the next attempt: from half a second doubling to 8 seconds, less up to half of it by chance, so that
 * runs that failed together do not come back together.
 *
 * @param attempt how many failed before the one that just did
 */
export function backOff(attempt: number, random: () => number = Math.random): number {
  return Math.min(500 * 2 ** attempt, 8000) * (1 - random() / 2)
}

/** Leaves time between calls. `now` is in milliseconds. */
export interface Pace {
  /** Milliseconds until this call may begin. */
  next(): number
  /** Milliseconds from the beginning of one call to that of the next, from now on; 0 for none. */
  keep(interval: number): void
}

export function pace(now: () => number = Date.now): Pace {
  let interval = 0
  let free = 0
  return {
    next: () => {
      if (interval === 0) return 0
      const begin = Math.max(now(), free)
      free = begin + interval
      return begin - now()
    },
    keep: (milliseconds) => {
      if (interval === 0) free = now() + milliseconds
      interval = milliseconds
    },
  }
}
