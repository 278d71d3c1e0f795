/** How a text looks on a terminal that shows colour. */
export type Style = 'plain' | 'bold' | 'dim' | 'red' | 'green' | 'yellow'

/** SGR parameters (ECMA-48 §8.3.117), on and off. */
const CODES: Record<Exclude<Style, 'plain'>, readonly [on: number, off: number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
}

/** The text in a style, or as it is where there is no colour. */
export function paint(text: string, style: Style, colour: boolean): string {
  if (!colour || style === 'plain' || text === '') return text
  const [on, off] = CODES[style]
  return `\u001b[${on}m${text}\u001b[${off}m`
}
