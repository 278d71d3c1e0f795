import type { Name } from '../../records/rr/name.js'
import { type Change, subjectOf } from '../../records/rr/rrset.js'
import { ancestors, type Zone, zoneWith } from '../../records/rr/zone.js'
import type { DnsServer } from '../dns/server.js'
import { readZone } from './transfer.js'

/**
 * Reads back what stands at the names of some changes, and above them. By zone transfer, because the answer to a query may
 * come from a wildcard or another view.
 */
export async function readHeld(
  server: DnsServer,
  zone: Name,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<Zone> {
  const names = new Set(changes.flatMap((change) => ancestors(subjectOf(change).name, zone)))
  return zoneWith(zone, await readZone(server, zone, signal, (name) => names.has(name)))
}
