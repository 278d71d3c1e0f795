import { canonical, type RRset, rdataTexts } from '../../records/rr/rrset.js'
import type { YamlNode, YamlPair, YamlSequence } from '../../yaml/edit/nodes.js'
import { insertLines, type Splice } from '../../yaml/edit/splice.js'
import { columnOf, nextLine, shiftLines } from '../../yaml/edit/text.js'
import { editList, swapNode } from './edit-list.js'
import type { Layout } from './layout.js'
import { yamlRdata } from './rdata.js'
import type { HeldRRset, ValuesNode } from './read-record.js'
import { type Plain, renderBlock, renderFlow } from './render.js'

/**
 * Brings the values of a record to those of `after`. A value that stays is not touched; a new one takes the place of one
 * that goes, or stands behind the others. `value` becomes `values` and back, as octoDNS writes them: a list for several.
 */
export function editValues(
  text: string,
  { record, values }: HeldRRset,
  after: RRset,
  escapedSemicolons: boolean,
  layout: Layout,
): Splice[] {
  const wanted = canonical(after)
  const texts = rdataTexts(wanted)
  const stays = new Set(values.items.map((item) => item.text))
  const added: Plain[] = yamlRdata(wanted, escapedSemicolons).filter((_, index) => !stays.has(texts[index] as string))
  const gone = values.items.flatMap((item, index) => (texts.includes(item.text) ? [] : [index]))
  const swap = new Map(gone.slice(0, added.length).map((index, nth) => [index, added[nth] as Plain]))
  const cut = new Set(gone.slice(added.length))
  const add = added.slice(gone.length)
  const { flow } = record.mapping
  const { pair, list } = values
  if (!list)
    return add.length > 0
      ? toList(text, values, swap.get(0), add, flow, layout)
      : swapOnly(text, pair, swap, flow, layout)
  const rest = list.items.findIndex((_, index) => !cut.has(index))
  const collapses = cut.size > 0 && cut.size === list.items.length - 1 && isKey(pair, 'values')
  if (collapses && !hasRemarks(text, pair, list)) return toSingle(text, pair, list, rest, swap.get(rest), flow, layout)
  return editList(text, list, { cut, swap, add }, layout)
}

function swapOnly(
  text: string,
  pair: YamlPair,
  swap: ReadonlyMap<number, Plain>,
  flow: boolean,
  layout: Layout,
): Splice[] {
  return [...swap.values()].flatMap((value) => swapNode(text, pair.value, value, flow, layout))
}

function toList(
  text: string,
  { pair }: ValuesNode,
  swapped: Plain | undefined,
  add: readonly Plain[],
  flow: boolean,
  layout: Layout,
): Splice[] {
  const { start, end } = pair.value
  if (flow) {
    const first = swapped === undefined ? text.slice(start, end) : renderFlow(swapped)
    return [...rename(pair, 'values'), { start, end, insert: `[${[first, ...add.map(renderFlow)].join(', ')}]` }]
  }
  const dash = columnOf(text, pair.start) + layout.listIndent
  const first =
    swapped === undefined
      ? moved(text, pair.value, layout.listIndent, dash + 2)
      : renderBlock(swapped, dash + 2, layout)
  const more = add.map((one) => `${' '.repeat(dash)}- ${renderBlock(one, dash + 2, layout)}`)
  const remark = text.slice(pair.valueFrom, start).trimEnd()
  return [
    ...rename(pair, 'values'),
    { start: pair.valueFrom, end, insert: `${remark}\n${' '.repeat(dash)}- ${first}` },
    insertLines(text, nextLine(text, end), more.join('\n')),
  ]
}

function toSingle(
  text: string,
  pair: YamlPair,
  list: YamlSequence,
  rest: number,
  swapped: Plain | undefined,
  flow: boolean,
  layout: Layout,
): Splice[] {
  const node = list.items[rest]?.node as YamlNode
  const column = columnOf(text, pair.start)
  const nested = swapped === undefined ? node.kind === 'mapping' && !node.flow : typeof swapped === 'object' && !flow
  const inner = nested ? column + 2 : column
  const value =
    swapped === undefined
      ? moved(text, node, column - columnOf(text, list.contentStart), inner)
      : flow
        ? renderFlow(swapped)
        : renderBlock(swapped, inner, layout)
  const lead = nested ? `\n${' '.repeat(inner)}` : ' '
  return [...rename(pair, 'value'), { start: pair.valueFrom, end: list.end, insert: lead + value }]
}

/** The octets of a value, indented for a new place: a block mapping to a column, all else by a number of columns. */
function moved(text: string, node: YamlNode, by: number, column: number): string {
  const block = node.kind === 'mapping' && !node.flow
  return shiftLines(text.slice(node.start, node.end), block ? column - columnOf(text, node.contentStart) : by)
}

function rename({ key }: YamlPair, to: 'value' | 'values'): Splice[] {
  return key.kind === 'scalar' && key.value === to ? [] : [{ start: key.start, end: key.end, insert: to }]
}

function isKey({ key }: YamlPair, name: string): boolean {
  return key.kind === 'scalar' && key.value === name
}

/** Whether somebody wrote a comment between the values. */
function hasRemarks(text: string, pair: YamlPair, list: YamlSequence): boolean {
  let from = pair.valueFrom
  for (const { node } of list.items) {
    if (text.slice(from, node.start).includes('#')) return true
    from = node.end
  }
  return false
}
