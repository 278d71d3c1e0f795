import { stripVTControlCharacters } from 'node:util'
import type { Output } from '../../output.js'
import { partWidth } from '../lines.js'
import { stringWidth } from '../string-width.js'
import { wordLines } from './word-lines.js'

/** What hangs below the beginning of its line. */
const HANG = 2
const MIN_ROOM = 16

/**
 * Prints text for people: on a terminal no line is wider than it, and what has to be broken is broken between words. Lines that
 * are to be copied (`unbroken`) are left to the terminal, which knows that they are one.
 */
export function print(output: Output, text: string, unbroken?: ReadonlySet<string>): void {
  output.write(output.isTerminal ? wrapped(text, output.columns, unbroken) : text)
}

/** The text with its lines broken to a number of columns, each hanging a little below its own beginning if its labels have room there. */
export function wrapped(text: string, columns: number, unbroken?: ReadonlySet<string>): string {
  return text
    .split('\n')
    .map((line) => (stringWidth(line) <= columns || unbroken?.has(line) ? line : wrappedLine(line, columns)))
    .join('\n')
}

function wrappedLine(line: string, columns: number): string {
  const text = line.trimStart()
  const own = line.length - text.length
  const widest = Math.max(...stripVTControlCharacters(text).split(/\s+/).map(partWidth))
  const isTooDeep = widest > columns - own - HANG && widest <= columns
  const [indent, hang] = isTooDeep ? [0, 0] : [own, HANG]
  return wordLines(text, Math.max(MIN_ROOM, columns - indent - hang))
    .map((part, index) => `${' '.repeat(index === 0 ? indent : indent + hang)}${part}`)
    .join('\n')
}
