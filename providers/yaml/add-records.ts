import { compareNatural, naturalOrder } from '../../yaml/edit/natural-order.js'
import type { YamlMapping, YamlPair } from '../../yaml/edit/nodes.js'
import { insertLines, type Splice } from '../../yaml/edit/splice.js'
import { columnOf, lineStart, nextLine, opensLine, shiftLines } from '../../yaml/edit/text.js'
import { editList } from './edit-list.js'
import { isSpaced, type Layout } from './layout.js'
import { type Plain, renderBlock, renderEntry, renderFlow, renderFlowEntry } from './render.js'
import type { ZoneEntry } from './zone-entries.js'
import type { ZoneModel } from './zone-model.js'

/** The new records of one name. */
export interface NewRecords {
  readonly key: string
  /** The entry that the name has already. */
  readonly entry: ZoneEntry | undefined
  readonly records: readonly Plain[]
}

/** Puts records into a zone: beside those of their name, else under a new name, in octoDNS's order where the file keeps it. */
export function addRecords(model: ZoneModel, added: readonly NewRecords[], layout: Layout, ordered: boolean): Splice[] {
  const root = model.tree.roots[0]
  const mapping = root?.kind === 'mapping' ? root : undefined
  const joined = added.flatMap(({ entry, records }) =>
    entry ? joinEntry(model.text, entry, records, layout, mapping?.flow === true) : [],
  )
  const fresh = added.filter(({ entry }) => !entry).sort((a, b) => compareNatural(a.key, b.key))
  if (fresh.length === 0) return joined
  if (!mapping || mapping.pairs.length === 0) return [...joined, firstEntries(model.text, mapping, fresh, layout)]
  return [...joined, ...insertEntries(model, mapping, fresh, layout, ordered)]
}

function joinEntry(
  text: string,
  { pair, list }: ZoneEntry,
  records: readonly Plain[],
  layout: Layout,
  inFlow: boolean,
): Splice[] {
  if (list) return editList(text, list, { cut: new Set(), swap: new Map(), add: records }, layout)
  const { value } = pair
  if (inFlow) {
    const all = [text.slice(value.start, value.end), ...records.map(renderFlow)]
    return [{ start: value.start, end: value.end, insert: `[${all.join(', ')}]` }]
  }
  const { dash, splice } = listed(text, pair, layout)
  const lines = records.map((record) => `${' '.repeat(dash)}- ${renderBlock(record, dash + 2, layout)}`)
  return [splice, insertLines(text, nextLine(text, value.end), lines.join('\n'))]
}

/** Makes the one record of a name the first of a list, moving as little as possible: a dash in its indentation if that is wide enough. */
function listed(text: string, { start, valueFrom, value }: YamlPair, layout: Layout): { dash: number; splice: Splice } {
  const column = columnOf(text, value.contentStart)
  const block = value.kind === 'mapping' && !value.flow
  const bare = block && value.start === value.contentStart
  if (bare && !opensLine(text, value.start)) {
    const insert = `- ${shiftLines(text.slice(value.start, value.end), 2)}`
    return { dash: column, splice: { start: value.start, end: value.end, insert } }
  }
  if (bare && column >= columnOf(text, start) + 2)
    return { dash: column - 2, splice: { start: value.start - 2, end: value.start, insert: '- ' } }
  const dash = columnOf(text, start) + layout.listIndent
  const moved = shiftLines(text.slice(value.start, value.end), block ? dash + 2 - column : layout.listIndent)
  const remark = text.slice(valueFrom, value.start).trimEnd()
  const insert = `${remark}\n${' '.repeat(dash)}- ${moved}`
  return { dash, splice: { start: valueFrom, end: value.end, insert } }
}

function firstEntries(
  text: string,
  root: YamlMapping | undefined,
  fresh: readonly NewRecords[],
  layout: Layout,
): Splice {
  const lines = fresh.map(({ key, records }) => renderEntry(key, records, 0, layout)).join('\n')
  if (!root) return insertLines(text, text.length, text === '' ? `---\n${lines}` : lines)
  return { start: root.start, end: root.end, insert: opensLine(text, root.start) ? lines : `\n${lines}` }
}

function insertEntries(
  { text, entries }: ZoneModel,
  { flow, pairs }: YamlMapping,
  fresh: readonly NewRecords[],
  layout: Layout,
  ordered: boolean,
): Splice[] {
  const place = ordered ? naturalOrder(entries.map(({ key }) => key.value)) : undefined
  const column = columnOf(text, (pairs[0] as YamlPair).start)
  const gap = isSpaced(text, pairs) ? '\n' : ''
  return fresh.map(({ key, records }) => {
    const above = pairs[(place?.(key) ?? pairs.length) - 1]
    if (flow) {
      const entry = renderFlowEntry(key, records)
      const at = above ? above.end : (pairs[0] as YamlPair).start
      return { start: at, end: at, insert: above ? `, ${entry}` : `${entry}, ` }
    }
    const entry = renderEntry(key, records, column, layout)
    const lines = entry.replace(/^/, ' '.repeat(column))
    return above
      ? insertLines(text, nextLine(text, above.end), gap + lines)
      : insertLines(text, remarkStart(text, pairs[0] as YamlPair), lines + gap)
  })
}

/** Where the comment right above the first name begins, which belongs to it; at the top of the file, to the file. */
function remarkStart(text: string, { start }: YamlPair): number {
  const name = lineStart(text, start)
  let at = name
  while (at > lineStart(text, 0) && /^[ \t]*#/.test(text.slice(lineStart(text, at - 1), at)))
    at = lineStart(text, at - 1)
  return at > lineStart(text, 0) ? at : name
}
