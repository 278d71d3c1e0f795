import { EVENT_ID, type Event } from 'js-yaml'
import { scalarOffset } from './offset.js'

/** An entry of a block mapping that says, letter for letter, what another above it says under another key. */
export interface Repeat {
  readonly key: string
  /** Where the key is, counted from where the mapping begins. */
  readonly at: number
  /** The key of the other. */
  readonly like: string
}

/** By the offset of the mapping they are in, in the order of the text. */
export type Repeats = ReadonlyMap<number, readonly Repeat[]>

/** A text of which the entries that repeat others are comments, so that all else stands where it stood. */
interface Shortened {
  readonly text: string
  readonly mappings: readonly Entries[]
}

/** What looks like the entries of one block mapping. */
interface Entries {
  /** Offsets of those that were left. */
  readonly left: number[]
  readonly repeats: Repeat[]
}

const SPACE = 0x20
const DASH = 0x2d
const LINE_FEED = 0x0a
const COMMENT = 0x23
/** Longer entries are looked into, as sections of the spec are. */
export const ENTRY_LENGTH = 1000
const KEY = /[A-Za-z0-9][A-Za-z0-9.-]{0,254}(?=:[ \n])/y
/** What means the same wherever it stands among its like: without anchors, aliases and tags. A key `__proto__` is told wherever it is, however it is spelt. */
const ANYWHERE = /^:(?=\s*\S)(?!.*__proto__)[^&*!#\r\t\\]*$/s

/**
 * Leaves out what a fleet says over and over: the parser then reads what differs. That the text is what it looks like, only its events
 * tell: see {@link confirmedRepeats}. `undefined` where nothing is repeated.
 */
export function withoutRepeats(text: string): Shortened | undefined {
  const mappings: Entries[] = []
  const cuts: [from: number, to: number][] = []
  const read = (from: number, to: number, isRoot: boolean): void => {
    let indent: number | undefined
    const entries: Entries = { left: [], repeats: [] }
    const first = new Map<string, { readonly key: string; isAnywhere?: boolean }>()
    mappings.push(entries)
    for (let line = from, end = from; line < to; line = end) {
      const at = line + indentAt(text, line)
      end = nextLine(text, line)
      if (isNoEntry(text, at, to) || (entries.left.length === 0 && text.startsWith('---\n', line))) continue
      indent ??= at - line
      end = endOfEntry(text, line, to, indent)
      const key = at - line === indent ? keyAt(text, at) : undefined
      const after = at + (key?.length ?? 0)
      const isShort = end - line <= ENTRY_LENGTH
      const body = isShort ? text.slice(after, end) : ''
      const like = isShort ? first.get(body) : undefined
      if (key !== undefined && like !== undefined) {
        like.isAnywhere ??= ANYWHERE.test(body)
        if (like.isAnywhere) {
          entries.repeats.push({ key, at: at - (entries.left[0] ?? at), like: like.key })
          cuts.push([line, end])
          continue
        }
      } else if (key !== undefined && isShort) first.set(body, { key })
      // What is indented otherwise is no entry: at its line there is no key.
      entries.left.push(at - line === indent ? at : line)
      if (isRoot && key !== undefined && !isShort && text.startsWith(':\n', after))
        read(nextLine(text, line), end, false)
    }
  }
  read(0, text.length, true)
  return cuts.length === 0 ? undefined : { text: commented(text, cuts), mappings }
}

/** Where the next line begins that is not deeper than an entry, and no item of a list that is its value; or the comments right above it. */
function endOfEntry(text: string, from: number, to: number, indent: number): number {
  let comments: number | undefined
  for (let line = nextLine(text, from); line < to; line = nextLine(text, line)) {
    const deep = indentAt(text, line)
    const unit = text.charCodeAt(line + deep)
    if (unit === LINE_FEED) continue
    if (deep > indent || (unit === DASH && text.charCodeAt(line + deep + 1) === SPACE)) comments = undefined
    else if (unit === COMMENT) comments ??= line
    else return comments ?? line
  }
  return comments ?? to
}

function isNoEntry(text: string, at: number, to: number): boolean {
  const unit = text.charCodeAt(at)
  return at >= to || unit === COMMENT || unit === LINE_FEED
}

function keyAt(text: string, at: number): string | undefined {
  KEY.lastIndex = at
  return KEY.exec(text)?.[0]
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end + 1
}

function indentAt(text: string, line: number): number {
  let at = line
  while (text.charCodeAt(at) === SPACE) at++
  return at - line
}

/** The text with whole lines of it as one comment each, which ends whatever might go on before it. */
function commented(text: string, cuts: readonly [from: number, to: number][]): string {
  const parts: string[] = []
  let from = 0
  for (const [start, end] of cuts) {
    const last = text.charCodeAt(end - 1) === LINE_FEED ? '\n' : '#'
    parts.push(text.slice(from, start), '#'.repeat(end - start - 1), last)
    from = end
  }
  parts.push(text.slice(from))
  return parts.join('')
}

/**
 * What was left out, by mapping, where every entry that was left is one, at its place, in a block mapping that begins with it: then
 * so were those between them. `undefined` where one is not, such as a line of a quoted text.
 */
export function confirmedRepeats({ mappings }: Shortened, text: string, events: readonly Event[]): Repeats | undefined {
  const [root, ...sections] = mappings
  const doubted = [...(root ? [root] : []), ...sections.filter(({ repeats }) => repeats.length > 0)]
  const wanted = new Map(doubted.map(({ left }) => [left[0] ?? -1, new Set(left)]))
  const open: { readonly left: Set<number> | undefined; parts: number }[] = []
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      open.pop()
      continue
    }
    const parent = open.at(-1)
    if (parent?.left && parent.parts++ % 2 === 0 && event.type === EVENT_ID.SCALAR)
      parent.left.delete(scalarOffset(text, event) ?? -1)
    if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS)
      open.push({ left: event.type === EVENT_ID.MAPPING ? wanted.get(event.start) : undefined, parts: 0 })
  }
  if ([...wanted.values()].some((left) => left.size > 0)) return undefined
  return new Map(doubted.map(({ left, repeats }) => [left[0] ?? -1, repeats]))
}
