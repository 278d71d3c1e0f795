import { type Name, parseName, ROOT } from '../../../records/rr/name.js'
import { isAscii } from '../../../records/rr/octets.js'
import { parseRdata, type RdataByType, type RRType } from '../../../records/rr/rdata.js'
import { heldTtl } from '../../../records/rr/rrset.js'

/** The parts of a resource record in a master file, after its owner name. */
export interface RecordParts {
  /** Seconds; undefined where none is written. */
  readonly ttl: number | undefined
  readonly class: string
  readonly type: string
  readonly rdata: readonly string[]
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** A TTL as BIND takes it, `3600` or `1h30m`, and 0 where it has more than 31 bits (RFC 2181 §8); undefined for another word. */
export function parseTtl(word: string): number | undefined {
  if (!/^(?=\d)(?:\d+[smhdw])*\d*$/i.test(word)) return undefined
  const seconds = [...word.matchAll(/(\d+)([smhdw]?)/gi)].map(
    ([, number, unit = '']) => Number(number) * (UNITS[unit.toLowerCase()] ?? 1),
  )
  return heldTtl(seconds.reduce((total, part) => total + part, 0))
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

/**
 * A name of a master file, made whole by the origin. `odd`: it has octets that no name of a spec has; what is not ASCII are
 * those very octets, and never an A-label (RFC 2181 §11). `relative`: it needs an origin, and there is none yet.
 */
export function masterName(word: string, origin: Name | undefined): Name | 'odd' | 'relative' {
  const whole = word.endsWith('.') && !isEscaped(word, word.length - 1)
  if (!whole && origin === undefined) return 'relative'
  const text = whole ? word : word === '@' ? (origin as Name) : `${word}.${origin === ROOT ? '' : origin}`
  const name = isAscii(text) ? parseName(text) : undefined
  return typeof name === 'string' ? name : 'odd'
}

/** Whether the character at an offset has an odd number of backslashes before it. */
function isEscaped(word: string, offset: number): boolean {
  let first = offset
  while (word[first - 1] === '\\') first--
  return (offset - first) % 2 === 1
}

/** The rdata of a known type; undefined where the words are not that. `odd` as for {@link masterName}. */
export function masterRdata(
  type: RRType,
  words: readonly string[],
  origin: Name | undefined,
): RdataByType[RRType] | 'odd' | undefined {
  if (words.length === 0) return undefined
  let isOdd = false
  const rdata = parseRdata(type, words.join(' '), (word) => {
    const name = masterName(word, origin)
    isOdd ||= name === 'odd'
    return name === 'odd' || name === 'relative' ? undefined : name
  })
  return isOdd ? 'odd' : rdata
}

/** Types of which the last word of the rdata is a name. */
const LEADS: readonly string[] = ['DNAME', 'ALIAS', 'ANAME']

/** The rdata of a type mailsync does not know, as written; a name it leads to is made whole. */
export function otherRdata(type: string, words: readonly string[], origin: Name | undefined): string {
  const target = LEADS.includes(type) ? masterName(words.at(-1) ?? '', origin) : 'odd'
  const isName = target !== 'odd' && target !== 'relative'
  return [...words.slice(0, -1), ...(isName ? [target] : words.slice(-1))].join(' ')
}
