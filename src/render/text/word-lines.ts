import { wrapAnsi } from 'fast-wrap-ansi'
import { linesOf } from '../lines.js'
import { stringWidth } from '../string-width.js'

/** Words, and what is painted in them, without the codes that paint. */
const WORD = /[^\s\p{Cc}]+/gu

/** A text in lines of at most `columns` cells, broken between words; a word that alone is wider, between the labels of its name. */
export function wordLines(text: string, columns: number): string[] {
  const parted = text.replace(WORD, (word) => (stringWidth(word) <= columns ? word : linesOf(word, columns).join('\n')))
  return wrapAnsi(parted, columns, { hard: true })
    .split('\n')
    .map((line) => line.trimEnd())
}
