import type { Name } from '../../../records/rr/name.js'
import { isRRType, type RdataByType, type RRType, rdataKey } from '../../../records/rr/rdata.js'
import { type AnyRRset, canonical, keyOf, opaque, type RRset } from '../../../records/rr/rrset.js'
import type { WireRecord } from '../../dns/message.js'
import { typeText } from '../../dns/type-names.js'
import { decodeRdata, presentationRdata } from '../../dns/wire-rdata.js'
import type { Difference } from '../zone-stream.js'

/** Rdata of a known type, or in presentation form. */
type Rdata = RdataByType[RRType] | string

/** The records of one name and type, by what tells their rdata apart. */
interface CopiedSet {
  readonly name: Name
  readonly type: string
  readonly values: Map<string, { readonly ttl: number; readonly rdata: Rdata }>
}

/** A zone as it was at one serial, record by record, without what a signer makes. */
export interface ZoneCopy {
  readonly serial: number
  /** When the zone was last read whole, in seconds since 1970. */
  readonly wholeAt: number
  readonly sets: ReadonlyMap<string, CopiedSet>
}

/** A difference does not follow from the copy. */
export class WrongCopy extends Error {
  override readonly name = 'WrongCopy'
}

/** Throws a RangeError where rdata is malformed. */
export function copyOf(serial: number, wholeAt: number, records: readonly WireRecord[]): ZoneCopy {
  const sets = new Map<string, CopiedSet>()
  for (const record of records) {
    const { key, rdata } = copiedValue(record)
    setAt(sets, record).values.set(key, { ttl: record.ttl, rdata })
  }
  return { serial, wholeAt, sets }
}

/**
 * The copy at a later serial; the one that is given is used up. Throws {@link WrongCopy} where a record goes that is not
 * there, or comes that is, and a RangeError where rdata is malformed.
 */
export function withDifferences(copy: ZoneCopy, serial: number, differences: readonly Difference[]): ZoneCopy {
  const sets = new Map(copy.sets)
  for (const { deleted, added } of differences) {
    for (const record of deleted) {
      const set = setAt(sets, record)
      if (!set.values.delete(copiedValue(record).key)) throw new WrongCopy(`${keyOf(set)} goes and is not there`)
      if (set.values.size === 0) sets.delete(keyOf(set))
    }
    for (const record of added) {
      const set = setAt(sets, record)
      const { key, rdata } = copiedValue(record)
      if (set.values.has(key)) throw new WrongCopy(`${keyOf(set)} comes and is there`)
      set.values.set(key, { ttl: record.ttl, rdata })
    }
  }
  return { serial, wholeAt: copy.wholeAt, sets }
}

/** As `read` of provider.ts gives a zone. */
export function rrsetsOf({ sets }: ZoneCopy): AnyRRset[] {
  return [...sets.values()].map(({ name, type, values }) => {
    const ttl = Math.min(...[...values.values()].map((value) => value.ttl))
    const rdata = [...values.values()].map((value) => value.rdata)
    return isRRType(type)
      ? canonical({ type, name, ttl, rdata } as RRset)
      : opaque(name, type, ttl, rdata as readonly string[])
  })
}

function setAt(sets: Map<string, CopiedSet>, { name, type: code }: WireRecord): CopiedSet {
  const type = typeText(code)
  const key = keyOf({ name, type })
  const set = sets.get(key) ?? { name, type, values: new Map() }
  sets.set(key, set)
  return set
}

function copiedValue(record: WireRecord): { readonly key: string; readonly rdata: Rdata } {
  const type = typeText(record.type)
  const rdata = isRRType(type) ? decodeRdata(type, record) : presentationRdata(record)
  return { key: copiedKey(type, rdata), rdata }
}

/** What tells rdata of a type apart. */
export function copiedKey(type: string, rdata: Rdata): string {
  return isRRType(type) ? rdataKey(type, rdata as RdataByType[RRType]) : (rdata as string)
}
