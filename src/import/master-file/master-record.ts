import { familyOf, parseAddress } from '../../../records/rr/address.js'
import { type Name, parseName, ROOT } from '../../../records/rr/name.js'
import type { RdataByType, RRType } from '../../../records/rr/rrset.js'
import { unquoteTxt } from '../../../records/rr/txt.js'

/** The parts of a resource record in a master file, after its owner name. */
export interface RecordParts {
  /** Seconds; undefined where none is written. */
  readonly ttl: number | undefined
  readonly class: string
  readonly type: string
  readonly rdata: readonly string[]
}

const TYPES: readonly string[] = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'TXT'] satisfies RRType[]
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** A TTL as BIND takes it, `3600` or `1h30m`; undefined for another word. */
export function parseTtl(word: string): number | undefined {
  if (!/^(?=\d)(?:\d+[smhdw])*\d*$/i.test(word)) return undefined
  const seconds = [...word.matchAll(/(\d+)([smhdw]?)/gi)].map(
    ([, number, unit = '']) => Number(number) * (UNITS[unit.toLowerCase()] ?? 1),
  )
  const sum = seconds.reduce((total, part) => total + part, 0)
  return sum < 2 ** 31 ? sum : undefined
}

/** TTL and class, in either order or absent, then the type and its rdata (RFC 1035 §5.1); undefined without a type. */
export function recordParts(words: readonly string[]): RecordParts | undefined {
  let ttl: number | undefined
  let type: string | undefined
  let klass: string | undefined
  let index = 0
  for (; index < words.length && type === undefined; index++) {
    const word = words[index] as string
    const seconds = ttl === undefined ? parseTtl(word) : undefined
    if (seconds !== undefined) ttl = seconds
    else if (klass === undefined && /^(?:IN|CH|HS|CS|CLASS\d+)$/i.test(word)) klass = word.toUpperCase()
    else type = word.toUpperCase()
  }
  if (type === undefined || !/^[A-Z][A-Z0-9-]*$/.test(type)) return undefined
  return { ttl, class: klass ?? 'IN', type, rdata: words.slice(index) }
}

/** Whether mailsync reads records of this type. */
export function isKnownType(type: string): type is RRType {
  return TYPES.includes(type)
}

/**
 * A name of a master file, made whole by the origin. `odd`: it has octets that no name of a spec has. `relative`: it needs an
 * origin, and there is none yet.
 */
export function masterName(word: string, origin: Name | undefined): Name | 'odd' | 'relative' {
  const whole = word === '.' || /(?:^|[^\\])(?:\\\\)*\.$/.test(word)
  if (!whole && origin === undefined) return 'relative'
  const text = whole ? word : word === '@' ? (origin as Name) : `${word}.${origin === ROOT ? '' : origin}`
  const name = parseName(text)
  return typeof name === 'string' ? name : 'odd'
}

/** The rdata of a known type; undefined where the words are not that. `odd` as for {@link masterName}. */
export function masterRdata(
  type: RRType,
  words: readonly string[],
  origin: Name | undefined,
): RdataByType[RRType] | 'odd' | undefined {
  const [first = '', second = ''] = words
  if (type === 'TXT') return words.length === 0 ? undefined : unquoteTxt(words.join(' '))
  if (words.length !== (type === 'MX' ? 2 : 1)) return undefined
  if (type === 'A' || type === 'AAAA') {
    const address = parseAddress(first)
    return typeof address === 'string' && familyOf(address) === (type === 'A' ? 4 : 6) ? address : undefined
  }
  const target = masterName(type === 'MX' ? second : first, origin)
  if (target === 'relative') return undefined
  if (target === 'odd' || type !== 'MX') return target
  return /^\d{1,5}$/.test(first) && Number(first) < 65_536 ? { preference: Number(first), exchange: target } : undefined
}
