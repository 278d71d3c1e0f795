import type { Stage } from './ramp-policy.js'

const DAY = 86_400

/** What reports tell of one day of a domain, under one published policy. */
export interface DayEvidence {
  /** Days since 1970, UTC. */
  readonly day: number
  /** What the reports say was published; undefined where they do not, or the policy was only tested (`t=y`). */
  readonly published: Stage | undefined
  /** Messages that may be ours: all but those of strangers. */
  readonly messages: number
  /** Those among them that DMARC does not pass. */
  readonly failing: number
}

/**
 * The days that a report covers, of a period in seconds since 1970: those whose noon is in it, so that reports by another
 * midnight than UTC's count for one; of a shorter one that of its middle.
 */
export function daysOf(begin: number, end: number): number[] {
  const first = Math.ceil((begin - DAY / 2) / DAY)
  const last = Math.floor((end - DAY / 2) / DAY)
  if (last < first) return [Math.floor((begin + end) / 2 / DAY)]
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** The day at an instant. */
export function dayAt(seconds: number): number {
  return Math.floor(seconds / DAY)
}

/** The instant at which a day begins. */
export function startOf(day: number): number {
  return day * DAY
}
