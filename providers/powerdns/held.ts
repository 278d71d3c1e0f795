import type { Name } from '../../records/rr/name.js'
import { canonicalRdata, isRRType, type RRType, rdataKey } from '../../records/rr/rdata.js'
import { type AnyRRset, canonical, heldTtl, keyOf, type RRset } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import { notOfType, otherRRset } from '../foreign.js'
import { contentOf, type NativeRecord, type NativeRRset, type NativeZone, nameOf, rdataOf } from './convert.js'

/** One record as the API gave it, beside the value it stands for. */
export interface HeldRecord extends NativeRecord {
  /** As {@link rdataKey} gives it; undefined for what is no value of its type. */
  readonly key: string | undefined
  /** Its content as mailsync spells it. */
  readonly usual: string
}

/** A zone, with the records that each RRset is made of. */
export interface HeldZone extends Zone {
  /** By {@link keyOf}; disabled ones are among them. */
  readonly records: ReadonlyMap<string, readonly HeldRecord[]>
  /** Why nothing in the zone can be written. */
  readonly locked: string | undefined
}

/**
 * A zone, from its listing. A disabled record is not served, so it is no value of its RRset, and an RRset of them alone is not
 * there; a write keeps them all the same.
 */
export function heldZone({ kind, rrsets: native }: NativeZone, zone: Name): HeldZone {
  const locked = lockOf(kind)
  const records = new Map<string, readonly HeldRecord[]>()
  const rrsets: AnyRRset[] = []
  for (const set of native) {
    const rrset = isRRType(set.type) ? knownRRset(set.type, set, locked, records) : foreignRRset(set)
    if (rrset) rrsets.push(rrset)
  }
  return { ...zoneWith(zone, rrsets), records, locked }
}

function knownRRset(
  type: RRType,
  { name: text, ttl, records: native }: NativeRRset,
  zoneLock: string | undefined,
  records: Map<string, readonly HeldRecord[]>,
): RRset | undefined {
  const name = nameOf(text)
  const held = native.map((record) => heldRecord(type, record))
  records.set(keyOf({ name, type }), held)
  const served = held.filter(({ disabled }) => !disabled)
  if (served.length === 0) return undefined
  const locked = zoneLock ?? (served.every(({ key }) => key !== undefined) ? undefined : notOfType(type))
  const rdata = served.map(({ content }) => rdataOf(type, content)).filter((value) => value !== undefined)
  return canonical({ type, name, ttl: heldTtl(ttl), rdata, ...(locked === undefined ? {} : { locked }) } as RRset)
}

function heldRecord(type: RRType, record: NativeRecord): HeldRecord {
  const read = rdataOf(type, record.content)
  if (read === undefined) return { ...record, key: undefined, usual: record.content }
  const value = canonicalRdata(type, read)
  return { ...record, key: rdataKey(type, value), usual: contentOf(type, value) }
}

function foreignRRset({ name, type, ttl, records }: NativeRRset): AnyRRset | undefined {
  const served = records.filter(({ disabled }) => !disabled)
  if (served.length === 0) return undefined
  return otherRRset(
    nameOf(name),
    type,
    heldTtl(ttl),
    served.map(({ content }) => content),
  )
}

/** PowerDNS takes a write to such a zone, and the next transfer undoes it (4.7.3, verified 2026-11). */
function lockOf(kind: string): string | undefined {
  switch (kind.toLowerCase()) {
    case 'slave':
    case 'secondary':
      return `PowerDNS has the zone as ${kind}: it is filled by zone transfer from its primary, where it must be changed`
    case 'consumer':
    case 'producer':
      return `PowerDNS has the zone as ${kind}: it is a catalog (RFC 9432), which PowerDNS itself fills`
    default:
      return undefined
  }
}
