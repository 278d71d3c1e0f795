import type { Name } from '../../records/rr/name.js'
import { type Change, canonical, type RRset, rdataKey, subjectOf } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import { parsing } from '../dns/exchange.js'
import { decodeRdata, exactRdata } from '../dns/wire-rdata.js'
import type { Rfc2136Options } from './options.js'
import { rrsetOf, transferZone } from './transfer.js'
import type { WireValue, WireValues } from './update.js'

/** What a zone holds at some names, and in which octets. */
export interface HeldZone extends Zone {
  readonly values: WireValues
}

/**
 * Reads back what stands at the names of some changes. By zone transfer, because the answer to a query may come from a
 * wildcard or another view.
 */
export async function readHeld(
  server: Rfc2136Options,
  zone: Name,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<HeldZone> {
  const names = new Set<string>(changes.map((change) => subjectOf(change).name))
  const received = await transferZone(server, zone, signal, (key) => names.has(key.slice(0, key.indexOf(' '))))
  const rrsets: RRset[] = []
  const values = new Map<string, readonly WireValue[]>()
  for (const [key, set] of received) {
    rrsets.push(rrsetOf(server, set))
    const ofSet = parsing(server, () =>
      set.records.map((record) => {
        const value = canonical({
          type: set.type,
          name: record.name,
          ttl: 0,
          rdata: [decodeRdata(set.type, record)],
        } as RRset)
        return { text: rdataKey(set.type, value.rdata[0] as never), rdata: exactRdata(set.type, record) }
      }),
    )
    values.set(key, ofSet)
  }
  return { ...zoneWith(zone, rrsets), values }
}
