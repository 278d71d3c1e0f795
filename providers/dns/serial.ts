const DAY = 86_400
/** Days after which a zone is read again whatever its serial: somebody may have changed it without one. Spread, so that not all are due at once. */
const TRUSTED = { least: 4, most: 7 }

/**
 * Whether a serial still says that a zone is as it was when it was read. A time to come is nobody's.
 *
 * @param seen when it was read, in seconds since 1970 as `now`
 * @param digest spreads the days: two characters by chance, always the same for a zone
 */
export function isSerialTrusted(seen: number, now: number, digest: string): boolean {
  const spread = (digest.charCodeAt(0) * 31 + digest.charCodeAt(1)) % 100
  const days = TRUSTED.least + ((TRUSTED.most - TRUSTED.least) * spread) / 100
  const age = now - seen
  return age >= 0 && age < days * DAY
}

/** Whether a serial of 32 bits comes after another (RFC 1982 §3.2). Of two that are half the circle apart neither does. */
export function isLater(serial: number, other: number): boolean {
  const ahead = (serial - other) >>> 0
  return ahead > 0 && ahead < 2 ** 31
}
