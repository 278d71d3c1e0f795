import type { Span } from './nodes.js'
import { lineStart, nextLine, opensLine, skipTrivia } from './text.js'

/** A replacement of the octets of a span; an insertion where the span is empty. */
export interface Splice extends Span {
  readonly insert: string
}

/**
 * Applies splices that do not overlap, but for deletions that share a blank line; insertions at one place keep their order.
 * Line breaks become those of the text, which keeps its last one, or goes on without.
 */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n'
  const ordered = [...splices].sort((a, b) => a.start - b.start || a.end - b.end)
  let done = 0
  let result = ''
  for (const { start, end, insert } of ordered) {
    if (start < done && insert !== '') throw new RangeError(`two edits overlap at offset ${start}`)
    result += text.slice(done, Math.max(start, done)) + insert.replace(/\r?\n/g, lineBreak)
    done = Math.max(end, done)
  }
  result += text.slice(done)
  return text === '' || text.endsWith('\n') ? result : result.replace(/\r?\n$/, '')
}

/** Puts whole lines at the start of a line, or behind the last one, whether it ends in a line break or not. */
export function insertLines(text: string, at: number, lines: string): Splice {
  const open = at > 0 && at === text.length && text[at - 1] !== '\n'
  return { start: at, end: at, insert: open ? `\n${lines}` : `${lines}\n` }
}

/** The lines that hold a span. */
export function cutLines(text: string, span: Span): Splice {
  return { start: lineStart(text, span.start), end: nextLine(text, span.end), insert: '' }
}

/** Takes parts out of brackets, with the commas that become needless. */
export function cutFlow(text: string, parts: readonly Span[], cut: ReadonlySet<number>): Splice[] {
  const kept = parts.findLastIndex((_, index) => !cut.has(index))
  const last = parts.at(-1)
  const splices: Splice[] = []
  for (const index of cut) {
    const next = parts[index + 1]
    if (index < kept && next) splices.push({ start: (parts[index] as Span).start, end: next.start, insert: '' })
  }
  const tail = parts[kept + 1]
  if (!tail || !last) return splices
  const from = parts[kept]?.end ?? tail.start
  if (kept >= 0 && !text.slice(from, tail.start).includes('#'))
    return [...splices, { start: from, end: last.end, insert: '' }]
  const comma = skipTrivia(text, last.end)
  return [...splices, { start: tail.start, end: text[comma] === ',' ? comma + 1 : last.end, insert: '' }]
}

/** Takes items out of a list in block style. At least one stays. */
export function cutItems(text: string, items: readonly Span[], cut: ReadonlySet<number>): Splice[] {
  const kept = items.findIndex((_, index) => !cut.has(index))
  const first = items[0] as Span
  const inline = kept > 0 && !opensLine(text, first.start)
  const splices = [...cut]
    .filter((index) => !inline || index > kept)
    .map((index) => cutLines(text, items[index] as Span))
  if (inline) splices.push({ start: first.start, end: (items[kept] as Span).start, insert: '' })
  return splices
}
