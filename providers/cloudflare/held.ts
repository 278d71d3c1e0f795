import type { Name } from '../../records/rr/name.js'
import { canonicalRdata, type RdataByType, type RRType, rdataKey } from '../../records/rr/rdata.js'
import { canonical, keyOf, type OpaqueRRset, type RRset } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import { absoluteName, notOfType, otherRRset } from '../foreign.js'
import { AUTOMATIC_TTL, type NativeRdata, type NativeRecord, rdataOf, shownTtl, typeOf } from './convert.js'

/** One record of the API beside the value it stands for. */
export interface HeldRecord {
  readonly id: string
  readonly nativeType: string
  /** Seconds; 1 is automatic. */
  readonly nativeTtl: number
  /** As {@link rdataKey} gives it. */
  readonly text: string
  /** As the API gave it: what a stranger wrote goes back in the same octets. */
  readonly native: NativeRdata
}

/** An RRset as it is seen, and the records it is made of. */
interface HeldRRset {
  readonly rrset: RRset
  readonly records: readonly HeldRecord[]
}

/** A zone, with the records that each RRset is made of. */
export interface HeldZone extends Zone {
  /** By `keyOf`. */
  readonly records: ReadonlyMap<string, readonly HeldRecord[]>
}

interface Group {
  readonly type: RRType
  readonly name: Name
  readonly records: HeldRecord[]
  readonly rdata: RdataByType[RRType][]
  /** Seconds, the lowest. */
  ttl: number
  locked: string | undefined
}

const PROXIED =
  'it is proxied, so Cloudflare answers with the addresses of its web proxy, through which no SMTP passes and which no SPF or PTR record matches; set it to "DNS only"'

/**
 * A zone, from its records.
 *
 * - Records of one RRset may differ in TTL; the RRset has the lowest (RFC 2181 §5.2).
 * - One proxied address makes all addresses of its name proxied, of both families (developers.cloudflare.com/dns/proxy-status, 2026-11).
 * - A CNAME that is proxied, flattened or at the apex is never answered as a CNAME: Cloudflare makes addresses of it, and
 *   other records stand beside it (developers.cloudflare.com/dns/cname-flattening, 2026-11). It is shown as those addresses, locked.
 */
export function heldZone(records: readonly NativeRecord[], zone: Name): HeldZone {
  const groups = new Map<string, Group>()
  const others = new Map<string, OpaqueRRset>()
  const madeUp = new Map<Name, string>()
  for (const record of records) {
    const type = typeOf(record.type)
    const name = absoluteName(record.name)
    if (type === undefined) {
      addOther(others, name, record)
      continue
    }
    if (type === 'CNAME' && isFlattened(record, name, zone)) {
      madeUp.set(name, flattened(record))
      continue
    }
    if (record.proxied === true) madeUp.set(name, PROXIED)
    addRecord(groups, type, name, record)
  }
  const held = new Map([...groups].map(([key, group]) => [key, heldOf(group)]))
  for (const [name, locked] of madeUp) {
    for (const type of ['A', 'AAAA'] as const) {
      const known = held.get(keyOf({ name, type }))
      const rrset = known?.rrset ?? { type, name, ttl: AUTOMATIC_TTL, rdata: [] }
      held.set(keyOf(rrset), { rrset: { ...rrset, locked }, records: known?.records ?? [] })
    }
  }
  const known = [...held.values()]
  return {
    ...zoneWith(zone, [...known.map(({ rrset }) => rrset), ...others.values()]),
    records: new Map(known.map(({ rrset, records: parts }) => [keyOf(rrset), parts])),
  }
}

function addOther(others: Map<string, OpaqueRRset>, name: Name, { type, ttl, content }: NativeRecord): void {
  const known = others.get(keyOf({ name, type }))
  const rdata = [...(known?.rdata ?? []), ...(content ? [content] : [])]
  const rrset = otherRRset(name, type, Math.min(known?.ttl ?? shownTtl(ttl), shownTtl(ttl)), rdata)
  if (rrset) others.set(keyOf(rrset), rrset)
}

function addRecord(groups: Map<string, Group>, type: RRType, name: Name, record: NativeRecord): void {
  const key = keyOf({ name, type })
  const group = groups.get(key) ?? { type, name, ttl: shownTtl(record.ttl), records: [], rdata: [], locked: undefined }
  groups.set(key, group)
  const read = rdataOf(type, record)
  group.locked ??= readOnlyReason(record) ?? (read === undefined ? notOfType(type) : undefined)
  group.ttl = Math.min(group.ttl, shownTtl(record.ttl))
  if (read === undefined) return
  const value = canonicalRdata(type, read)
  group.rdata.push(value)
  group.records.push({
    id: record.id,
    nativeType: record.type,
    nativeTtl: record.ttl,
    text: rdataKey(type, value),
    native: nativeOf(type, record),
  })
}

function nativeOf(type: RRType, { content, priority, data }: NativeRecord): NativeRdata {
  if (data) return { data }
  return { content: content ?? '', ...(type === 'MX' || type === 'SRV' ? { priority: priority ?? 0 } : {}) }
}

function heldOf({ type, name, ttl, records, rdata, locked }: Group): HeldRRset {
  return { rrset: canonical({ type, name, ttl, rdata, ...(locked === undefined ? {} : { locked }) } as RRset), records }
}

function readOnlyReason({ meta, content }: NativeRecord): string | undefined {
  if (typeof meta !== 'object' || meta === null || !('read_only' in meta) || meta.read_only !== true) return undefined
  return 'email_routing' in meta && meta.email_routing === true
    ? `Cloudflare Email Routing keeps ${content} there, read-only; turn Email Routing off for this name, or leave its mail to it`
    : `a Cloudflare product keeps ${content} there, read-only`
}

function isFlattened({ proxied, settings }: NativeRecord, name: Name, zone: Name): boolean {
  const asked =
    typeof settings === 'object' && settings !== null && 'flatten_cname' in settings && settings.flatten_cname === true
  return name === zone || proxied === true || asked
}

function flattened({ content, proxied }: NativeRecord): string {
  const what = `a CNAME to ${content} stands there, which Cloudflare answers with addresses`
  return proxied === true ? `${what} of its web proxy, through which no SMTP passes` : `${what} of its own finding`
}
