import { joinName, type Name, ROOT } from '../../records/rr/name.js'
import { parseRdata, presentation, type RdataByType, type RRType } from '../../records/rr/rdata.js'
import type { RRset } from '../../records/rr/rrset.js'
import { absoluteName, escapedName } from '../foreign.js'

/** One record of an RRset as the API has it: rdata in the form of a zone file (RFC 1035 §5.1), and what somebody noted beside it. */
export interface NativeRecord {
  readonly value: string
  readonly comment?: string | null
}

/** What is read of an RRset of the API (docs.hetzner.cloud/reference/cloud#zone-rrsets, read 2026-11). */
export interface NativeRRset {
  /** In lower case, relative to the zone; `@` is the apex. */
  readonly name: string
  readonly type: string
  /** Seconds; null is the zone's default. */
  readonly ttl: number | null
  readonly records: readonly NativeRecord[]
  readonly protection?: { readonly change?: boolean }
}

/** Whether an item of a listing is an RRset: all of what is read of it has the type it must have. */
export function isNativeRRset(item: unknown): item is NativeRRset {
  const { name, type, ttl, records } = (item ?? {}) as { readonly [K in keyof NativeRRset]?: unknown }
  return (
    [name, type].every((text) => typeof text === 'string' && text !== '') &&
    (ttl === null || typeof ttl === 'number') &&
    Array.isArray(records) &&
    records.every((record: { value?: unknown } | null) => typeof record?.value === 'string')
  )
}

/** A name of the API in `zone`. */
export function ownerName(name: string, zone: Name): Name {
  return name === '@' ? zone : escapedName(joinName(name.toLowerCase(), zone))
}

/** The rdata of a value; undefined where it cannot be read. */
export function rdataOf(type: RRType, value: string, zone: Name): RdataByType[RRType] | undefined {
  return parseRdata(type, value, (word) => targetName(word, zone))
}

/** Without a dot at its end a name is relative to the zone, as in a zone file. */
function targetName(text: string, zone: Name): Name {
  if (text === ROOT) return ROOT
  if (text.endsWith('.')) return absoluteName(text)
  return text === '@' ? zone : absoluteName(joinName(text, zone))
}

/** All values of an RRset as the API takes them. */
export function nativeValues({ type, rdata }: RRset): string[] {
  return rdata.map((value) => presentation(type, value))
}
