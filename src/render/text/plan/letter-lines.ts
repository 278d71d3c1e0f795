import { inert } from '../../inert.js'
import { stringWidth } from '../../string-width.js'
import { wordLines } from '../word-lines.js'

const INDENT = '      '
/** A record in a letter: its owner, its type (a TTL may stand before it) and what it holds. */
const RECORD = /^ {2}(?<owner>\S+) (?<type>(?:\d+ )?[A-Z]+) (?<data>.+)$/

/** A value, such as an address or a name, and no remark in brackets. */
const VALUE = /^ {2}\S+$/

/**
 * The lines of a letter to whoever owns an address, its prose broken between words, and a record that has no room in its
 * owner, type and target. A value that still is too wide is a line of its own, to be copied whole.
 */
export function letterLines(text: string, width: number): string[] {
  return text.split('\n').flatMap((raw) => {
    const line = `${INDENT}${inert(raw)}`.trimEnd()
    if (stringWidth(line) <= width) return [line]
    const { owner, type, data } = RECORD.exec(inert(raw))?.groups ?? {}
    if (owner === undefined || type === undefined || data === undefined)
      return VALUE.test(raw)
        ? [valueLine(inert(raw.trim()), `${INDENT}  `, width)]
        : wordLines(inert(raw), width - INDENT.length).map((part) => `${INDENT}${part}`)
    const rest = `${type} ${data}`
    const below = `${INDENT}    `
    return [
      valueLine(owner, `${INDENT}  `, width),
      ...(stringWidth(below + rest) <= width
        ? [`${below}${rest}`]
        : [`${below}${type}`, valueLine(data, below, width)]),
    ]
  })
}

/** The values of letters that are lines of their own. */
export function letterValues(text: string): string[] {
  return text.split('\n').flatMap((raw) => {
    const { owner, data } = RECORD.exec(inert(raw))?.groups ?? {}
    if (owner !== undefined && data !== undefined) return [owner, data]
    return VALUE.test(raw) ? [inert(raw.trim())] : []
  })
}

function valueLine(value: string, indent: string, width: number): string {
  return stringWidth(indent + value) <= width ? `${indent}${value}` : value
}
