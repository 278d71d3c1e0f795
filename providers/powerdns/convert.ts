import { type Name, ROOT } from '../../records/rr/name.js'
import { parseRdata, presentation, type RdataByType, type RRType } from '../../records/rr/rdata.js'
import { escapedName } from '../foreign.js'

/** One record of an RRset of the API. */
export interface NativeRecord {
  /** The rdata as a zone file has it; names are absolute, TXT is quoted. */
  readonly content: string
  /** Kept in the database, and not served. */
  readonly disabled?: boolean
}

/** What is read of an RRset of the API (doc.powerdns.com/authoritative/http-api/zone.html, verified 2026-11). */
export interface NativeRRset {
  readonly name: string
  readonly type: string
  /** Seconds. */
  readonly ttl: number
  readonly records: readonly NativeRecord[]
}

/** What is read of a zone of the API. */
export interface NativeZone {
  readonly name: string
  /** `Native`, `Master`, `Slave`, `Producer` or `Consumer`. */
  readonly kind: string
  /** How a write over the API moves the serial: `DEFAULT`, `INCREASE`, `EPOCH` … Empty or `OFF`: not at all. */
  readonly soa_edit_api?: string
  readonly rrsets: readonly NativeRRset[]
}

/** Whether a reply is a zone: all of what is read of it has the type it must have. */
export function isNativeZone(value: unknown): value is NativeZone {
  const { name, kind, rrsets } = fieldsOf<NativeZone>(value)
  return isText(name) && isText(kind) && Array.isArray(rrsets) && rrsets.every(isNativeRRset)
}

/** Whether an item of the listing of zones is one. */
export function isListedZone(value: unknown): value is Pick<NativeZone, 'name'> {
  return isText(fieldsOf<NativeZone>(value).name)
}

function isNativeRRset(value: unknown): boolean {
  const { name, type, records } = fieldsOf<NativeRRset>(value)
  return isText(name) && isText(type) && Array.isArray(records) && records.every(isNativeRecord)
}

function isNativeRecord(value: unknown): boolean {
  const { content, disabled } = fieldsOf<NativeRecord>(value)
  return typeof content === 'string' && (disabled === undefined || typeof disabled === 'boolean')
}

function fieldsOf<T>(value: unknown): { readonly [K in keyof T]?: unknown } {
  return typeof value === 'object' && value !== null ? value : {}
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** A name of the API, which is absolute and, as a rule, has its octets escaped as {@link Name} has them. */
export function nameOf(text: string): Name {
  return escapedName((text.endsWith('.') ? text : `${text}.`).toLowerCase())
}

/** The id of a zone in a URL: `=2F` stands for the slash of RFC 2317, as Debian's 4.7 takes no `%2F`; the root is `=2E` (4.7.3, verified 2026-11). */
export function zoneId(zone: Name): string {
  return zone.replace(
    zone === ROOT ? /\./ : /[^a-z0-9._-]/g,
    (char) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}

/** The rdata in a content; undefined where it is none of this type. */
export function rdataOf(type: RRType, content: string): RdataByType[RRType] | undefined {
  return parseRdata(type, content, nameOf)
}

/**
 * The content of rdata. The API takes no other spelling than its own: one blank between the strings of a TXT, no zeros in
 * front of a number, names with their dot (422 "Not in expected format"; 4.7.3 and 5.1.5, verified 2026-11).
 */
export function contentOf(type: RRType, rdata: RdataByType[RRType]): string {
  return type === 'AAAA' ? inGroups(rdata as string) : presentation(type, rdata)
}

/** An IPv6 address without an IPv4 address at its end, which 4.7 takes for none (4.7.3, verified 2026-11). */
function inGroups(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...octets: string[]) => {
    const [a = 0, b = 0, c = 0, d = 0] = octets.slice(0, 4).map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
}

/** Why the API takes no record with this owner name; undefined where it does (422 "contains unsupported characters"). */
export function unsupportedName(name: Name): string | undefined {
  return /^[a-z0-9_./*-]+$/.test(name)
    ? undefined
    : 'the API of PowerDNS takes no owner name with other characters than letters, digits, `-`, `_`, `*` and `/`'
}
