import { inert } from '../../render/inert.js'
import { linesOf } from '../../render/lines.js'
import { stringWidth } from '../../render/string-width.js'

/**
 * A text, made inert, in lines of at most `columns` columns of a fixed-width font. Lines break after a dot, colon, hyphen or
 * space where they can; what does not fit into `limit` lines ends in an ellipsis.
 */
export function fitText(text: string, columns: number, limit: number): string[] {
  const lines = linesOf(inert(text), columns, /(?<=[.: -])/)
  if (lines.length <= limit) return lines.map((line) => line.trimEnd())
  const last = [...(lines[limit - 1] as string)]
  while (stringWidth(last.join('')) > columns - 1) last.pop()
  return [...lines.slice(0, limit - 1), `${last.join('')}…`]
}
