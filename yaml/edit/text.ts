const BOM = '\ufeff'
const WHITE = ' \t\r\n'

/** The first offset from `at` on that is neither white space nor comment (nor a comma, inside brackets). */
export function skipTrivia(text: string, at: number, commas = false): number {
  let offset = at
  while (offset < text.length) {
    const char = text[offset] as string
    if (WHITE.includes(char) || (commas && char === ',')) offset++
    else if (char === '#' && (offset === 0 || `${WHITE}${BOM}`.includes(text[offset - 1] as string))) {
      const end = text.indexOf('\n', offset)
      offset = end < 0 ? text.length : end
    } else break
  }
  return offset
}

/** Where the line of an offset begins, behind a byte order mark. */
export function lineStart(text: string, offset: number): number {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
  return start === 0 && text.startsWith(BOM) ? 1 : start
}

/** Where the line after that of an offset begins, or the end of the text. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end + 1
}

/** 0-based, as YAML counts indentation. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}

/** Whether only white space stands before the offset in its line. */
export function opensLine(text: string, offset: number): boolean {
  return text.slice(lineStart(text, offset), offset).trim() === ''
}

/** Whether the line that begins at `start` is empty or white space; false behind the end of the text. */
export function isBlankLine(text: string, start: number): boolean {
  return start < text.length && text.slice(start, nextLine(text, start)).trim() === ''
}

/** 1-based line and column. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return { line, column: columnOf(text, offset) + 1 }
}

/** All lines but the first moved by so many columns; empty lines stay empty. */
export function shiftLines(text: string, columns: number): string {
  if (columns === 0 || !text.includes('\n')) return text
  const [first = '', ...others] = text.split('\n')
  const shifted = others.map((line) => {
    if (line.trim() === '') return line
    return columns > 0 ? ' '.repeat(columns) + line : line.slice(Math.min(-columns, line.search(/\S/)))
  })
  return [first, ...shifted].join('\n')
}
