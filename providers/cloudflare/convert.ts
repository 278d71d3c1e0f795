import { type Name, ROOT, withoutDot } from '../../records/rr/name.js'
import {
  type Caa,
  isRRType,
  type Mx,
  parseRdata,
  type RdataByType,
  type RRType,
  type Srv,
  type Tlsa,
} from '../../records/rr/rdata.js'
import { heldTtl } from '../../records/rr/rrset.js'
import { quoteString, quoteTxt, type Txt, unquoteTxt } from '../../records/rr/txt.js'
import { absoluteName } from '../foreign.js'

/** What is read of a record of the API, whatever its type. */
export interface NativeRecord {
  readonly id: string
  readonly type: string
  /** The whole name in A-labels, without trailing dot. */
  readonly name: string
  readonly content?: string
  readonly priority?: number
  /** The parts of a CAA, an SRV or a TLSA, from which the API makes the content. */
  readonly data?: object
  /** Seconds; 1 is automatic. */
  readonly ttl: number
  readonly proxied?: boolean
  readonly settings?: object
  readonly meta?: object
}

/** The part of a record that carries rdata. */
export type NativeRdata = { readonly content: string; readonly priority?: number } | { readonly data: object }

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

/** The rdata of a record; undefined where it cannot be read. */
export function rdataOf(type: RRType, record: NativeRecord): RdataByType[RRType] | undefined {
  const content = record.content ?? ''
  switch (type) {
    case 'A':
    case 'AAAA':
      return content
    case 'TXT':
      return textOf(content)
    case 'MX':
      return { preference: record.priority ?? 0, exchange: absoluteName(content) }
    case 'CAA':
    case 'SRV':
    case 'TLSA':
      return parseRdata(type, presented(type, record), absoluteName)
    default:
      return absoluteName(content)
  }
}

/**
 * In the form of a zone file, from the parts where the API gives them; empty where a part is neither text nor number. The null
 * target of an SRV is `.`, empty or false (2026-11).
 */
function presented(type: 'CAA' | 'SRV' | 'TLSA', { content, priority, data }: NativeRecord): string {
  if (!data) return `${type === 'SRV' ? `${priority} ` : ''}${content}`
  const parts = data as Readonly<Record<string, unknown>>
  if (Object.values(parts).some((part) => typeof part === 'object' && part !== null)) return ''
  if (type === 'CAA') return `${parts.flags} ${parts.tag} ${quoteString(String(parts.value))}`
  return type === 'SRV'
    ? `${parts.priority} ${parts.weight} ${parts.port} ${parts.target || ROOT}`
    : `${parts.usage} ${parts.selector} ${parts.matching_type} ${parts.certificate}`
}

/** TXT content comes back as it was sent: bare text stays bare, and only quoted strings have escapes (2026-11). */
function textOf(content: string): Txt {
  return QUOTED.test(content) ? unquoteTxt(content) : content
}

/** Names as the API takes them: without the dot, or the zone is appended to them (2026-11). */
export function nativeRdata(type: RRType, rdata: RdataByType[RRType]): NativeRdata {
  switch (type) {
    case 'A':
    case 'AAAA':
      return { content: rdata as string }
    case 'TXT':
      return { content: quoteTxt(rdata as Txt) }
    case 'MX':
      return { content: withoutDot((rdata as Mx).exchange), priority: (rdata as Mx).preference }
    case 'CAA':
      return { data: rdata as Caa }
    case 'SRV':
      return { data: { ...(rdata as Srv), target: withoutDot((rdata as Srv).target) } }
    case 'TLSA': {
      const { usage, selector, matching, data } = rdata as Tlsa
      return { data: { usage, selector, matching_type: matching, certificate: data } }
    }
    default:
      return { content: withoutDot(rdata as Name) }
  }
}
