import { quoted } from '../records/cut.js'
import type { YamlContext } from './context.js'
import { joinIncluded, mergeInto, type NamedPart } from './merge.js'
import { emptyMapping, levelsOf, type Mapping, Places, type Written } from './places.js'
import type { Repeat } from './repeats.js'

/** A mapping or list that is being read. */
export interface YamlFrame {
  /** Takes the next value. */
  add(part: Written): void
  /** The whole, once every part of it has been read. */
  close(): Written
}

/** A mapping: takes keys and values by turns. */
export class MappingFrame implements YamlFrame {
  readonly value: Mapping = emptyMapping()
  readonly at: number
  readonly #context: YamlContext
  readonly #places = new Places()
  readonly #nodesBefore: number
  #next: 'key' | 'value' | 'merged' | 'unused' = 'key'
  #key = ''
  #keyAt: number
  #merged: NamedPart[] | undefined
  #mergedAt = 0
  readonly #repeats: readonly Repeat[]
  #repeated = 0

  /** @param repeats what else is in it, each after the entry that it repeats; at places that count from where it begins */
  constructor(at: number, context: YamlContext, repeats: readonly Repeat[] = []) {
    this.at = at
    this.#keyAt = at
    this.#context = context
    this.#repeats = repeats
    this.#nodesBefore = context.nodes - 1
    context.places.set(this.value, this.#places)
  }

  get awaitsKey(): boolean {
    return this.#next === 'key'
  }

  get keyAt(): number {
    return this.#keyAt
  }

  key(text: string, at: number): void {
    this.#addRepeats(at)
    this.#key = text
    this.#keyAt = at
    this.#next = 'value'
    if (!(text in this.value)) return
    this.dropKey(at)
    this.#reportTwice(text, at)
  }

  /** Takes the key `<<`. */
  mergeKey(at: number): void {
    this.#addRepeats(at)
    this.#keyAt = at
    this.#next = 'merged'
    if (this.#merged === undefined) {
      this.#merged = []
      this.#mergedAt = at
      return
    }
    const hint = `It is first written in line ${this.#context.lineOf(this.#mergedAt)}. Merge a list there: "<<: [*one, *two]".`
    this.#context.report('yaml-duplicate-key', at, 'duplicate key "<<"', hint)
  }

  /** Passes over a key that cannot be, and over its value. */
  dropKey(at: number): void {
    this.#keyAt = at
    this.#next = 'unused'
  }

  add(part: Written): void {
    switch (this.#next) {
      case 'key':
        this.#context.report('yaml-key', part.at, 'a key must be plain text')
        this.dropKey(part.at)
        return
      case 'value':
        this.value[this.#key] = part.value
        this.#places.add(this.#key, this.#keyAt - this.at, part.at - this.at)
        this.#places.holds(levelsOf(part.value, this.#context.places))
        break
      case 'merged':
        this.#merged?.push({ ...part, namedAt: this.#keyAt })
    }
    this.#next = 'key'
  }

  /** Adds the repeats that are written before a place. */
  #addRepeats(end: number): void {
    for (let repeat = this.#repeats[this.#repeated]; repeat; repeat = this.#repeats[++this.#repeated]) {
      const { key, like, at } = repeat
      if (this.at + at >= end) return
      const value = this.value[like]
      const first = this.#places.indexOf(like)
      const shift = (this.#places.valueAt[first] ?? 0) - (this.#places.keyAt[first] ?? 0) - like.length
      if (key in this.value) this.#reportTwice(key, this.at + at)
      else if (this.#context.count(1 + (this.#context.places.get(value)?.nodes ?? 1), this.at + at)) {
        this.value[key] = value
        this.#places.add(key, at, at + key.length + shift)
      }
    }
  }

  #reportTwice(key: string, at: number): void {
    const first = this.at + (this.#places.keyAt[this.#places.indexOf(key)] ?? 0)
    const hint = `It is first written in line ${this.#context.lineOf(first)}, which is what counts. Remove one of them.`
    this.#context.report('yaml-duplicate-key', at, `duplicate key ${quoted(key)}`, hint)
  }

  close(): Written {
    this.#addRepeats(Number.POSITIVE_INFINITY)
    const { places, report, nodes } = this.#context
    for (const source of this.#merged ?? []) mergeInto(this, source, places, report)
    this.#places.close(nodes - this.#nodesBefore)
    return this
  }
}

/** A list. */
export class ListFrame implements YamlFrame {
  readonly value: unknown[] = []
  readonly at: number
  readonly #context: YamlContext
  readonly #places = new Places()
  readonly #nodesBefore: number

  constructor(at: number, context: YamlContext) {
    this.at = at
    this.#context = context
    this.#nodesBefore = context.nodes - 1
    context.places.set(this.value, this.#places)
  }

  add(part: Written): void {
    this.value.push(part.value)
    this.#places.valueAt.push(part.at - this.at)
    this.#places.holds(levelsOf(part.value, this.#context.places))
  }

  close(): Written {
    this.#places.close(this.#context.nodes - this.#nodesBefore)
    return this
  }
}

export const WHAT_INCLUDE_TAKES = '!include takes the name of a file, or a list of names'

/** The list of files of an `!include`: becomes what they hold. */
export class IncludeFrame implements YamlFrame {
  readonly at: number
  /** Name of the anchor for what the files hold, or ''. */
  readonly anchor: string
  readonly #context: YamlContext
  readonly #parts: NamedPart[] = []

  constructor(at: number, anchor: string, context: YamlContext) {
    this.at = at
    this.anchor = anchor
    this.#context = context
  }

  addFile(part: NamedPart): void {
    this.#parts.push(part)
  }

  add(part: Written): void {
    this.#context.report('yaml-include', part.at, WHAT_INCLUDE_TAKES)
  }

  close(): Written {
    return { value: joinIncluded(this.#parts, this.at, this.#context.places, this.#context.report), at: this.at }
  }
}
