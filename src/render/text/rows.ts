import { linesOf, partWidth } from '../lines.js'
import { stringWidth } from '../string-width.js'
import { paint, type Style } from './paint.js'

/** What is broken across lines only where it alone is wider than a terminal. The text is inert already. */
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
  /** The name in Unicode, where that is another. */
  readonly unicode?: string
  readonly type: string
  readonly ttl: string
  readonly lines: readonly Line[]
}

/** Widths of the columns, in cells of a terminal. */
export interface Columns {
  readonly name: number
  readonly type: number
  readonly ttl: number
  /** Of the value that has a place in the spec beside it. */
  readonly value: number
  /** Of a value that has the rest of the line. */
  readonly rest: number
  /** Of a name that has a line of its own. */
  readonly line: number
  /** Nothing is wider than the line. */
  readonly isStrict: boolean
}

const GAP = '  '
/** Cells before a name: its sign and what is around it. */
const MARGIN = 4
/** Below the beginning of a name. */
const HANGING = ' '.repeat(MARGIN + GAP.length)
/** A longer name has a line of its own, and pushes nothing. */
const MAX_NAME = 40
const MIN_VALUE = 32
const MAX_VALUE = 60
/** Where the place in the spec is broken. */
const FOLDER = /(?<=[/\\])/
/** What is left to a value on a narrow terminal, if it needs as much, before names have lines of their own. */
const MIN_STRICT = 24

/** How wide the cells of many rows are, of which nothing else has to be kept. */
export class Widths {
  type = 0
  ttl = 0
  /** Of what has a place in the spec beside it. */
  longest = 0
  where = 0
  readonly names = new Set<number>()

  /** Adds rows; false where all of them are as wide as some before. */
  add(rows: readonly Row[]): boolean {
    const before = this.#text()
    for (const { name, unicode, type, ttl, lines } of rows) {
      this.type = Math.max(this.type, type.length)
      this.ttl = Math.max(this.ttl, ttl.length)
      if (unicode === undefined) this.names.add(name.length)
      for (const { words, where } of lines) {
        if (where === undefined) continue
        this.where = Math.max(this.where, stringWidth(where.text))
        this.longest = Math.max(this.longest, widthOf(words))
      }
    }
    return this.#text() !== before
  }

  #text(): string {
    return [this.type, this.ttl, this.longest, this.where, this.names.size].join(' ')
  }
}

/** The columns that some rows share. */
export function columnsOf(rows: readonly Row[], width: number, isStrict = false): Columns {
  const widths = new Widths()
  widths.add(rows)
  return columnsFor(widths, width, isStrict)
}

/** The columns that the rows of a whole plan share. On a terminal (`isStrict`) the width is kept whatever the rows hold. */
export function columnsFor({ type, ttl, longest, where, names }: Widths, width: number, isStrict: boolean): Columns {
  const line = isStrict ? width - MARGIN : Number.POSITIVE_INFINITY
  if (!isStrict) {
    const name = widest([...names], MAX_NAME)
    const rest = Math.max(MIN_VALUE, width - indentOf({ name, type, ttl }))
    const room = Math.max(MIN_VALUE, rest - GAP.length - where)
    return { name, type, ttl, value: Math.min(room, MAX_VALUE, longest), rest, line, isStrict }
  }
  const free = width - indentOf({ name: 0, type, ttl })
  const name = widest([...names], Math.min(MAX_NAME, free - GAP.length - where - Math.min(longest, MIN_STRICT)))
  const rest = Math.max(GAP.length + 1, free - name)
  return { name, type, ttl, value: Math.min(rest - GAP.length - where, MAX_VALUE, longest), rest, line, isStrict }
}

/** The lines of a row. */
export function renderRow(row: Row, columns: Columns, colour: boolean): string[] {
  const { sign, name, unicode, type, ttl, lines } = row
  const cells = `${type.padEnd(columns.type)}${GAP}${columns.ttl > 0 ? ttl.padEnd(columns.ttl) + GAP : ''}`
  const rest = `${GAP}${cells}`
  const style = sign.style === 'dim' ? 'dim' : 'plain'
  const head = (text: string): string =>
    `${GAP}${paint(sign.text, sign.style, colour)} ${paint(text.padEnd(columns.name), style, colour)}`
  const indent = ' '.repeat(indentOf(columns))
  const cell = lines.flatMap((line) => {
    const own = outdentOf(line, columns)
    if (own !== undefined) return renderOutdented(line, { indent: own, width: columns.line + MARGIN, colour })
    return renderLine(line, columns, colour).map((text) => `${indent}${text}`)
  })
  const isBeside = lines[0] !== undefined && outdentOf(lines[0], columns) === undefined
  const first = isBeside ? (cell[0] ?? '').slice(indent.length) : ''
  const tail = isBeside ? cell.slice(1) : cell
  if (name.length <= columns.name && unicode === undefined)
    return [`${head(name)}${rest}${first}`, ...tail].map(trimmed)
  const isLong =
    columns.isStrict && Math.max(partWidth(name), partWidth(`(${unicode ?? ''})`)) > columns.line - GAP.length
  const [beginning = '', ...more] = isLong
    ? ['', ...nameLines(row, columns.line + MARGIN, 0)]
    : nameLines(row, columns.line)
  const hanging = more.map((line) => `${isLong ? '' : HANGING}${paint(line, style, colour)}`)
  return [head(beginning), ...hanging, `${' '.repeat(columns.name + MARGIN)}${rest}${first}`, ...tail].map(trimmed)
}

/** A name that has lines of its own, broken between its labels; its Unicode form beside it, or below. */
function nameLines({ name, unicode }: Row, width: number, hang = GAP.length): string[] {
  const both = unicode === undefined ? name : `${name} (${unicode})`
  if (stringWidth(both) <= width) return [both]
  return [name, ...(unicode === undefined ? [] : [`(${unicode})`])].flatMap((text) => linesOf(text, width - hang))
}

function indentOf({ name, type, ttl }: Pick<Columns, 'name' | 'type' | 'ttl'>): number {
  return MARGIN + name + GAP.length + type + GAP.length + (ttl > 0 ? ttl + GAP.length : 0)
}

/** How far a line with a label that has no room in the column is indented: as little as the label needs. */
function outdentOf({ words }: Line, { rest, line, isStrict }: Columns): string | undefined {
  if (!isStrict) return undefined
  const widest = words.reduce((most, { text }) => Math.max(most, partWidth(text)), 0)
  if (widest <= rest - GAP.length) return undefined
  return [HANGING, ''].find((indent) => widest <= line + MARGIN - indent.length)
}

interface Outdent {
  readonly indent: string
  readonly width: number
  readonly colour: boolean
}

function renderOutdented({ words, where }: Line, { indent, width, colour }: Outdent): string[] {
  const room = width - indent.length
  const whole = words.flatMap((word) => pieces(word, room))
  return [...broken(whole, room, room), ...(where ? pieces(where, room, FOLDER).map((word) => [word]) : [])].map(
    (line) => `${indent}${line.map(({ text, style }) => paint(text, style, colour)).join(' ')}`,
  )
}

function renderLine({ words, where }: Line, { value, rest, isStrict }: Columns, colour: boolean): string[] {
  const next = rest - GAP.length
  const width = widest(words.map(({ text }) => stringWidth(text)))
  const isFolded = value < MIN_STRICT && widthOf(words) > value && widthOf(words) <= rest
  const isBelow = isStrict && where !== undefined && (width > value || isFolded)
  const isWhole = !isStrict || width <= next || (words.length === 1 && width <= rest)
  const first = isWhole ? (where === undefined || isBelow ? rest : value) : next
  const whole = isWhole ? words : words.flatMap((word) => pieces(word, next))
  const lines = broken(whole, first, next).map((line, index) => {
    const text = line.map((word) => paint(word.text, word.style, colour)).join(' ')
    if (index > 0 || where === undefined || isBelow) return `${index > 0 ? GAP : ''}${text}`
    return `${text}${' '.repeat(Math.max(0, value - widthOf(line)))}${GAP}${paint(where.text, where.style, colour)}`
  })
  if (where === undefined || !isBelow) return lines
  return [...lines, ...pieces(where, next, FOLDER).map(({ text, style }) => `${GAP}${paint(text, style, colour)}`)]
}

/** A word in parts that are no wider than a line. */
function pieces(word: Word, width: number, after?: RegExp): Word[] {
  if (stringWidth(word.text) <= width) return [word]
  return linesOf(word.text, width, after).map((text) => ({ ...word, text }))
}

/** The words in lines of at most `first` and then `next` cells, where no word is wider. */
function broken(words: readonly Word[], first: number, next: number): Word[][] {
  const lines: Word[][] = [[]]
  let left = first
  for (const word of words) {
    const line = lines.at(-1) as Word[]
    const width = stringWidth(word.text) + (line.length > 0 ? 1 : 0)
    if (line.length > 0 && width > left) {
      lines.push([word])
      left = next - stringWidth(word.text)
    } else {
      line.push(word)
      left -= width
    }
  }
  return lines
}

function widthOf(words: readonly Word[]): number {
  return words.reduce((sum, { text }) => sum + stringWidth(text) + 1, -1)
}

function widest(lengths: readonly number[], limit = Number.POSITIVE_INFINITY): number {
  return lengths.reduce((most, length) => (length > limit ? most : Math.max(most, length)), 0)
}

function trimmed(line: string): string {
  return line.trimEnd()
}
