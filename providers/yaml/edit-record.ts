import type { RRset } from '../../records/rr/rrset.js'
import { compareNatural } from '../../yaml/edit/natural-order.js'
import type { Splice } from '../../yaml/edit/splice.js'
import { columnOf } from '../../yaml/edit/text.js'
import { editValues } from './edit-values.js'
import type { Layout } from './layout.js'
import type { HeldRRset } from './read-record.js'

/** Brings a record to `after`; its other keys, its comments and the values that stay keep their octets. */
export function editRecord(
  text: string,
  held: HeldRRset,
  after: RRset,
  escapedSemicolons: boolean,
  layout: Layout,
): Splice[] {
  return [...editTtl(text, held, after.ttl), ...editValues(text, held, after, escapedSemicolons, layout)]
}

function editTtl(text: string, { rrset, record }: HeldRRset, ttl: number): Splice[] {
  if (rrset.ttl === ttl) return []
  const field = record.fields.get('ttl')
  if (field && !field.inherited) {
    const { value, valueFrom } = field.pair
    const space = value.start === valueFrom ? ' ' : ''
    return [{ start: value.start, end: value.end, insert: `${space}${ttl}` }]
  }
  const { pairs, flow } = record.mapping
  const next = pairs.find(
    ({ key }) => key.kind === 'scalar' && key.value !== '<<' && compareNatural(key.value, 'ttl') > 0,
  )
  const at = next ?? pairs.find(({ key }) => key.kind === 'scalar' && key.value === 'type')
  if (!at) throw new RangeError('a record has a type')
  const end = flow ? ', ' : `\n${' '.repeat(columnOf(text, at.start))}`
  return [{ start: at.start, end: at.start, insert: `ttl: ${ttl}${end}` }]
}
