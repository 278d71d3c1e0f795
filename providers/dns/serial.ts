/** Whether a serial of 32 bits comes after another (RFC 1982 §3.2). Of two that are half the circle apart neither does. */
export function isLater(serial: number, other: number): boolean {
  const ahead = (serial - other) >>> 0
  return ahead > 0 && ahead < 2 ** 31
}
