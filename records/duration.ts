const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** How a duration is written: `180d`, `12h`. */
export const DURATION = /^(\d{1,5})([smhdw])$/

/** Seconds of a duration such as `180d`; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit = ''] = DURATION.exec(text) ?? []
  return number === undefined ? undefined : Number(number) * (SECONDS[unit] ?? 0)
}

/** Seconds in the largest unit below a week that they fill at least once, rounded down: `5d`, `3h`. */
export function durationText(seconds: number): string {
  const unit = ['d', 'h', 'm'].find((one) => seconds >= (SECONDS[one] as number)) ?? 's'
  return `${Math.floor(seconds / (SECONDS[unit] as number))}${unit}`
}
