import { stringWidth } from './string-width.js'

const BORDER = /(?<=[.:,])/

/**
 * A text, inert already, in lines of at most `columns` cells of a terminal. A line ends after one of the characters of
 * `after` where it can, `.:,` without it; only a part that is wider than a line is cut, from the beginning of one.
 */
export function linesOf(text: string, columns: number, after = BORDER): string[] {
  const lines = ['']
  let left = columns
  const add = (part: string, width: number): void => {
    lines[lines.length - 1] += part
    left -= width
  }
  for (const part of text.split(after)) {
    const width = stringWidth(part)
    if (width > left && lines.at(-1) !== '') left = newLine(lines, columns)
    if (width <= left) add(part, width)
    else
      for (const char of part) {
        const cells = stringWidth(char)
        if (cells > left && lines.at(-1) !== '') left = newLine(lines, columns)
        add(char, cells)
      }
  }
  return lines
}

/** The cells of the widest part of a text that {@link linesOf} keeps whole where it can: a label of a name with its dot. */
export function partWidth(text: string): number {
  return text.split(BORDER).reduce((most, part) => Math.max(most, stringWidth(part)), 0)
}

function newLine(lines: string[], columns: number): number {
  lines.push('')
  return columns
}
