import { createHash } from 'node:crypto'
import { inert, inertSentence } from '../inert.js'
import { inertLines } from '../inert-lines.js'

/**
 * A code span (CommonMark §6.1): GitHub finds no markup, link, mention, issue, commit or emoji in it. The pipe of `\|` is
 * shown as `\x7c`, since renderers of tables do not agree on what a backslash before it means.
 */
export function codeSpan(text: string): string {
  const shown = inert(text === '' ? '""' : text)
    .replace(/(?<=\\)\|/g, '\\x7c')
    .replace(/`{9,}/g, (run) => '\\x60'.repeat(run.length))
  const longest = (shown.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0)
  const fence = '`'.repeat(longest + 1)
  const pad = /^`|`$|^ .* $/.test(shown) && shown.trim() !== '' ? ' ' : ''
  return `${fence}${pad}${shown}${pad}${fence}`
}

/** Lines as they are, in a fence that none of them ends (CommonMark §4.5). */
export function codeBlock(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${inertLines(text.replace(/\n$/, '')).join('\n')}\n${fence}`
}

/** A row of a table (GFM §4.10). The cells are Markdown. */
export function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

const OPENING = /^[("'“‘]*/
const CLOSING = ')"\'”’.,;:!?'
const PROSE = /^(?:\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*|\p{Nd}{1,6}|\d{1,3}(?:,\d{3})+|[–—→…]|)$/u
const COMMIT = /^[0-9a-f]{7,}$/i

/**
 * A sentence as Markdown: every word that is not plainly a word or a number (a name, an address, a value, an `@mention`, a
 * link, a `#123`) becomes a code span.
 */
export function markdownSentence(text: string): string {
  const words = inertSentence(text).split(' ').map(markdownWord).join(' ')
  return words.replace(/^(\d+)([.)])/, '$1\\$2')
}

function markdownWord(word: string): string {
  const before = OPENING.exec(word)?.[0] ?? ''
  let end = word.length
  while (end > before.length && CLOSING.includes(word.charAt(end - 1))) end -= 1
  const core = word.slice(before.length, end)
  const shown = PROSE.test(core) && !COMMIT.test(core) ? core : codeSpan(core)
  return `${before}${shown}${word.slice(end)}`
}

/**
 * A comment that is not shown, by which a text can be found again. Texts that differ only in what a comment cannot hold as it is
 * (CommonMark §4.6) are told apart by a digest.
 */
export function markdownComment(text: string): string {
  const held = inertSentence(text).replace(/--+|>/g, '-')
  const apart = held === text ? '' : ` ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
  return `<!-- ${held}${apart} -->`
}
