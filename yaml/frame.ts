import type { YamlContext } from './context.js'
import { type IncludedPart, joinIncluded, mergeInto } from './merge.js'
import { emptyMapping, levelsOf, type Mapping, Places, type Written } from './places.js'
import { quoted } from './report.js'

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
  #merged: Written[] | undefined
  #mergedAt = 0

  constructor(at: number, context: YamlContext) {
    this.at = at
    this.#keyAt = at
    this.#context = context
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
    this.#key = text
    this.#keyAt = at
    this.#next = 'value'
    if (!(text in this.value)) return
    this.dropKey(at)
    const first = this.#places.keyAt[this.#places.indexOf(text)] ?? at
    const hint = `It is first written in line ${this.#context.lineOf(first)}, which is what counts. Remove one of them.`
    this.#context.report('yaml-duplicate-key', at, `duplicate key ${quoted(text)}`, hint)
  }

  /** Takes the key `<<`. */
  mergeKey(at: number): void {
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
        this.#places.add(this.#key, this.#keyAt, part.at)
        this.#places.holds(levelsOf(part.value, this.#context.places))
        break
      case 'merged':
        this.#merged?.push({ value: part.value, at: this.#keyAt })
    }
    this.#next = 'key'
  }

  close(): Written {
    const { places, report, nodes } = this.#context
    for (const source of this.#merged ?? []) mergeInto(this.value, source, places, report)
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
    this.#places.valueAt.push(part.at)
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
  readonly #parts: IncludedPart[] = []

  constructor(at: number, anchor: string, context: YamlContext) {
    this.at = at
    this.anchor = anchor
    this.#context = context
  }

  addFile(part: IncludedPart): void {
    this.#parts.push(part)
  }

  add(part: Written): void {
    this.#context.report('yaml-include', part.at, WHAT_INCLUDE_TAKES)
  }

  close(): Written {
    return { value: joinIncluded(this.#parts, this.#context.places, this.#context.report), at: this.at }
  }
}
