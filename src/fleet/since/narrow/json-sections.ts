import type { Entry, Section } from './part.js'

/** A part of a JSON object, and its value in the text. */
export interface JsonPart extends Entry {
  readonly valueAt: number
}

const SPACE = /[ \n]*/y
const WORD = /[^ \n,\]}]+/y
const STRING = /"(?:[^"\\\n]|\\.)*"/y
const MARK = /["[\]{}]/g

/**
 * The parts of the JSON object (RFC 8259) at an offset, and where it ends; undefined where it is none, or a key stands in it twice. What is in
 * the values is not looked at.
 */
export function jsonParts(
  text: string,
  from: number,
): { readonly parts: JsonPart[]; readonly end: number } | undefined {
  const parts: JsonPart[] = []
  const keys = new Set<string>()
  let at = after(SPACE, text, from) as number
  if (text[at] !== '{') return undefined
  at = after(SPACE, text, at + 1) as number
  if (text[at] === '}') return { parts, end: at + 1 }
  for (;;) {
    const start = at
    const keyEnd = after(STRING, text, at)
    if (keyEnd === undefined) return undefined
    const key = text.slice(start + 1, keyEnd - 1)
    at = after(SPACE, text, keyEnd) as number
    if (text[at] !== ':' || key.includes('\\') || keys.has(key)) return undefined
    keys.add(key)
    const valueAt = after(SPACE, text, at + 1) as number
    const end = valueEnd(text, valueAt)
    if (end === undefined) return undefined
    parts.push({ key, start, end, valueAt })
    at = after(SPACE, text, end) as number
    if (text[at] === '}') return { parts, end: at + 1 }
    if (text[at] !== ',') return undefined
    at = after(SPACE, text, at + 1) as number
  }
}

/** The entries of the JSON object at an offset. */
export function jsonSection(text: string, from: number): Section | undefined {
  const entries = jsonParts(text, from)?.parts
  return entries && entries.length > 0 ? { kind: 'json', entries } : undefined
}

function valueEnd(text: string, from: number): number | undefined {
  if (text[from] === '"') return after(STRING, text, from)
  if (text[from] !== '{' && text[from] !== '[') return after(WORD, text, from)
  let depth = 0
  MARK.lastIndex = from
  for (let found = MARK.exec(text); found; found = MARK.exec(text)) {
    const { index } = found
    if (found[0] === '"') {
      const end = after(STRING, text, index)
      if (end === undefined) return undefined
      MARK.lastIndex = end
    } else if (found[0] === '{' || found[0] === '[') depth++
    else if (--depth === 0) return index + 1
  }
  return undefined
}

function after(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : undefined
}
