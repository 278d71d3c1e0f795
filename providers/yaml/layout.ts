import type { YamlPair } from '../../yaml/edit/nodes.js'
import { columnOf, lineStart, nextLine, opensLine } from '../../yaml/edit/text.js'
import type { ZoneModel } from './zone-model.js'

/** How a file is indented. */
export interface Layout {
  /** Columns of a record below its name. */
  readonly indent: number
  /** Columns of a list's dashes below their key. */
  readonly listIndent: number
}

export const DEFAULT_LAYOUT: Layout = { indent: 2, listIndent: 2 }

/** The layout that most records show. */
export function layoutOf({ text, entries }: ZoneModel): Layout {
  const lists = entries.flatMap(({ pair, records }) => [
    pair,
    ...records.flatMap(({ mapping }) => mapping.pairs.filter(({ value }) => value.kind === 'sequence')),
  ])
  const indents = entries.flatMap(({ pair }) => columnsBelow(text, pair, 'mapping'))
  const listIndents = lists.flatMap((pair) => columnsBelow(text, pair, 'sequence'))
  return {
    indent: mostCommon(indents) ?? DEFAULT_LAYOUT.indent,
    listIndent: mostCommon(listIndents) ?? DEFAULT_LAYOUT.listIndent,
  }
}

function columnsBelow(text: string, { start, value }: YamlPair, kind: 'mapping' | 'sequence'): number[] {
  if (value.kind !== kind || value.flow || !opensLine(text, value.contentStart)) return []
  return [columnOf(text, value.contentStart) - columnOf(text, start)]
}

function mostCommon(numbers: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}

/** Whether blank lines stand between all names. */
export function isSpaced(text: string, pairs: readonly YamlPair[]): boolean {
  const gaps = pairs.slice(1).map(({ start }, index) => {
    const above = pairs[index] as YamlPair
    return text.slice(nextLine(text, above.end), lineStart(text, start)).split('\n').slice(0, -1)
  })
  return gaps.length > 0 && gaps.every((lines) => lines.some((line) => line.trim() === ''))
}
