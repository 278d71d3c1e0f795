/** An entry of a mapping as it is written: `NAME: …`. Offsets into the text. */
export interface Entry {
  readonly key: string
  readonly start: number
  readonly end: number
}

/** A mapping in a text, as its entries. */
export interface Section {
  /** `json`: commas stand between its entries. */
  readonly kind: 'block' | 'json'
  readonly entries: readonly Entry[]
}

/**
 * A text of the same lines and columns, without some entries of its mappings: what stays is where it was. A mapping without any
 * is `{}`.
 */
export function withoutEntries<S extends Section>(
  text: string,
  sections: readonly S[],
  isKept: (entry: Entry, section: S) => boolean,
): string {
  let result = ''
  let at = 0
  for (const section of sections) {
    const { kind, entries } = section
    const [first, last] = [entries[0], entries.at(-1)]
    if (first === undefined || last === undefined) continue
    const kept = entries.filter((entry) => isKept(entry, section))
    result += text.slice(at, first.start)
    at = first.start
    if (kept.length === 0 && kind === 'block') {
      const indent = text.slice(at, last.end).search(/\S/)
      result += `${' '.repeat(indent)}{}`
      at += indent + 2
    }
    for (const [index, { start, end }] of kept.entries()) {
      result += emptied(text.slice(at, start)) + text.slice(start, end)
      at = end
      if (kind === 'block' || index === kept.length - 1) continue
      result += ','
      at++
    }
    result += emptied(text.slice(at, last.end))
    at = last.end
  }
  return result + text.slice(at)
}

/** As many lines, and as many columns in the last of them. */
function emptied(text: string): string {
  let lines = 0
  let end = -1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lines++
    end = at
  }
  return '\n'.repeat(lines) + ' '.repeat(text.length - end - 1)
}

/** What stands around the entries of a text. */
export function besideEntries(text: string, sections: readonly Section[]): string {
  const parts: string[] = []
  let at = 0
  for (const { entries } of sections) {
    const [first, last] = [entries[0], entries.at(-1)]
    if (first === undefined || last === undefined) continue
    parts.push(text.slice(at, first.start))
    at = last.end
  }
  return [...parts, text.slice(at)].join('\n')
}
