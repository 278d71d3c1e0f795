import type { YamlMapping, YamlPair } from '../../yaml/edit/nodes.js'
import { cutFlow, cutItems, cutLines, type Splice } from '../../yaml/edit/splice.js'
import { isBlankLine, lineStart, nextLine, opensLine } from '../../yaml/edit/text.js'
import { isSpaced } from './layout.js'
import type { RecordNode, ZoneEntry } from './zone-entries.js'
import type { ZoneModel } from './zone-model.js'

/** Takes records out of a zone; a name goes with its last record, and an empty zone stays as an empty mapping. */
export function removeRecords({ text, tree, entries }: ZoneModel, gone: ReadonlySet<RecordNode>): Splice[] {
  if (gone.size === 0) return []
  const { flow, pairs } = tree.roots[0] as YamlMapping
  const touched = entries.filter(({ records }) => records.some((record) => gone.has(record)))
  const empty = new Set(touched.filter(({ records }) => records.every((record) => gone.has(record))))
  const thinned = touched.flatMap((entry) => (empty.has(entry) ? [] : thin(text, entry, gone)))
  const cut = new Set([...empty].map(({ pair }) => pairs.indexOf(pair)))
  if (cut.size === 0) return thinned
  return [...thinned, ...(flow ? cutFlow(text, pairs, cut) : cutEntries(text, pairs, cut))]
}

/** Where blank lines stand between all names, one of them goes with each name. */
function cutEntries(text: string, pairs: readonly YamlPair[], cut: ReadonlySet<number>): Splice[] {
  const kept = pairs.findIndex((_, index) => !cut.has(index))
  const spaced = isSpaced(text, pairs)
  const splices = [...cut].map((index): Splice => {
    const lines = cutLines(text, pairs[index] as YamlPair)
    if (!spaced || kept < 0) return lines
    if (index < kept) return isBlankLine(text, lines.end) ? { ...lines, end: nextLine(text, lines.end) } : lines
    const above = lineStart(text, lines.start - 1)
    return isBlankLine(text, above) ? { ...lines, start: above } : lines
  })
  const [first, ...others] = splices
  return kept < 0 && first ? [{ ...first, insert: '{}\n' }, ...others] : splices
}

/** Takes records out of a list. The one that is left of several stands without its dash again, where that moves nothing else. */
function thin(text: string, { pair, list, records }: ZoneEntry, gone: ReadonlySet<RecordNode>): Splice[] {
  if (!list) return []
  const cut = new Set(records.flatMap((record, index) => (gone.has(record) ? [index] : [])))
  if (list.flow) return cutFlow(text, list.items, cut)
  const splices = cutItems(text, list.items, cut)
  const [only, another] = list.items.filter((_, index) => !cut.has(index))
  if (!only || another || !opensLine(text, only.start) || only.node.kind !== 'mapping') return splices
  const { flow, start, contentStart } = only.node
  if (!flow && contentStart === only.start + 2)
    return [...splices, { start: only.start, end: only.start + 1, insert: ' ' }]
  const bare = only === list.items[0] && text.slice(pair.valueFrom, only.start).trim() === ''
  return flow && bare ? [...splices, { start: pair.valueFrom, end: start, insert: ' ' }] : splices
}
