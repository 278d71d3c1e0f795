import stringWidth from 'fast-string-width'
import { wrapAnsi } from 'fast-wrap-ansi'
import type { Output } from '../../io.js'

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

/** The text with its lines broken to a number of columns, each hanging a little below its own beginning. */
export function wrapped(text: string, columns: number, unbroken?: ReadonlySet<string>): string {
  return text
    .split('\n')
    .map((line) => (stringWidth(line) <= columns || unbroken?.has(line) ? line : wrappedLine(line, columns)))
    .join('\n')
}

function wrappedLine(line: string, columns: number): string {
  const indent = line.length - line.trimStart().length
  const room = Math.max(MIN_ROOM, columns - indent - HANG)
  return wrapAnsi(line.slice(indent), room, { hard: true })
    .split('\n')
    .map((part, index) => `${' '.repeat(index === 0 ? indent : indent + HANG)}${part.trimEnd()}`)
    .join('\n')
}
