import { parseName } from '../../../../records/rr/name.js'

/** Names as a set: lower-case A-labels, without the last dot. */
export interface WrittenNames {
  readonly names: ReadonlySet<string>
  /** They, and all names above them: a zone that one of them is in is among these. */
  readonly covering: ReadonlySet<string>
}

/** Every name that is written in plain data, be it as a key or in a longer text. */
export function namesIn(...values: readonly unknown[]): WrittenNames {
  const names = new Set<string>()
  const take = (text: string): void => {
    for (const word of text.match(/[\p{L}\p{M}\p{N}_*./-]+/gu) ?? []) names.add(bare(word))
  }
  const walk = (part: unknown): void => {
    if (typeof part === 'string') take(part)
    else if (Array.isArray(part)) part.forEach(walk)
    else if (typeof part === 'object' && part !== null)
      for (const [key, item] of Object.entries(part)) {
        take(key)
        walk(item)
      }
  }
  values.forEach(walk)
  return { names, covering: new Set([...names].flatMap((name) => [...withNamesAbove(name)])) }
}

/** A name as {@link WrittenNames} has it. */
export function bare(text: string): string {
  const name = parseName(text)
  return (typeof name === 'string' ? name : text.toLowerCase()).replace(/\.$/, '')
}

/** A name, and those above it, the nearest first. */
export function* withNamesAbove(name: string): Iterable<string> {
  for (let at = name; at !== ''; at = at.includes('.') ? at.slice(at.indexOf('.') + 1) : '') yield at
}

/** What a name such as `_report._dmarc.example.net` is about: what is written there may name only that. */
export function withoutServices(name: string): string {
  return name.replace(/^(?:.*\.)?_[^.]*\./, '')
}
