import { type Compiled, compile } from '../../../records/compile.js'
import { load } from '../../config/load.js'

/** A fleet: zones of customers, with what their domains say, beside the zone of the mail server and its reverse zone. */
export function fleetText(customers: Readonly<Record<string, string>>, more: readonly string[] = []): string {
  const zones = ['hosts.example', '2.0.192.in-addr.arpa', ...more, ...Object.keys(customers)]
  return [
    'providers: { one: { class: memory } }',
    'zones:',
    ...zones.map((zone) => `  ${zone}: { targets: [one] }`),
    'hosts:',
    '  mx.hosts.example: { addresses: [192.0.2.10] }',
    'domains:',
    ...Object.entries(customers).map(([zone, domain]) => `  ${zone}: ${domain}`),
  ].join('\n')
}

/** What a domain of a customer says: its mail goes to a host. */
export const mailAt = (host: string): string => `{ mx: [${host}], dkim: false }`

export async function compiledText(text: string): Promise<Compiled> {
  const { spec } = await load(text)
  if (!spec) throw new Error('there is no spec')
  return compile(spec, [], new Map([...spec.zones].map(([zone, { targets }]) => [zone, targets])))
}

/** `c0.example` … */
export const customers = (count: number): string[] => Array.from({ length: count }, (_, index) => `c${index}.example`)
