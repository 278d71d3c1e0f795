/** A piece of a configuration: what it is about, and its lines. */
export interface Piece {
  /** Sentences, a line each. */
  readonly about: readonly string[]
  readonly lines: readonly string[]
}

/** The lines of another file, to be copied there: comments in this one. */
export interface OtherFile {
  readonly about: readonly string[]
  readonly file: string
  readonly content: readonly string[]
  /** What is to be run once it is there. */
  readonly next?: string
}

/** The whole text: pieces, then other files, each with what it is about as a comment. @param comment how a comment begins */
export function configText(comment: string, head: readonly string[], pieces: readonly (Piece | OtherFile)[]): string {
  const commented = (line: string): string => (line === '' ? comment : `${comment} ${line}`)
  const blocks = pieces.map((piece) =>
    'file' in piece
      ? [
          ...piece.about.map(commented),
          commented(`${piece.file}:`),
          ...piece.content.map((line) => commented(`    ${line}`)),
          ...(piece.next === undefined ? [] : [commented(`Then: ${piece.next}`)]),
        ]
      : [...piece.about.map(commented), ...piece.lines],
  )
  return [head.map(commented), ...blocks].map((block) => `${block.join('\n')}\n`).join('\n')
}
