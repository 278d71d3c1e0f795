import type { ServerFault, ZoneServer } from '../../providers/dns/client/observe-zone.js'
import type { Name } from '../../records/rr/name.js'
import type { Everywhere } from './view/zone-batches.js'

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(texts: readonly string[], most = 4): string {
  const unique = [...new Set(texts)]
  const shown = unique.length > most ? [...unique.slice(0, most - 1), `${unique.length - most + 1} more`] : unique
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

/** `the SPF` where a CNAME leads to it: ` (by way of …)`; else nothing. */
export function byWayOf(via: readonly Name[]): string {
  return via.length === 0 ? '' : ` (a CNAME leads there: ${via.join(' → ')})`
}

export function serverNames(servers: readonly ZoneServer[]): string {
  return listed(servers.map(({ nameServer }) => nameServer))
}

/** Why some servers do not answer, in words; undefined where all do. */
export function faultsIn({ faults, failure }: Everywhere): string | undefined {
  if (failure !== undefined) return failure
  const told = faults.filter(({ kind }) => kind !== 'no-route')
  return told.length === 0 ? undefined : listed(told.map(({ message }: ServerFault) => message))
}
