import type { Mark } from './mark.js'
import type { Metrics } from './metrics.js'

/** A line of a card: text at its left edge, and perhaps at its right. */
export interface CardLine {
  readonly text: string
  readonly beside?: string
  /** `name` and `address` are in the fixed-width font. */
  readonly style: 'name' | 'address' | 'label' | 'note'
  readonly mark?: Mark
  /** Where the links of this kind end. */
  readonly port?: 'receives' | 'sends'
}

export interface Card {
  readonly id: string
  readonly kind: 'domain' | 'host' | 'elsewhere' | 'include' | 'network'
  readonly mark: Mark
  /** Said when the pointer rests on it: names in full. */
  readonly title: string
  readonly lines: readonly CardLine[]
}

/** A card with its place. */
export interface PlacedCard extends Card {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export function heightOf({ lines }: Card, { padding, lineHeight }: Metrics): number {
  return lines.length * lineHeight + 2 * padding - 4
}

/** The middle of a line, from the top of its card. */
export function lineMiddle(index: number, { padding, lineHeight }: Metrics): number {
  return padding - 2 + (index + 0.5) * lineHeight
}
