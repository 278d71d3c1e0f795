import { YAML_LIMITS } from './limits.js'
import { emptyMapping, levelsOf, type Mapping, Places, type PlacesByValue, type Written } from './places.js'
import { ENTRY_LENGTH } from './repeats.js'
import { plainScalar } from './scalar.js'

/** What a file of JSON holds, and where its parts stand. */
export interface JsonContents extends Written {
  readonly places: PlacesByValue
  /** As {@link Places.nodes} has it, of the whole. */
  readonly nodes: number
}

/**
 * Reads a text that is JSON (RFC 8259) as the YAML that it is too, several times as fast: what a generator wrote has no anchors,
 * tags or includes. `undefined` for all else, and for whatever the two may take differently or would be reported: a duplicate
 * key, tabs, a nesting that is too deep. Such a text is to be read as YAML, which says what is wrong and where.
 *
 * @param start offset of the text in `SourceTexts`
 */
export function readJson(text: string, start: number): JsonContents | undefined {
  if (!/^[ \n]*[{[]/.test(text) || UNUSUAL.test(text)) return undefined
  return new JsonText(text, start).read()
}

/** What YAML may refuse, or count as the end of a line (YAML 1.2.2, sections 5.1 and 5.4), and tabs. */
const UNUSUAL = /[^\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/
/** Of a key that YAML need not look further for its colon (YAML 1.2.2, section 7.4.2). */
const KEY_LENGTH = 1000

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const LIST = 0x5b
const BACKSLASH = 0x5c
const LIST_END = 0x5d
const MAPPING = 0x7b
const MAPPING_END = 0x7d

/** A mapping or list, which ends where its brackets are closed, whatever follows. */
interface Recent {
  readonly text: string
  readonly value: object
  readonly nodes: number
}

/** From so many keys on a mapping may be a fleet, of which many members are the same. */
const MANY_KEYS = 16
const MOST_RECENT = 16

class JsonText {
  readonly #text: string
  readonly #start: number
  readonly #places: PlacesByValue = new Map<unknown, Places>()
  #at = 0
  #depth = 0
  #nodes = 0
  /** Where the line ends that is being read. */
  #lineEnd = -1

  constructor(text: string, start: number) {
    this.#text = text
    this.#start = start
  }

  read(): JsonContents | undefined {
    this.#space()
    const at = this.#start + this.#at
    const value = this.#value()
    this.#space()
    if (value === undefined || this.#at < this.#text.length) return undefined
    return { value, at, places: this.#places, nodes: this.#nodes }
  }

  /** The value at the place; `undefined` where it is none of JSON. */
  #value(): unknown {
    if (++this.#nodes > YAML_LIMITS.nodes) return undefined
    switch (this.#text.charCodeAt(this.#at)) {
      case QUOTE:
        return this.#string()
      case LIST:
        return this.#list()
      case MAPPING:
        return this.#mapping()
      default:
        return this.#word()
    }
  }

  #mapping(): Mapping | undefined {
    const mapping = emptyMapping()
    const places = new Places()
    const begin = this.#at
    const recent: Recent[] = []
    const isWhole = this.#parts(mapping, places, MAPPING_END, () => {
      const keyAt = this.#at
      this.#nodes++
      const key = this.#text.charCodeAt(keyAt) === QUOTE ? this.#string() : undefined
      if (key === undefined || key.length > KEY_LENGTH || key in mapping) return false
      while (this.#text[this.#at] === ' ') this.#at++
      if (this.#text.charCodeAt(this.#at) !== COLON) return false
      this.#at++
      this.#space()
      const valueAt = this.#at
      const value = places.keys.length < MANY_KEYS ? this.#value() : this.#valueLike(recent)
      if (value === undefined) return false
      mapping[key] = value
      places.add(key, keyAt - begin, valueAt - begin)
      places.holds(levelsOf(value, this.#places))
      return true
    })
    return isWhole ? mapping : undefined
  }

  /** The value at the place; the same object as a recent one that is written the same. */
  #valueLike(recent: Recent[]): unknown {
    const begin = this.#at
    const before = recent.find(({ text }) => this.#text.startsWith(text, begin))
    if (before) {
      this.#at += before.text.length
      this.#nodes += before.nodes
      return before.value
    }
    const nodes = this.#nodes
    const value = this.#value()
    if (typeof value !== 'object' || value === null || this.#at - begin > ENTRY_LENGTH) return value
    const text = this.#text.slice(begin, this.#at)
    // A key `__proto__` is told wherever it is, however it is spelt.
    if (text.includes('__proto__') || text.includes('\\')) return value
    recent.unshift({ text, value, nodes: this.#nodes - nodes })
    if (recent.length > MOST_RECENT) recent.pop()
    return value
  }

  #list(): unknown[] | undefined {
    const list: unknown[] = []
    const places = new Places()
    const begin = this.#at
    const isWhole = this.#parts(list, places, LIST_END, () => {
      places.valueAt.push(this.#at - begin)
      const value = this.#value()
      if (value === undefined) return false
      list.push(value)
      places.holds(levelsOf(value, this.#places))
      return true
    })
    return isWhole ? list : undefined
  }

  /** Reads what stands between brackets, with commas between; whether all of it is JSON. */
  #parts(whole: object, places: Places, end: number, readPart: () => boolean): boolean {
    const before = this.#nodes - 1
    if (++this.#depth > YAML_LIMITS.levels) return false
    this.#places.set(whole, places)
    this.#at++
    this.#space()
    if (this.#text.charCodeAt(this.#at) !== end)
      for (;;) {
        if (!readPart()) return false
        this.#space()
        const next = this.#text.charCodeAt(this.#at)
        if (next === end) break
        if (next !== COMMA) return false
        this.#at++
        this.#space()
      }
    this.#at++
    this.#depth--
    places.close(this.#nodes - before)
    return true
  }

  #string(): string | undefined {
    const text = this.#text
    const begin = this.#at + 1
    if (this.#lineEnd < begin) this.#lineEnd = this.#next('\n', begin)
    let end = this.#next('"', begin)
    while (isEscaped(text, end)) end = this.#next('"', end + 1)
    if (end >= this.#lineEnd) return undefined
    this.#at = end + 1
    const raw = text.slice(begin, end)
    return raw.includes('\\') ? unescaped(raw) : raw
  }

  /** A number, true, false or null, with the value that it has as YAML. */
  #word(): unknown {
    const word = /(?:-?\d[\d.eE+-]*|true|false|null)(?=[\s,\]}]|$)/y
    word.lastIndex = this.#at
    const [found] = word.exec(this.#text) ?? []
    if (found === undefined) return undefined
    this.#at += found.length
    return plainScalar(found)
  }

  #space(): void {
    for (let unit = this.#text[this.#at]; unit === ' ' || unit === '\n'; ) unit = this.#text[++this.#at]
  }

  #next(char: string, from: number): number {
    const found = this.#text.indexOf(char, from)
    return found < 0 ? this.#text.length : found
  }
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(text: string, at: number): boolean {
  let from = at
  while (text.charCodeAt(from - 1) === BACKSLASH) from--
  return (at - from) % 2 === 1
}

function unescaped(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`)
  } catch {
    return undefined
  }
}
