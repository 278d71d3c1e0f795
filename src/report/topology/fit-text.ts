import { inert } from '../../render/inert.js'

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

/** How many columns of a fixed-width font a text takes. */
export function columnsOf(text: string): number {
  return [...text].reduce((sum, char) => sum + (WIDE.test(char) ? 2 : 1), 0)
}

/**
 * A text, made inert, in lines of at most `columns` columns. Lines break after a dot, colon, hyphen or space where
 * they can; what does not fit into `limit` lines ends in an ellipsis.
 */
export function fitText(text: string, columns: number, limit: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces(inert(text), columns)) {
    if (columnsOf(line + piece) > columns) {
      lines.push(line)
      line = ''
    }
    line += piece
  }
  lines.push(line)
  if (lines.length <= limit) return lines.map((text) => text.trimEnd())
  const last = [...(lines[limit - 1] as string)]
  while (columnsOf(last.join('')) > columns - 1) last.pop()
  return [...lines.slice(0, limit - 1), `${last.join('')}…`]
}

function pieces(text: string, columns: number): string[] {
  return text.split(/(?<=[.: -])/).flatMap((piece) => (columnsOf(piece) <= columns ? [piece] : chopped(piece, columns)))
}

function chopped(piece: string, columns: number): string[] {
  const parts = ['']
  for (const char of piece) {
    const part = (parts.at(-1) as string) + char
    if (columnsOf(part) > columns) parts.push(char)
    else parts[parts.length - 1] = part
  }
  return parts
}
