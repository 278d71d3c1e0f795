const grouped = new Intl.NumberFormat('en-US')

/** A number as people write it: `1,204`. */
export function number(value: number): string {
  return grouped.format(value)
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

/** Said where a page is not about all of a spec. */
export const PART = 'Only what differs from the revision, and what goes with it, is here.'
