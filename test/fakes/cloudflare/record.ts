import type { Caa, Mx, Srv, Tlsa } from '../../../records/rr/rdata.js'
import type { RRset } from '../../../records/rr/rrset.js'
import type { Txt } from '../../../records/rr/txt.js'

/** A record as the API holds and shows it. */
export interface FakeRecord {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly content: string
  readonly ttl: number
  readonly proxied?: boolean
  readonly priority?: number
  readonly comment?: string | null
  readonly tags?: readonly string[]
  readonly settings?: object
  /** The parts of an SRV, a CAA and others, beside their content. */
  readonly data?: object
  readonly meta?: object
}

/** Records as the dashboard leaves them: TXT that needs no quotes stays bare, names have no trailing dot. */
export function nativeOf(rrset: RRset): Omit<FakeRecord, 'id'>[] {
  const { type, ttl } = rrset
  const name = bare(rrset.name)
  return rrset.rdata.map((rdata) => {
    if (type === 'TXT') return { type, name, ttl, content: contentOf(rdata as Txt) }
    if (type === 'MX') {
      const { preference, exchange } = rdata as Mx
      return { type, name, ttl, content: bare(exchange), priority: preference }
    }
    const data = dataOf(rrset.type, rdata)
    if (data) return { type, name, ttl, ...madeFrom(type, data), data }
    return { type, name, ttl, content: type === 'A' || type === 'AAAA' ? String(rdata) : bare(rdata as string) }
  })
}

/** The types that are sent as `data`, and the fields of it that must be there. */
export const DATA_FIELDS: Readonly<Record<string, readonly string[]>> = {
  CAA: ['flags', 'tag', 'value'],
  SRV: ['priority', 'weight', 'port', 'target'],
  TLSA: ['usage', 'selector', 'matching_type', 'certificate'],
}

function dataOf(type: RRset['type'], rdata: RRset['rdata'][number]): object | undefined {
  if (type === 'CAA') return rdata as Caa
  if (type === 'SRV') return { ...(rdata as Srv), target: bare((rdata as Srv).target) }
  if (type !== 'TLSA') return undefined
  const { usage, selector, matching, data } = rdata as Tlsa
  return { usage, selector, matching_type: matching, certificate: data }
}

/** The content that the API makes of `data`; the priority of an SRV stands beside it. */
export function madeFrom(type: string, data: object): { content: string; priority?: number } {
  const { flags, tag, value, priority, weight, port, target, usage, selector, matching_type, certificate } =
    data as Record<string, unknown>
  if (type === 'CAA') return { content: `${flags} ${tag} "${value}"` }
  return type === 'SRV'
    ? { content: `${weight} ${port} ${target}`, priority: Number(priority) }
    : { content: `${usage} ${selector} ${matching_type} ${certificate}` }
}

/** The octets of TXT content: bare text as it is, or quoted strings with their escapes resolved, joined. */
export function txtOctets(content: string): Buffer {
  if (!content.startsWith('"')) return Buffer.from(content)
  const octets: Buffer[] = []
  for (const [, string = ''] of content.matchAll(/"((?:[^"\\]|\\.)*)"/gs))
    for (const [part] of string.matchAll(/\\\d{3}|\\.|[^\\]+/gsu))
      octets.push(/^\\\d/.test(part) ? Buffer.of(Number(part.slice(1))) : Buffer.from(part.replace(/^\\(?=.)/s, '')))
  return Buffer.concat(octets)
}

/** Quoted strings of at most 255 octets. */
export function quoted(octets: Buffer): string {
  const strings: string[] = []
  for (let start = 0; start === 0 || start < octets.length; start += 255)
    strings.push(`"${[...octets.subarray(start, start + 255)].map(escaped).join('')}"`)
  return strings.join(' ')
}

function contentOf(text: Txt): string {
  if (typeof text !== 'string') return text.map((string) => quoted(Buffer.from(string))).join(' ')
  return /^[!#-[\]-~][ -[\]-~]{0,254}$/.test(text) ? text : quoted(Buffer.from(text))
}

function escaped(octet: number): string {
  const char = String.fromCharCode(octet)
  if (char === '"' || char === '\\') return `\\${char}`
  return octet < 32 || octet > 126 ? `\\${String(octet).padStart(3, '0')}` : char
}

function bare(name: string): string {
  return name === '.' ? name : name.replace(/\.$/, '')
}
