import type { Span, YamlItem, YamlMapping, YamlNode, YamlPair, YamlScalar, YamlSequence } from './nodes.js'

/**
 * The mapping that a text is, where it is written as zone files mostly are: block style in printable ASCII, each key and each
 * scalar whole on its line, mappings in brackets too, and no anchor, alias, tag, escape or remark behind a value. Undefined for all
 * else that YAML has. Ten times as fast as js-yaml, which gives the same nodes (`yaml/edit/tree.ts`).
 */
export function plainMapping(text: string): YamlMapping | undefined {
  return PLAIN.test(text) ? new PlainReader(text).read() : undefined
}

/** What is indented further is nested deeper than a zone ever is. */
const MAX_COLUMN = 64
const PLAIN = /^[\n -~]*$/
const MARKER = '---\n'
const KEY = /(?:\w[\w./-]*|'[^'\n]*'):(?= |\n|$)/y
/** Behind its first character: `: ` would make a key of it, ` #` a remark, and a blank at the end is none of its. */
const SCALAR = /[\w/+.\\](?:[^ :\n]|:(?=[^ \n])| (?=[^#\n]))*(?=\n|$)/y
const QUOTED = /(?:'[^'\n]*'|"[^"\\\n]*")(?=\n|$)/y
const FLOW_SCALAR = /[\w/+.\\](?:[^ :,[\]{}\n]|:(?=[^ ,[\]{}\n])| (?=[^ #,[\]{}\n]))*/y
const FLOW_QUOTED = /'[^'\n]*'|"[^"\\\n]*"/y

class PlainReader {
  readonly #text: string
  /** Of what is to be read next: the first character of a line, or what follows a dash. */
  #at = 0
  /** Its column; -1 at the end of the text. */
  #column = -1

  constructor(text: string) {
    this.#text = text
  }

  read(): YamlMapping | undefined {
    this.#toContent(0)
    if (this.#column === 0 && this.#text.startsWith(MARKER, this.#at)) this.#toContent(this.#at + MARKER.length)
    if (this.#column !== 0) return undefined
    const root = this.#text[this.#at] === '{' ? this.#braces() : this.#mapping()
    if (root?.flow === true && !this.#endLine(root)) return undefined
    return this.#column < 0 ? root : undefined
  }

  /** Goes to the first line from `from` on, where one begins, that is neither empty nor a remark. */
  #toContent(from: number): void {
    const text = this.#text
    for (let [start, at] = [from, from]; at < text.length; ) {
      const char = text.charCodeAt(at)
      if (char === SPACE) at++
      else if (char === LINE_FEED) start = ++at
      else if (char === HASH) {
        const end = text.indexOf('\n', at)
        start = at = end < 0 ? text.length : end + 1
      } else {
        this.#at = at
        this.#column = at - start
        return
      }
    }
    this.#at = text.length
    this.#column = -1
  }

  /** Goes to the line after what was read, where that ends its own. */
  #endLine({ end }: Span): boolean {
    if (end < this.#text.length && this.#text.charCodeAt(end) !== LINE_FEED) return false
    this.#toContent(end)
    return true
  }

  /** What stands on lines of its own. */
  #block(): YamlNode | undefined {
    if (this.#column > MAX_COLUMN) return undefined
    return this.#isDash() ? this.#sequence() : this.#mapping()
  }

  #isDash(): boolean {
    return this.#text.startsWith('- ', this.#at)
  }

  #mapping(): YamlMapping | undefined {
    const [start, column] = [this.#at, this.#column]
    const pairs: YamlPair[] = []
    do {
      const pair = this.#pair(column)
      if (!pair) return undefined
      pairs.push(pair)
    } while (this.#column === column)
    if (this.#column > column) return undefined
    return { kind: 'mapping', start, contentStart: start, end: endOf(pairs), flow: false, pairs }
  }

  #pair(column: number): YamlPair | undefined {
    const key = this.#key()
    if (!key) return undefined
    const valueFrom = key.end + 1
    this.#at = this.#skipBlanks(valueFrom)
    const value = this.#isLineEnd() ? this.#below(column) : this.#inline()
    return value && { start: key.start, end: value.end, key, valueFrom, value }
  }

  #isLineEnd(): boolean {
    return this.#at === this.#text.length || this.#text.charCodeAt(this.#at) === LINE_FEED
  }

  /** The value that begins on the line below its key; a list may stand in the column of the key. */
  #below(column: number): YamlNode | undefined {
    this.#toContent(this.#at)
    return this.#column > column || (this.#column === column && this.#isDash()) ? this.#block() : undefined
  }

  #sequence(): YamlSequence | undefined {
    const [start, column] = [this.#at, this.#column]
    const items: YamlItem[] = []
    while (this.#column === column && this.#isDash()) {
      const dash = this.#at
      this.#at += 2
      this.#column += 2
      const node = matched(KEY, this.#text, this.#at) < 0 ? this.#inline() : this.#mapping()
      if (!node || this.#column > column) return undefined
      items.push({ start: dash, end: node.end, node })
    }
    return { kind: 'sequence', start, contentStart: start, end: endOf(items), flow: false, items }
  }

  /** What stands on one line, to its end. */
  #inline(): YamlNode | undefined {
    const node = this.#text[this.#at] === '{' ? this.#braces() : this.#scalar(SCALAR, QUOTED)
    return node && this.#endLine(node) ? node : undefined
  }

  #braces(): YamlMapping | undefined {
    const start = this.#at
    const pairs: YamlPair[] = []
    this.#at = this.#skipBlanks(start + 1)
    while (pairs.length > 0 || this.#text[this.#at] !== '}') {
      const key = this.#key()
      if (!key) return undefined
      const valueFrom = key.end + 1
      this.#at = this.#skipBlanks(valueFrom)
      const value = this.#scalar(FLOW_SCALAR, FLOW_QUOTED)
      if (!value) return undefined
      pairs.push({ start: key.start, end: value.end, key, valueFrom, value })
      this.#at = this.#skipBlanks(value.end)
      if (this.#text[this.#at] !== ',') break
      this.#at = this.#skipBlanks(this.#at + 1)
    }
    if (this.#text[this.#at] !== '}') return undefined
    return { kind: 'mapping', start, contentStart: start, end: this.#at + 1, flow: true, pairs }
  }

  #key(): YamlScalar | undefined {
    const end = matched(KEY, this.#text, this.#at)
    return end < 0 ? undefined : scalar(this.#text, this.#at, end - 1)
  }

  #scalar(plain: RegExp, quoted: RegExp): YamlScalar | undefined {
    const end = Math.max(matched(plain, this.#text, this.#at), matched(quoted, this.#text, this.#at))
    return end < 0 ? undefined : scalar(this.#text, this.#at, end)
  }

  #skipBlanks(from: number): number {
    let at = from
    while (this.#text.charCodeAt(at) === SPACE) at++
    return at
  }
}

const SPACE = 0x20
const LINE_FEED = 0x0a
const HASH = 0x23

/** Where the match that begins at an offset ends; -1 where none does. */
function matched(form: RegExp, text: string, at: number): number {
  form.lastIndex = at
  return form.test(text) ? form.lastIndex : -1
}

function scalar(text: string, start: number, end: number): YamlScalar {
  const plain = text[start] !== "'" && text[start] !== '"'
  const value = plain ? text.slice(start, end) : text.slice(start + 1, end - 1)
  return { kind: 'scalar', start, contentStart: start, end, value, plain }
}

function endOf(parts: readonly Span[]): number {
  return (parts.at(-1) as Span).end
}
