import stringWidth from 'fast-string-width'

/**
 * A text, inert already, in lines of at most `columns` cells of a terminal. A line ends after one of the characters of
 * `after` where it can, `.:,` without it; a part that is wider than a line is cut where it has to be.
 */
export function linesOf(text: string, columns: number, after = /(?<=[.:,])/): string[] {
  const lines = ['']
  let left = columns
  const add = (part: string, width: number): void => {
    lines[lines.length - 1] += part
    left -= width
  }
  for (const part of text.split(after)) {
    const width = stringWidth(part)
    if (width > left && width <= columns && lines.at(-1) !== '') left = newLine(lines, columns)
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

function newLine(lines: string[], columns: number): number {
  lines.push('')
  return columns
}
