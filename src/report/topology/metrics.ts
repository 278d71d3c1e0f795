/** Measures of a drawing, in pixels at its natural size. */
export interface Metrics {
  readonly id: 'wide' | 'narrow'
  readonly width: number
  /** Width of the cards of domains. */
  readonly left: number
  /** Width of the cards of machines. */
  readonly right: number
  readonly padding: number
  /** Between two cards of a column. */
  readonly gap: number
  readonly lineHeight: number
  /** Width of one column of the fixed-width font, at the size the styles give it here. */
  readonly column: number
  /** Radius of the signs on links. */
  readonly sign: number
  /** Whether a note stands beside its address, and all of a domain's signing on one line. */
  readonly besides: boolean
}

/** For screens from 760 pixels, and paper. */
export const WIDE: Metrics = {
  id: 'wide',
  width: 1000,
  left: 330,
  right: 390,
  padding: 16,
  gap: 18,
  lineHeight: 20,
  column: 7.9,
  sign: 8,
  besides: true,
}

/** For phones. */
export const NARROW: Metrics = {
  id: 'narrow',
  width: 344,
  left: 134,
  right: 140,
  padding: 9,
  gap: 14,
  lineHeight: 17,
  column: 6.9,
  sign: 6.5,
  besides: false,
}

/** How many columns of text a card takes beside its padding. */
export function columnsIn(width: number, { padding, column }: Metrics): number {
  return Math.floor((width - 2 * padding) / column)
}
