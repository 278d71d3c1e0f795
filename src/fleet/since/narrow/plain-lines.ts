/**
 * Whether no line of block style YAML opens what it does not close: no quotes, and no flow style, go on in the next line.
 * False for all that is not plainly so. A line within a scalar of several lines opens nothing, whatever is in it.
 */
export function hasClosedLines(text: string): boolean {
  for (const [line] of text.matchAll(/[^\n]*["'[\]{}][^\n]*/g)) if (!new Line(line).isClosed()) return false
  return true
}

const QUOTES: Readonly<Record<string, RegExp>> = { '"': /"(?:[^"\\]|\\.)*"/y, "'": /'(?:[^']|'')*'/y }

class Line {
  readonly #line: string
  #at = 0
  #depth = 0
  /** A value or key may begin here; it goes on here, without quotes; it has ended. */
  #state: 'begin' | 'plain' | 'end' = 'begin'

  constructor(line: string) {
    this.#line = line
  }

  isClosed(): boolean {
    for (; this.#at < this.#line.length; this.#at++) {
      const unit = this.#line[this.#at] as string
      if (unit === ' ') continue
      if (unit === '#' && (this.#at === 0 || this.#line[this.#at - 1] === ' ')) break
      if (!this.#takes(unit)) return false
    }
    return this.#depth === 0
  }

  #takes(unit: string): boolean {
    if (unit === '"' || unit === "'") return this.#state === 'begin' && this.#quoted(QUOTES[unit] as RegExp)
    if (unit === '[' || unit === '{') {
      this.#depth++
      return this.#state === 'begin'
    }
    if (unit === ']' || unit === '}') {
      this.#state = 'end'
      return --this.#depth >= 0
    }
    if (unit === ',' && this.#depth > 0) this.#state = 'begin'
    else if (unit === ':' && (this.#state === 'end' || /^[ ,[\]{}]?$/.test(this.#line[this.#at + 1] ?? '')))
      this.#state = 'begin'
    else if (this.#state === 'end') return false
    else if (this.#state === 'begin') this.#begins(unit)
    return true
  }

  #quoted(text: RegExp): boolean {
    text.lastIndex = this.#at
    const [found] = text.exec(this.#line) ?? []
    if (found === undefined) return false
    this.#at += found.length - 1
    this.#state = 'end'
    return true
  }

  /** After the dash of a list, a tag or an anchor a value may begin; else one begins. */
  #begins(unit: string): void {
    if (unit === '-' && this.#depth === 0 && this.#line[this.#at + 1] === ' ') return
    if (unit !== '!' && unit !== '&') this.#state = 'plain'
    else while (/[^ ,[\]{}]/.test(this.#line[this.#at + 1] ?? ' ')) this.#at++
  }
}
