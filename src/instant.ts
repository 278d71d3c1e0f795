/** Seconds since 1970 as `2026-11-27T06:30:00Z` (RFC 3339, UTC). */
export function instantText(seconds: number): string {
  return `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z`
}

/** The same for people: `2026-11-27 06:30 UTC`. */
export function shownInstant(seconds: number): string {
  return `${instantText(seconds).slice(0, 16).replace('T', ' ')} UTC`
}

/** The day of it, `2026-11-27`. */
export function dayOf(seconds: number): string {
  return instantText(seconds).slice(0, 10)
}
