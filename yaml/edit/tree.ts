import {
  CHOMPING_MODE,
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  parseEvents,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
  YAMLException,
} from 'js-yaml'
import type { Span, Written, YamlAlias, YamlItem, YamlNode, YamlPair } from './nodes.js'
import { plainMapping } from './plain-tree.js'
import { skipTrivia } from './text.js'

export interface YamlTree {
  readonly text: string
  /** One a document; an empty scalar where a document has no content. */
  readonly roots: readonly YamlNode[]
  /** The nodes that an alias means: a change of one changes other places too. */
  readonly shared: ReadonlySet<YamlNode>
}

/**
 * Reads YAML into nodes that know where they are written, so that an edit replaces exactly their octets and keeps all others.
 * Throws js-yaml's `YAMLException`.
 */
export function parseTree(text: string): YamlTree {
  const plain = plainMapping(text)
  return plain ? { text, roots: [plain], shared: new Set() } : new TreeBuilder(text).build()
}

type CollectionEvent = MappingEvent | SequenceEvent
type NodeEvent = CollectionEvent | ScalarEvent | Extract<Event, { type: typeof EVENT_ID.ALIAS }>

class TreeBuilder {
  readonly #text: string
  readonly #events: readonly Event[]
  readonly #anchors = new Map<string, YamlNode>()
  readonly #shared = new Set<YamlNode>()
  #next = 0

  constructor(text: string) {
    this.#text = text
    this.#events = parseEvents(text, {})
  }

  build(): YamlTree {
    const roots: YamlNode[] = []
    while (this.#next < this.#events.length) {
      this.#next++
      this.#anchors.clear()
      const event = this.#events[this.#next] as NodeEvent
      roots.push(this.#node('start' in event ? (propertiesOf(event)?.start ?? event.start) : 0))
      this.#next++
    }
    return { text: this.#text, roots, shared: this.#shared }
  }

  #node(from: number): YamlNode {
    const event = this.#events[this.#next++] as NodeEvent
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event.anchorStart, event.anchorEnd)
    const properties = propertiesOf(event)
    const written = {
      start: properties?.start ?? ('start' in event ? event.start : this.#startOf(event, from)),
      contentStart: 'start' in event ? event.start : this.#startOf(event, properties?.end ?? from),
      ...(event.tagStart >= 0 && { tag: this.#text.slice(event.tagStart, event.tagEnd) }),
    }
    const node = this.#content(event, written, properties?.end ?? from)
    if (event.anchorStart >= 0) this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), node)
    return node
  }

  #content(event: CollectionEvent | ScalarEvent, written: Omit<Written, 'end'>, from: number): YamlNode {
    if (event.type === EVENT_ID.SCALAR) {
      const value = event.valueStart < 0 ? '' : getScalarValue(this.#text, event)
      const end = event.valueStart < 0 ? from : this.#endOf(event, written.contentStart)
      return { kind: 'scalar', ...written, end, value, plain: event.style === SCALAR_STYLE.PLAIN }
    }
    const flow = event.style === COLLECTION_STYLE.FLOW
    const bracketed = flow && '[{'.includes(this.#text[event.start] as string)
    const inner = bracketed ? event.start + 1 : event.start
    if (event.type === EVENT_ID.SEQUENCE) {
      const items = this.#items(inner, flow)
      return { kind: 'sequence', ...written, end: this.#close(bracketed, items, inner), flow, items }
    }
    const pairs = this.#pairs(inner, flow)
    return { kind: 'mapping', ...written, end: this.#close(bracketed, pairs, inner), flow, pairs }
  }

  #items(from: number, flow: boolean): YamlItem[] {
    const items: YamlItem[] = []
    for (let at = from; !this.#pop(); ) {
      const dash = skipTrivia(this.#text, at, flow)
      const node = this.#node(flow ? dash : dash + 1)
      items.push({ start: flow ? node.start : dash, end: node.end, node })
      at = node.end
    }
    return items
  }

  #pairs(from: number, flow: boolean): YamlPair[] {
    const pairs: YamlPair[] = []
    for (let at = from; !this.#pop(); ) {
      const start = skipTrivia(this.#text, at, flow)
      const explicit = this.#text[start] === '?' && /^\s?$/.test(this.#text.charAt(start + 1))
      const key = this.#node(explicit ? start + 1 : start)
      const colon = skipTrivia(this.#text, key.end)
      const valueFrom = this.#text[colon] === ':' ? colon + 1 : key.end
      const value = this.#node(valueFrom)
      at = Math.max(value.end, valueFrom)
      pairs.push({ start, end: at, key, valueFrom, value })
    }
    return pairs
  }

  #pop(): boolean {
    if (this.#events[this.#next]?.type !== EVENT_ID.POP) return false
    this.#next++
    return true
  }

  #close(bracketed: boolean, parts: readonly Span[], inner: number): number {
    const end = parts.at(-1)?.end ?? inner
    return bracketed ? skipTrivia(this.#text, end, true) + 1 : end
  }

  #startOf(event: ScalarEvent, from: number): number {
    if (event.valueStart < 0) return from
    if (event.style === SCALAR_STYLE.PLAIN) return event.valueStart
    if (event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED)
      return event.valueStart - 1
    return skipTrivia(this.#text, from)
  }

  #endOf(event: ScalarEvent, contentStart: number): number {
    if (event.style === SCALAR_STYLE.PLAIN) return event.valueEnd
    if (event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED)
      return event.valueEnd + 1
    const lines = this.#text.slice(event.valueStart, event.valueEnd)
    const kept = event.chomping === CHOMPING_MODE.KEEP ? lines.replace(/\r?\n$/, '') : lines.trimEnd()
    if (kept !== '') return event.valueStart + kept.length
    return contentStart + (/^[|>][-+\d]*/.exec(this.#text.slice(contentStart, contentStart + 4))?.[0].length ?? 1)
  }

  #alias(anchorStart: number, end: number): YamlAlias {
    const anchor = this.#text.slice(anchorStart, end)
    const target = this.#anchors.get(anchor)
    if (!target) return YAMLException.throwAt(this.#text, anchorStart - 1, `no anchor &${anchor} stands above`)
    this.#shared.add(target)
    return { kind: 'alias', start: anchorStart - 1, contentStart: anchorStart - 1, end, anchor, target }
  }
}

/** Where the anchor and the tag of a node stand. */
function propertiesOf(event: CollectionEvent | ScalarEvent): Span | undefined {
  const starts = [event.anchorStart - 1, event.tagStart].filter((start) => start >= 0)
  if (starts.length === 0) return undefined
  return { start: Math.min(...starts), end: Math.max(event.anchorEnd, event.tagEnd) }
}
