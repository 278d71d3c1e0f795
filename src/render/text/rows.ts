import { paint, type Style } from './paint.js'

/** What is never broken across lines. The text is inert already. */
export interface Word {
  readonly text: string
  readonly style: Style
}

/** One line of a row's last cell. */
export interface Line {
  readonly words: readonly Word[]
  /** Where the spec asks for it. */
  readonly where?: Word
}

/** One line of a table of changes; `lines` are the last cell. */
export interface Row {
  readonly sign: Word
  readonly name: string
  readonly type: string
  readonly ttl: string
  readonly lines: readonly Line[]
}

/** Widths of the columns, in characters. */
export interface Columns {
  readonly name: number
  readonly type: number
  readonly ttl: number
  /** Of the value that has a place in the spec beside it. */
  readonly value: number
  /** Of a value that has the rest of the line. */
  readonly rest: number
}

const GAP = '  '
/** A longer name has a line of its own, and pushes nothing. */
const MAX_NAME = 40
const MIN_VALUE = 32
const MAX_VALUE = 60

/** The columns that the rows of a whole plan share. */
export function columnsOf(rows: readonly Row[], width: number): Columns {
  const name = widest(
    rows.map((row) => row.name.length),
    MAX_NAME,
  )
  const type = widest(rows.map((row) => row.type.length))
  const ttl = widest(rows.map((row) => row.ttl.length))
  const lines = rows.flatMap((row) => row.lines).filter(({ where }) => where !== undefined)
  const where = widest(lines.map((line) => line.where?.text.length ?? 0))
  const start = indentOf({ name, type, ttl })
  const rest = Math.max(MIN_VALUE, width - start)
  const room = Math.max(MIN_VALUE, rest - GAP.length - where)
  const value = Math.min(room, MAX_VALUE, widest(lines.map(({ words }) => lengthOf(words))))
  return { name, type, ttl, value, rest }
}

/** The lines of a row. */
export function renderRow({ sign, name, type, ttl, lines }: Row, columns: Columns, colour: boolean): string[] {
  const cells = `${type.padEnd(columns.type)}${GAP}${columns.ttl > 0 ? ttl.padEnd(columns.ttl) + GAP : ''}`
  const rest = `${GAP}${cells}`
  const head = `${GAP}${paint(sign.text, sign.style, colour)} ${paint(name.padEnd(columns.name), sign.style === 'dim' ? 'dim' : 'plain', colour)}`
  const indent = ' '.repeat(indentOf(columns))
  const cell = lines.flatMap((line) => renderLine(line, columns, colour))
  const tail = cell.slice(1).map((line) => `${indent}${line}`)
  const first = cell[0] ?? ''
  if (name.length <= columns.name) return [`${head}${rest}${first}`, ...tail].map(trimmed)
  return [head, `${' '.repeat(columns.name + 4)}${rest}${first}`, ...tail].map(trimmed)
}

function indentOf({ name, type, ttl }: Pick<Columns, 'name' | 'type' | 'ttl'>): number {
  return 4 + name + GAP.length + type + GAP.length + (ttl > 0 ? ttl + GAP.length : 0)
}

function renderLine({ words, where }: Line, { value, rest }: Columns, colour: boolean): string[] {
  const lines = broken(words, where === undefined ? rest : value, rest - GAP.length)
  return lines.map((line, index) => {
    const text = line.map((word) => paint(word.text, word.style, colour)).join(' ')
    if (index > 0 || where === undefined) return `${index > 0 ? GAP : ''}${text}`
    return `${text}${' '.repeat(Math.max(0, value - lengthOf(line)))}${GAP}${paint(where.text, where.style, colour)}`
  })
}

/** The words in lines of at most `first` and then `next` characters, where no word is longer. */
function broken(words: readonly Word[], first: number, next: number): Word[][] {
  const lines: Word[][] = [[]]
  let left = first
  for (const word of words) {
    const line = lines.at(-1) as Word[]
    const length = word.text.length + (line.length > 0 ? 1 : 0)
    if (line.length > 0 && length > left) {
      lines.push([word])
      left = next - word.text.length
    } else {
      line.push(word)
      left -= length
    }
  }
  return lines
}

function lengthOf(words: readonly Word[]): number {
  return words.reduce((sum, { text }) => sum + text.length + 1, -1)
}

function widest(lengths: readonly number[], limit = Number.POSITIVE_INFINITY): number {
  return lengths.reduce((most, length) => (length > limit ? most : Math.max(most, length)), 0)
}

function trimmed(line: string): string {
  return line.trimEnd()
}
