import {
  type AliasEvent,
  type DocumentDirective,
  type DocumentEvent,
  EVENT_ID,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml'
import { quoted } from '../records/cut.js'
import type { YamlContext } from './context.js'
import { INCLUDE_TAG, LINES_TAG, type YamlFile } from './files.js'
import { IncludeFrame, ListFrame, MappingFrame, WHAT_INCLUDE_TAKES, type YamlFrame } from './frame.js'
import { dashOffset, scalarOffset } from './offset.js'
import type { Written } from './places.js'
import { plainScalar, SCALAR_TAGS, shortTag, taggedScalar, tagName } from './scalar.js'

/** The value of the one document of a file; `null` when it has none. */
export function composeDocument(file: YamlFile, context: YamlContext): Written {
  return new YamlDocument(file, context).compose()
}

const MERGE_KEY = '<<'
const LIST_TAG = 'tag:yaml.org,2002:seq'
const MAPPING_TAG = 'tag:yaml.org,2002:map'
const TAGS: readonly string[] = [INCLUDE_TAG, LINES_TAG, LIST_TAG, MAPPING_TAG, ...SCALAR_TAGS.keys()]
/** The tag `!`: not a plain scalar, whatever it looks like. */
const UNSPECIFIC_TAG = '!'

/** What an anchor names; `text` is what a scalar is as a key. */
interface Anchored extends Written {
  readonly text?: string
}

class YamlDocument {
  readonly #file: YamlFile
  readonly #context: YamlContext
  readonly #anchors = new Map<string, Anchored>()
  readonly #frames: YamlFrame[] = []
  #directives: readonly DocumentDirective[] | undefined
  #root: Written
  /** Offset up to which the text has been read. */
  #cursor = 0

  constructor(file: YamlFile, context: YamlContext) {
    this.#file = file
    this.#context = context
    this.#root = { value: null, at: file.start }
  }

  compose(): Written {
    for (const event of this.#file.events) {
      if (event.type === EVENT_ID.POP) {
        this.#close()
        continue
      }
      if (!this.#context.count(1, this.#file.start + this.#cursor)) break
      if (event.type === EVENT_ID.SCALAR) this.#scalar(event)
      else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) this.#open(event)
      else if (event.type === EVENT_ID.ALIAS) this.#alias(event)
      else if (this.#directives !== undefined) {
        this.#reportSecondDocument(event)
        break
      } else this.#directives = event.directives
    }
    return this.#root
  }

  #reportSecondDocument(event: DocumentEvent): void {
    const { text, start } = this.#file
    const marker = text.indexOf(event.explicitStart ? '\n---' : '\n...', this.#cursor) + 1
    const hint = 'Keep one document in a file, and !include the others.'
    this.#context.report('yaml-documents', start + marker, 'a second document begins here', hint)
  }

  #scalar(event: ScalarEvent): void {
    const frame = this.#frames.at(-1)
    const text = getScalarValue(this.#file.text, event)
    const at = this.#scalarAt(event, frame)
    const tag = this.#tagOf(event)
    const isKey = frame instanceof MappingFrame && frame.awaitsKey
    if (frame instanceof IncludeFrame) {
      const included = this.#context.include(this.#file, text, this.#frames.length, at)
      frame.addFile({ value: included?.value ?? null, at: included?.at ?? at, namedAt: at })
      return
    }
    if ((tag === INCLUDE_TAG || tag === LINES_TAG) && !isKey) {
      const tagAt = this.#file.start + event.tagStart
      const included = this.#context.include(this.#file, text, this.#frames.length, tagAt, tag === LINES_TAG)
      this.#add(this.#anchored(event, included ?? { value: null, at: tagAt }))
      return
    }
    const written = this.#anchored(event, { value: this.#scalarValue(event, text, tag, at), at, text })
    if (!isKey) this.#add(written)
    else if (tag === undefined && text === MERGE_KEY && event.style === SCALAR_STYLE.PLAIN) frame.mergeKey(at)
    else frame.key(text, at)
  }

  /** Of an empty scalar: where the key it belongs to is, or the dash before it. */
  #scalarAt(event: ScalarEvent, frame: YamlFrame | undefined): number {
    const { text, start } = this.#file
    const offset = scalarOffset(text, event)
    if (offset !== undefined) {
      this.#cursor = Math.max(event.valueEnd, event.tagEnd, event.anchorEnd)
      return start + offset
    }
    if (frame instanceof MappingFrame) return frame.awaitsKey ? start + this.#cursor : frame.keyAt
    if (frame === undefined) return start + this.#cursor
    const dash = dashOffset(text, this.#cursor)
    this.#cursor = dash + 1
    return start + dash
  }

  #scalarValue(event: ScalarEvent, text: string, tag: string | undefined, at: number): unknown {
    if (tag === undefined) return event.style === SCALAR_STYLE.PLAIN ? plainScalar(text) : text
    if (tag === UNSPECIFIC_TAG) return text
    const value = taggedScalar(tag, text)
    if (value !== undefined) return value
    this.#reportTag(tag, at)
    return text
  }

  #reportTag(tag: string, at: number): void {
    const { report } = this.#context
    const hint = `Known tags are ${TAGS.map(shortTag).join(', ')}.`
    if (tag === INCLUDE_TAG) report('yaml-include', at, WHAT_INCLUDE_TAKES)
    else if (tag === LINES_TAG) report('yaml-include', at, '!lines takes the name of one file')
    else if (TAGS.includes(tag)) report('yaml-tag', at, `this is not what its tag ${shortTag(tag)} says it is`)
    else report('yaml-tag', at, `unknown tag ${quoted(shortTag(tag))}`, hint)
  }

  #open(event: MappingEvent | SequenceEvent): void {
    const at = this.#file.start + event.start
    const tag = this.#tagOf(event)
    const isList = event.type === EVENT_ID.SEQUENCE
    this.#cursor = event.start
    if (isList && tag === INCLUDE_TAG) {
      this.#frames.push(new IncludeFrame(at, this.#anchorOf(event), this.#context))
      return
    }
    if (tag !== undefined && tag !== UNSPECIFIC_TAG && tag !== (isList ? LIST_TAG : MAPPING_TAG))
      this.#reportTag(tag, at)
    const frame = isList
      ? new ListFrame(at, this.#context)
      : new MappingFrame(at, this.#context, this.#file.repeats?.get(event.start))
    this.#anchored(event, frame)
    this.#frames.push(frame)
  }

  #close(): void {
    const frame = this.#frames.pop()
    if (frame === undefined) return
    const written = frame.close()
    if (frame instanceof IncludeFrame && frame.anchor !== '') this.#anchors.set(frame.anchor, written)
    this.#add(written)
  }

  #alias(event: AliasEvent): void {
    const name = this.#anchorOf(event)
    const at = this.#file.start + event.anchorStart - 1
    const frame = this.#frames.at(-1)
    const anchored = this.#anchors.get(name)
    this.#cursor = event.anchorEnd
    const asKey = frame instanceof MappingFrame && frame.awaitsKey
    if (anchored !== undefined && asKey && anchored.text !== undefined) {
      frame.key(anchored.text, at)
      return
    }
    if (anchored === undefined) {
      const hint = `Write &${name} before the value it stands for, in the same file, or quote a text that begins with *.`
      this.#context.report('yaml-alias', at, `alias ${quoted(`*${name}`)} has no anchor above it`, hint)
    } else if (this.#context.places.get(anchored.value)?.open) {
      this.#context.report('yaml-alias', at, `alias ${quoted(`*${name}`)} stands inside what it is an alias of`)
    } else if (this.#context.repeat(anchored.value, this.#frames.length, at)) {
      this.#add(asKey ? { value: anchored.value, at } : anchored)
      return
    }
    if (asKey) frame.dropKey(at)
    else this.#add({ value: null, at })
  }

  #add(written: Written): void {
    const frame = this.#frames.at(-1)
    if (frame === undefined) this.#root = written
    else frame.add(written)
  }

  #anchored(event: ScalarEvent | MappingEvent | SequenceEvent, written: Anchored): Written {
    if (event.anchorStart >= 0) this.#anchors.set(this.#anchorOf(event), written)
    return written
  }

  #anchorOf({ anchorStart, anchorEnd }: { anchorStart: number; anchorEnd: number }): string {
    return anchorStart < 0 ? '' : this.#file.text.slice(anchorStart, anchorEnd)
  }

  #tagOf({ tagStart, tagEnd }: { tagStart: number; tagEnd: number }): string | undefined {
    return tagStart < 0 ? undefined : tagName(this.#file.text.slice(tagStart, tagEnd), this.#directives ?? [])
  }
}
