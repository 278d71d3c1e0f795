import type { YamlMapping, YamlNode, YamlScalar, YamlSequence } from '../../yaml/edit/nodes.js'
import { cutFlow, cutItems, insertLines, type Splice } from '../../yaml/edit/splice.js'
import { columnOf, nextLine } from '../../yaml/edit/text.js'
import type { Layout } from './layout.js'
import { type Plain, renderBlock, renderFlow } from './render.js'

/** What happens to a list. At least one item stays or is replaced. */
export interface ListChange {
  readonly cut: ReadonlySet<number>
  /** Item index → what stands there from now on. */
  readonly swap: ReadonlyMap<number, Plain>
  /** Goes behind the last item. */
  readonly add: readonly Plain[]
}

export function editList(text: string, list: YamlSequence, change: ListChange, layout: Layout): Splice[] {
  const { items, flow } = list
  const swaps = [...change.swap].flatMap(([index, value]) => {
    const node = items[index]?.node
    return node ? swapNode(text, node, value, flow, layout) : []
  })
  const last = items.findLast((_, index) => !change.cut.has(index))
  if (!last) throw new RangeError('a list never loses its last item')
  if (flow) {
    const added = change.add.map((value) => `, ${renderFlow(value)}`).join('')
    return [...swaps, ...cutFlow(text, items, change.cut), { start: last.end, end: last.end, insert: added }]
  }
  const dash = columnOf(text, last.start)
  const lines = change.add.map((value) => `${' '.repeat(dash)}- ${renderBlock(value, dash + 2, layout)}`).join('\n')
  const added = lines === '' ? [] : [insertLines(text, nextLine(text, last.end), lines)]
  return [...swaps, ...cutItems(text, items, change.cut), ...added]
}

/** Replaces a value in the style of its surroundings; of a mapping with the same keys, the fields that differ. */
export function swapNode(text: string, node: YamlNode, value: Plain, inFlow: boolean, layout: Layout): Splice[] {
  const flow = inFlow || (node.kind === 'mapping' && node.flow)
  const render = (one: Plain, at: number): string =>
    flow ? renderFlow(one) : renderBlock(one, columnOf(text, at), layout)
  const fields = node.kind === 'mapping' && typeof value === 'object' ? sameFields(node, value) : undefined
  if (!fields) return [{ start: node.start, end: node.end, insert: render(value, node.start) }]
  return fields
    .filter(([scalar, now]) => scalar.value !== String(now))
    .map(([{ start, end }, now]) => ({ start, end, insert: render(now, start) }))
}

/** The scalars of a mapping, each with its new value; undefined where the keys are not the same. */
function sameFields({ pairs }: YamlMapping, value: object): [YamlScalar, Plain][] | undefined {
  const wanted = new Map<string, Plain>(Object.entries(value))
  const fields = pairs.flatMap(({ key, value: field }): [YamlScalar, Plain][] => {
    const now = key.kind === 'scalar' ? wanted.get(key.value) : undefined
    return now !== undefined && field.kind === 'scalar' ? [[field, now]] : []
  })
  return fields.length === pairs.length && pairs.length === wanted.size ? fields : undefined
}
