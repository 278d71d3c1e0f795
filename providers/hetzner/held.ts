import type { Name } from '../../records/rr/name.js'
import { canonicalRdata, isRRType, type RdataByType, type RRType, rdataKey, rdataText } from '../../records/rr/rdata.js'
import { type AnyRRset, canonical, heldTtl, keyOf, type RRset } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import { notOfType, otherRRset } from '../foreign.js'
import { type NativeRecord, type NativeRRset, ownerName, rdataOf } from './convert.js'

/** One record of the API beside the value it stands for. */
export interface HeldRecord {
  /** As {@link rdataKey} gives it. */
  readonly key: string
  /** As {@link rdataText} gives it. */
  readonly text: string
  /** As the API gave it: a stranger's is removed or kept in these very octets. */
  readonly native: NativeRecord
}

/** What an RRset is made of. */
export interface HeldRRset {
  readonly records: readonly HeldRecord[]
  /** Seconds; null is the zone's default. */
  readonly nativeTtl: number | null
}

/** A zone, with what each RRset is made of. */
export interface HeldZone extends Zone {
  /** By `keyOf`. */
  readonly natives: ReadonlyMap<string, HeldRRset>
}

const PROTECTED =
  'it is protected against changes at Hetzner; take the protection of this RRset away in the Hetzner Console to let mailsync change it'

/**
 * A zone, or what stands at some of its names, from the RRsets of the API.
 *
 * @param ttl seconds: the zone's default, which an RRset has whose own is null
 */
export function heldZone(natives: readonly NativeRRset[], name: Name, ttl: number): HeldZone {
  const made = new Map<string, HeldRRset>()
  const rrsets = natives.flatMap((native): readonly AnyRRset[] => {
    const owner = ownerName(native.name, name)
    const seconds = heldTtl(native.ttl ?? ttl)
    const { type } = native
    if (!isRRType(type)) {
      const values = native.records.map(({ value }) => value)
      const other = otherRRset(owner, type, seconds, values)
      return other ? [other] : []
    }
    const parts = native.records.map((record) => ({ record, rdata: heldRdata(type, record.value, name) }))
    const readable = parts.flatMap(({ record, rdata }) => (rdata === undefined ? [] : [{ record, rdata }]))
    const locked = lockOf(native, readable.length < parts.length)
    const rdata = readable.map((part) => part.rdata)
    const rrset = canonical({ type, name: owner, ttl: seconds, rdata, ...locked } as RRset)
    const records = readable.map((part) => ({
      key: rdataKey(type, part.rdata),
      text: rdataText(type, part.rdata),
      native: part.record,
    }))
    made.set(keyOf(rrset), { records, nativeTtl: native.ttl })
    return [rrset]
  })
  return { ...zoneWith(name, rrsets), natives: made }
}

function lockOf({ protection, type }: NativeRRset, isUnreadable: boolean): { readonly locked?: string } {
  if (protection?.change === true) return { locked: PROTECTED }
  return isUnreadable ? { locked: notOfType(type) } : {}
}

function heldRdata(type: RRType, value: string, zone: Name): RdataByType[RRType] | undefined {
  const rdata = rdataOf(type, value, zone)
  return rdata === undefined ? undefined : canonicalRdata(type, rdata)
}
