import type { Entry, Section } from './part.js'

/** What stands below a key at the top of a text. */
export interface TopPart {
  readonly key: string
  /** What follows the key in its line. */
  readonly rest: string
  /** Offsets of the lines below it. */
  readonly start: number
  readonly end: number
}

const KEY = /(?:"([^"\\\n]+)"|'([^'\n]+)'|([A-Za-z0-9_][A-Za-z0-9_./-]*)) *:(?=[ \n]|$)/y
const TOP_KEY = /^(["']?)([a-z_]+)\1 *:(?: +(.*))?$/

/**
 * The parts of a mapping in block style, by its keys at the first column, of a text that `hasClosedLines`; undefined where the text may be anything else.
 */
export function topParts(text: string): TopPart[] | undefined {
  const parts: TopPart[] = []
  for (const { line, start, end } of linesOf(text, 0, text.length)) {
    if (/^(?: |#|$)/.test(line) || (line === '---' && parts.length === 0)) continue
    const [, , key, rest = ''] = TOP_KEY.exec(line) ?? []
    if (key === undefined || parts.some((part) => part.key === key)) return undefined
    const last = parts.pop()
    if (last) parts.push({ ...last, end: start })
    parts.push({ key, rest, start: Math.min(end + 1, text.length), end: text.length })
  }
  return parts
}

/**
 * The entries of a mapping in block style, all of them at the column of the first one; undefined where these lines may be anything else.
 */
export function blockSection(text: string, from = 0, to = text.length): Section | undefined {
  const entries: Entry[] = []
  let indent: number | undefined
  for (const { line, start } of linesOf(text, from, to)) {
    const column = line.search(/[^ ]/)
    if (column < 0 || line[column] === '#' || (line === '---' && start === 0)) continue
    indent ??= column
    if (column > indent) continue
    const key = column === indent ? keyAt(line, column) : undefined
    if (key === undefined) return undefined
    const last = entries.pop()
    if (last) entries.push({ ...last, end: start })
    entries.push({ key, start, end: to })
  }
  return entries.length === 0 ? undefined : { kind: 'block', entries }
}

function keyAt(line: string, column: number): string | undefined {
  KEY.lastIndex = column
  const [, double, single, plain] = KEY.exec(line) ?? []
  return double ?? single ?? plain
}

/** Whether a text has what YAML may take for the end of a line, or tabs, or may be of several documents. */
export function isUnusual(text: string): boolean {
  return /[^\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|\n(?:---|\.\.\.|%)|^(?:%|\.\.\.|--- )/.test(text)
}

function* linesOf(text: string, from: number, to: number): Iterable<{ line: string; start: number; end: number }> {
  for (let start = from; start < to; ) {
    const found = text.indexOf('\n', start)
    const end = found < 0 || found > to ? to : found
    yield { line: text.slice(start, end), start, end }
    start = end + 1
  }
}
