import { compareNames, type Name } from './name.js'
import { canonicalRdata, compareRdata, isRRType, type RdataByType, type RRType, rdataKey, rdataText } from './rdata.js'

/**
 * All records of one type at one owner name (RFC 2181 §5).
 *
 * `locked` says why a provider's RRset must never be written: an alias, a weighted set, a read-only record. Such a set may
 * have no rdata that DNS knows.
 */
export type RRset = { [T in RRType]: RRsetOf<T> }[RRType]

export interface RRsetOf<T extends RRType> {
  readonly type: T
  readonly name: Name
  /** Seconds, 0 to 2^31-1 (RFC 2181 §8). */
  readonly ttl: number
  readonly rdata: readonly RdataByType[T][]
  readonly locked?: string
}

/** A type outside {@link RRType}, `DNAME` or `NAPTR`. */
export type OtherType = string & { readonly __otherType: true }

/**
 * An RRset of a type that mailsync does not write. It is seen all the same: what is below a DNAME is never answered, no
 * address stands beside an ALIAS, and where anything stands a wildcard does not answer.
 */
export interface OpaqueRRset {
  readonly type: OtherType
  readonly name: Name
  readonly ttl: number
  /** In presentation form (RFC 1035 §5.1), as far as the adapter knows it. */
  readonly rdata: readonly string[]
  readonly locked: string
}

/** What a zone may hold. */
export type AnyRRset = RRset | OpaqueRRset

export function isKnown(rrset: AnyRRset): rrset is RRset {
  return isRRType(rrset.type)
}

/** An RRset of another type. Throws a RangeError for a type mailsync knows. */
export function opaque(name: Name, type: string, ttl: number, rdata: readonly string[] = []): OpaqueRRset {
  if (isRRType(type)) throw new RangeError(`${type} is no other type`)
  return { type: type as OtherType, name, ttl, rdata, locked: `mailsync does not write ${type} records` }
}

/** One whole-RRset replacement. `before` is what the writer expects to find, and refuses if it does not. */
export type Change = (
  | { readonly kind: 'create'; readonly after: RRset }
  | { readonly kind: 'update'; readonly before: RRset; readonly after: RRset }
  | { readonly kind: 'delete'; readonly before: RRset }
) & {
  /** Where the spec asks for it, `mailsync.yaml:19`; adapters may keep it as the record's comment. */
  readonly origin?: string
}

/** The RRset a change is about: what will stand there, or what is taken away. */
export function subjectOf(change: Change): RRset {
  return change.kind === 'delete' ? change.before : change.after
}

/** What a change expects to find; undefined where nothing. */
export function beforeOf(change: Change): RRset | undefined {
  return change.kind === 'create' ? undefined : change.before
}

/** What a change makes; undefined where it takes away. */
export function afterOf(change: Change): RRset | undefined {
  return change.kind === 'delete' ? undefined : change.after
}

/** The highest TTL, in seconds (RFC 2181 §8). */
export const MAX_TTL = 2 ** 31 - 1

/** The TTL that a number found in DNS or in a zone file means: 0 where it has more than 31 bits (RFC 2181 §8). */
export function heldTtl(seconds: number): number {
  return seconds >= 0 && seconds <= MAX_TTL ? Math.floor(seconds) : 0
}

/** Identity of an RRset within a zone, `example.com. TXT`. */
export function keyOf(rrset: { readonly name: Name; readonly type: string }): string {
  return `${rrset.name} ${rrset.type}`
}

/** The rdata of a set as comparable texts, in the set's own order. */
export function rdataTexts(rrset: RRset): string[] {
  return rrset.rdata.map((rdata) => rdataText(rrset.type, rdata))
}

/**
 * The canonical form: addresses as RFC 5952 writes them, names in lower case, no value twice (RFC 2181 §5), values in
 * order (MX by preference). Idempotent, and the set itself where it is canonical, as most are that are asked about. TXT values
 * stay byte for byte, and border for border.
 */
export function canonical<T extends AnyRRset>(rrset: T): T {
  const name = rrset.name.toLowerCase() as Name
  if (!isKnown(rrset)) return name === rrset.name ? rrset : { ...rrset, name }
  const { type } = rrset
  if (rrset.rdata.length === 1) {
    const [value] = rrset.rdata as readonly RdataByType[RRType][]
    const clean = canonicalRdata(type, value as RdataByType[RRType])
    return clean === value && name === rrset.name ? rrset : { ...rrset, name, rdata: [clean] }
  }
  const byKey = new Map<string, RdataByType[RRType]>()
  for (const value of rrset.rdata) {
    const clean = canonicalRdata(type, value)
    byKey.set(rdataKey(type, clean), clean)
  }
  const rdata = [...byKey].sort((a, b) => compareRdata(type, a, b)).map(([, value]) => value)
  const isCanonical =
    name === rrset.name && rdata.length === rrset.rdata.length && rdata.every((value, at) => value === rrset.rdata[at])
  return isCanonical ? rrset : { ...rrset, name, rdata }
}

/** Whether two sets hold the same values, whatever their order and TTL. Both must be canonical or come from one source. */
function sameRdata(a: RRset, b: RRset): boolean {
  if (a.type !== b.type || a.rdata.length !== b.rdata.length) return false
  const key = (rdata: RdataByType[RRType]): string => rdataKey(a.type, rdata)
  if (a.rdata.length === 1) return key(a.rdata[0] as RdataByType[RRType]) === key(b.rdata[0] as RdataByType[RRType])
  const keys = new Set(a.rdata.map(key))
  return b.rdata.every((rdata) => keys.has(key(rdata)))
}

/** Whether two sets are the same in name, type, TTL and values. */
export function sameRRset(a: RRset, b: RRset): boolean {
  return a.name === b.name && a.ttl === b.ttl && sameRdata(a, b)
}

/** What leads from one set to another at the same place, both canonical; undefined where nothing has to be done. */
export function changeBetween(before: RRset | undefined, after: RRset | undefined): Change | undefined {
  if (before === undefined) return after && { kind: 'create', after }
  if (after === undefined) return { kind: 'delete', before }
  return sameRRset(before, after) ? undefined : { kind: 'update', before, after }
}

/** Zone order: by owner name, then type. */
export function compareRRsets(a: AnyRRset, b: AnyRRset): number {
  return compareNames(a.name, b.name) || (a.type < b.type ? -1 : a.type > b.type ? 1 : 0)
}
