import { groupBy } from '../records/group.js'
import type { Output } from './output.js'
import { escapeHtml, inert } from './render/inert.js'

/** What stands in the place of a secret. */
const REDACTED = '***'
/** A shorter value is a port or a flag, and its letters are in half of all words. */
const MIN_LENGTH = 6

/**
 * What must not be seen, and how it is kept out of what is printed, saved and sent. A secret is found as it is, in base64
 * (at each of the three places it can begin in a group), percent-encoded or in JSON, and as JSON, HTML and our own escapes
 * write each of these; of a secret of several lines, each line too; and of one that a text was cut in the middle of, what is
 * left in front of the `…`.
 */
export class Redaction {
  readonly #values = new Set<string>()
  readonly #onAdd: (value: string) => void
  #patterns: Patterns | undefined

  /** @param onAdd is told of every secret once, and of every line of it */
  constructor(onAdd: (value: string) => void = () => {}) {
    this.#onAdd = onAdd
  }

  /** Takes a secret; every string of it where it is a list or a mapping. A value of fewer than six characters is not one. */
  readonly add = (secret: unknown): void => {
    if (typeof secret === 'object' && secret !== null) for (const part of Object.values(secret)) this.add(part)
    if (typeof secret !== 'string' && typeof secret !== 'number') return
    for (const value of [String(secret), ...String(secret).split(/[\r\n]+/)].map((text) => text.trim())) {
      if (value.length < MIN_LENGTH || this.#values.has(value)) continue
      this.#values.add(value)
      this.#patterns = undefined
      this.#onAdd(value)
    }
  }

  /** The text without the secrets. */
  text(text: string): string {
    return this.#values.size === 0 ? text : this.#withoutRests(text.replace(this.#found().plain, REDACTED))
  }

  /** Plain data without the secrets in its strings. */
  data<T>(data: T): T {
    if (this.#values.size === 0) return data
    return this.#redacted(data) as T
  }

  /** The output, which no secret gets through, even where a line was broken in the middle of it for a terminal. */
  output(output: Output): Output {
    const shown = (text: string): string =>
      this.#values.size > 0 && output.isTerminal
        ? this.#withoutRests(text.replace(this.#found().broken, REDACTED))
        : this.text(text)
    return { ...output, write: (text) => output.write(shown(text)) }
  }

  #redacted(data: unknown): unknown {
    if (typeof data === 'string') return this.text(data)
    if (Array.isArray(data)) return data.map((item) => this.#redacted(item))
    if (typeof data !== 'object' || data === null) return data
    return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, this.#redacted(item)]))
  }

  #withoutRests(text: string): string {
    let result = ''
    let done = 0
    for (let at = text.indexOf(CUT); at >= 0; at = text.indexOf(CUT, at + 1)) {
      let end = at
      while (at - end < MOST_FENCE && text[end - 1] === '`') end -= 1
      const rests = this.#found().rests.get(text.slice(Math.max(done, end - MIN_LENGTH), end)) ?? []
      const [rest] = rests.filter((one) => text.endsWith(one, end)).sort((a, b) => b.length - a.length)
      if (rest === undefined) continue
      result += text.slice(done, end - rest.length) + REDACTED
      done = end
    }
    return result + text.slice(done)
  }

  #found(): Patterns {
    if (this.#patterns) return this.#patterns
    const forms = [...new Set([...this.#values].flatMap(formsOf))].sort((a, b) => b.length - a.length)
    const characters = forms.map((form) => Array.from(form, (char) => char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')))
    const pattern = (between: string): RegExp => new RegExp(characters.map((form) => form.join(between)).join('|'), 'g')
    const rests = groupBy(forms.flatMap(beginningsOf), (rest) => rest.slice(-MIN_LENGTH))
    this.#patterns = { plain: pattern(''), broken: pattern(`(?:${STYLE}\\n *${STYLE})?`), rests }
    return this.#patterns
  }
}

interface Patterns {
  readonly plain: RegExp
  /** Finds a secret in which a line was broken too. */
  readonly broken: RegExp
  /** What may be left of a secret, by its last six characters. */
  readonly rests: ReadonlyMap<string, readonly string[]>
}

/** Stands where a text was cut, behind the backticks of a code span if it was in one. */
const CUT = '…'
const MOST_FENCE = 9

/** What can be left of a text that was cut, where it is long enough to be known again. */
function beginningsOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - MIN_LENGTH) }, (_, index) => text.slice(0, MIN_LENGTH + index))
}

/** Escape sequences of colours, which end before a line is broken and begin again after it. */
const STYLE = `(?:${String.fromCharCode(27)}\\[[0-9;]{1,12}m){0,4}`

/** The spellings in which a secret can come back from an API or a library, and what our own renderers make of them. */
function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret)
  const base64 = [0, 1, 2].map((before) => base64Of(secret, before))
  const foreign = [
    secret,
    inJson(secret),
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]
  return foreign
    .flatMap((text) => [text, inJson(text), inert(text), inJson(inert(text)), escapeHtml(text)])
    .filter((form) => form.length >= MIN_LENGTH)
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** The characters of base64 that the secret alone decides where `before` octets (modulo 3) stand before it. */
function base64Of(secret: string, before: number): string {
  const octets = Buffer.from(secret)
  const text = Buffer.concat([Buffer.alloc(before), octets])
    .toString('base64')
    .replace(/=+$/, '')
  const whole = Math.floor(((before + octets.length) * 8) / 6)
  return text.slice(Math.ceil((before * 8) / 6), whole)
}
