/** What the authoritative servers of its zone show of a key. */
export interface KeySight {
  /** Servers that answer as the state of the key wants it. */
  readonly servers: readonly string[]
  /** The others, with what they do instead. */
  readonly missing: readonly { readonly server: string; readonly why: string }[]
  /** Seconds for which the Internet may remember what was there before, or that there was nothing. */
  readonly ttl: number
}

export function isEverywhere({ servers, missing }: KeySight): boolean {
  return servers.length > 0 && missing.length === 0
}

/** Seconds by which the clocks of two machines that take steps may differ. */
const CLOCK_SLACK = 300

/** The last time that is told of some keys, where that is later than now: then the clock is behind, and no step is to be taken. */
export function laterThan(now: number, times: readonly (number | undefined)[]): number | undefined {
  const last = Math.max(...times.map((at) => at ?? 0))
  return last > now + CLOCK_SLACK ? last : undefined
}
