import { type Name, withoutDot } from '../../records/rr/name.js'
import { isRRType, type Mx, type RdataByType, type RRType } from '../../records/rr/rdata.js'
import { heldTtl } from '../../records/rr/rrset.js'
import { quoteTxt, type Txt, unquoteTxt } from '../../records/rr/txt.js'
import { absoluteName } from '../foreign.js'

/** What is read of a record of the API, whatever its type. */
export interface NativeRecord {
  readonly id: string
  readonly type: string
  /** The whole name in A-labels, without trailing dot. */
  readonly name: string
  readonly content?: string
  readonly priority?: number
  /** Seconds; 1 is automatic. */
  readonly ttl: number
  readonly proxied?: boolean
  readonly settings?: object
  readonly meta?: object
}

/** The part of a record that carries rdata. */
export interface NativeRdata {
  readonly content: string
  readonly priority?: number
}

/** Seconds that TTL 1 ("automatic") means where nothing is proxied (developers.cloudflare.com/dns, verified 2026-11). */
export const AUTOMATIC_TTL = 300

const QUOTED = /^"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*$/s

/** Whether an item of a listing is a record: all of what is read of it has the type it must have. */
export function isNativeRecord(item: unknown): item is NativeRecord {
  const { id, type, name, content, priority } = (item ?? {}) as { readonly [K in keyof NativeRecord]?: unknown }
  return (
    [id, type, name].every((text) => typeof text === 'string' && text !== '') &&
    (content === undefined || content === null || typeof content === 'string') &&
    (priority === undefined || priority === null || isPreference(priority))
  )
}

function isPreference(priority: unknown): boolean {
  return typeof priority === 'number' && Number.isInteger(priority) && priority >= 0 && priority <= 65_535
}

/** The type as DNS knows it, undefined for those mailsync does not write. A legacy `SPF` record is a TXT (2026-11). */
export function typeOf(native: string): RRType | undefined {
  if (native === 'SPF') return 'TXT'
  return isRRType(native) ? native : undefined
}

/** The TTL that resolvers see, in seconds. */
export function shownTtl(native: number): number {
  return native === 1 ? AUTOMATIC_TTL : heldTtl(native)
}

export function rdataOf(type: RRType, record: NativeRecord): RdataByType[RRType] {
  const content = record.content ?? ''
  if (type === 'A' || type === 'AAAA') return content
  if (type === 'TXT') return textOf(content)
  if (type === 'MX') return { preference: record.priority ?? 0, exchange: absoluteName(content) }
  return absoluteName(content)
}

/** TXT content comes back as it was sent: bare text stays bare, and only quoted strings have escapes (2026-11). */
function textOf(content: string): Txt {
  return QUOTED.test(content) ? unquoteTxt(content) : content
}

/** Names as the API takes them: without the dot, or the zone is appended to them (2026-11). */
export function nativeRdata(type: RRType, rdata: RdataByType[RRType]): NativeRdata {
  if (type === 'TXT') return { content: quoteTxt(rdata as Txt) }
  if (type === 'A' || type === 'AAAA') return { content: rdata as string }
  if (type === 'MX') return { content: withoutDot((rdata as Mx).exchange), priority: (rdata as Mx).preference }
  return { content: withoutDot(rdata as Name) }
}
