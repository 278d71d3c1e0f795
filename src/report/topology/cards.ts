import { displayName } from '../../../records/rr/name.js'
import { number } from '../words.js'
import type { Card, CardLine } from './card.js'
import { fitText } from './fit-text.js'
import type { AddressLine, DomainNode, MachineNode } from './graph.js'
import { columnsIn, type Metrics } from './metrics.js'

const NAMES_SHOWN = 3
const ADDRESSES_SHOWN = 8
const KIND_LABEL = { elsewhere: 'not in this spec', include: 'SPF include', network: 'addresses' } as const

export function domainCard(domain: DomainNode, index: number, metrics: Metrics): Card {
  const { names, mark, receiving, sending, signing } = domain
  const columns = columnsIn(metrics.left, metrics)
  const shown = names.length > NAMES_SHOWN + 1 ? names.slice(0, NAMES_SHOWN) : names
  const more = names.length - shown.length
  return {
    id: String(index),
    kind: 'domain',
    mark,
    title: shown.map(displayName).join(', '),
    lines: [
      ...shown.flatMap((name) => textLines(displayName(name), columns, 2, 'name')),
      ...(more > 0 ? [{ text: `and ${number(more)} more alike`, style: 'label' } as const] : []),
      { text: metrics.besides ? 'receives' : 'in', beside: receiving, style: 'label', port: 'receives' },
      { text: metrics.besides ? 'sends' : 'out', beside: sending, style: 'label', port: 'sends' },
      ...(metrics.besides ? [signing.join(' · ')] : signing).flatMap((text) => textLines(text, columns, 3, 'note')),
    ],
  }
}

export function machineCard({ id, kind, mark, addresses }: MachineNode, metrics: Metrics): Card {
  const columns = columnsIn(metrics.right, metrics)
  const shown = addresses.length > ADDRESSES_SHOWN + 1 ? addresses.slice(0, ADDRESSES_SHOWN) : addresses
  const more = addresses.length - shown.length
  const lines: CardLine[] = [
    ...(kind === 'host' ? [] : [{ text: KIND_LABEL[kind], style: 'note' } as const]),
    ...textLines(kind === 'include' ? id.slice('include:'.length) : id, columns, 2, 'name'),
    ...shown.flatMap((line) => addressLines(line, columns, metrics)),
    ...(more > 0 ? [{ text: `and ${number(more)} more`, style: 'note' } as const] : []),
  ]
  const whole = lines.length > 1 ? lines : [...lines, { text: 'no address of its own', style: 'note' } as const]
  const ports = ['receives', 'sends'] as const
  return {
    id,
    kind,
    mark,
    title: id,
    lines: whole.map((line, index) => ({ ...line, ...(ports[index] ? { port: ports[index] } : {}) })),
  }
}

function addressLines({ address, note, mark }: AddressLine, columns: number, { besides }: Metrics): CardLine[] {
  const lines = textLines(address, columns, 3, 'address').map((line) => ({ ...line, mark }))
  const fits = besides && address.length + note.length + 3 <= columns
  if (!fits) return [...lines, { text: note, style: 'note' }]
  return lines.map((line, index) => (index === 0 ? { ...line, beside: note } : line))
}

function textLines(text: string, columns: number, limit: number, style: CardLine['style']): CardLine[] {
  return fitText(text, columns, limit).map((line) => ({ text: line, style }))
}
