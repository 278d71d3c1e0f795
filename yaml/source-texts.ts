/** A place in a file. `line` and `column` are 1-based; a column is a UTF-16 unit, as editors count. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
}

interface SourceText {
  readonly file: string
  readonly text: string
  lineStarts?: readonly number[]
}

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

/**
 * The files of one spec laid end to end, so that a place in any of them is one number: its offset in the whole.
 * A number is cheap enough to be kept for every key and value; lines are counted when somebody asks.
 */
export class SourceTexts {
  readonly #texts: SourceText[] = []
  readonly #starts: number[] = []
  #end = 0

  /** Appends a file and returns where it starts. */
  add(file: string, text: string): number {
    const start = this.#end
    this.#texts.push({ file, text })
    this.#starts.push(start)
    this.#end += text.length + 1
    return start
  }

  position(at: number): Position {
    const index = lastAtMost(this.#starts, at)
    const source = this.#texts[index]
    if (source === undefined) throw new RangeError(`no source text holds offset ${at}`)
    source.lineStarts ??= lineStarts(source.text)
    const offset = at - (this.#starts[index] ?? 0)
    const line = lastAtMost(source.lineStarts, offset)
    return { file: source.file, line: line + 1, column: offset - (source.lineStarts[line] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === LINE_FEED || (unit === CARRIAGE_RETURN && text.charCodeAt(at + 1) !== LINE_FEED)) starts.push(at + 1)
  }
  return starts
}

/** Index of the last of the ascending numbers that is not above `value`. */
function lastAtMost(ascending: readonly number[], value: number): number {
  let low = 0
  let high = ascending.length
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? 0) <= value) low = middle
    else high = middle
  }
  return low
}
