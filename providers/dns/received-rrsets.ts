import { isRRType } from '../../records/rr/rdata.js'
import { type AnyRRset, canonical, keyOf, opaque, type RRset } from '../../records/rr/rrset.js'
import type { WireRecord } from './message.js'
import { typeText } from './type-names.js'
import { decodeRdata, presentationRdata } from './wire-rdata.js'

/** Records put together to RRsets, as messages bring them. */
export interface ReceivedRRsets {
  add(record: WireRecord): void
  /** Canonical, one a name and type, in the order in which they came. Throws a RangeError where rdata is malformed. */
  rrsets(): AnyRRset[]
}

export function receivedRRsets(): ReceivedRRsets {
  const sets = new Map<string, { readonly type: string; readonly records: [WireRecord, ...WireRecord[]] }>()
  return {
    add: (record) => {
      const type = typeText(record.type)
      const key = keyOf({ name: record.name, type })
      const set = sets.get(key)
      if (set) set.records.push(record)
      else sets.set(key, { type, records: [record] })
    },
    rrsets: () => [...sets.values()].map(({ type, records }) => rrsetOf(type, records)),
  }
}

/** Where the TTLs of an RRset differ, which RFC 2181 §5.2 forbids, the lowest counts. */
function rrsetOf(type: string, records: readonly [WireRecord, ...WireRecord[]]): AnyRRset {
  const { name } = records[0]
  const ttl = records.reduce((lowest, record) => Math.min(lowest, record.ttl), Number.POSITIVE_INFINITY)
  return isRRType(type)
    ? canonical({ type, name, ttl, rdata: records.map((record) => decodeRdata(type, record)) } as RRset)
    : opaque(name, type, ttl, records.map(presentationRdata))
}
