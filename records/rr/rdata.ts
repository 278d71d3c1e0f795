import { familyOf, heldAddress } from './address.js'
import { type Name, parseName } from './name.js'
import { joinedTxt, quoteString, quoteTxt, type Txt, txtKey, unquoteTxt } from './txt.js'

/** The rdata mailsync reads and writes, one shape a type. */
export interface RdataByType {
  A: string
  AAAA: string
  CAA: Caa
  CNAME: Name
  MX: Mx
  NS: Name
  PTR: Name
  SRV: Srv
  TLSA: Tlsa
  TXT: Txt
}

export interface Mx {
  /** 0 to 65535, lower is tried first (RFC 5321 §5.1). */
  readonly preference: number
  /** `.` alone is the null MX (RFC 7505). */
  readonly exchange: Name
}

/** RFC 2782. */
export interface Srv {
  /** 0 to 65535, lower is tried first. */
  readonly priority: number
  /** 0 to 65535, the share among equal priorities. */
  readonly weight: number
  readonly port: number
  /** `.` alone says that the service is not offered. */
  readonly target: Name
}

/** RFC 6698 §2.1. */
export interface Tlsa {
  /** 0 to 255: 2 a trust anchor (DANE-TA), 3 the certificate of the server itself (DANE-EE). */
  readonly usage: number
  /** 0 to 255: 0 the whole certificate, 1 its public key. */
  readonly selector: number
  /** 0 to 255: 0 the data itself, 1 its SHA-256, 2 its SHA-512. */
  readonly matching: number
  /** Lower-case hex, two digits an octet. */
  readonly data: string
}

/** RFC 8659 §4.1. */
export interface Caa {
  /** 0 to 255; 128 is the critical bit. */
  readonly flags: number
  /** `issue`, `iodef`; letters and digits, whose case means nothing. */
  readonly tag: string
  /** Octets as text, as `decodeOctets` gives them: one string, which may be longer than 255. */
  readonly value: string
}

export type RRType = keyof RdataByType
type Rdata = RdataByType[RRType]

/** What is known of the rdata of a type. */
interface Form<T> {
  /** For people and for comparing what it means, in one line. Of TXT the joined octets. */
  text(rdata: T): string
  /** As a zone file has it (RFC 1035 §5.1). Default: the text. */
  present?(rdata: T): string
  /** Equal exactly when the rdata is. Default: the text. */
  key?(rdata: T): string
  /** As DNS compares it: names in lower case, addresses in one form. */
  canonical(rdata: T): T
  /** The name it leads to. */
  target?(rdata: T): Name
  /** The order before that of the texts: what is tried first stands first. */
  compare?(a: T, b: T): number
  /** From the presentation form, all names whole; undefined where it is none. `name` reads a name in it. */
  parse(text: string, name: (word: string) => Name | undefined): T | undefined
}

const lower = (name: Name): Name => name.toLowerCase() as Name
const name: Form<Name> = {
  text: (rdata) => rdata,
  canonical: lower,
  target: (rdata) => rdata,
  parse: (text, name) => only(wordsOf(text), name),
}

function address(family: 4 | 6): Form<string> {
  return {
    text: (rdata) => rdata,
    canonical: (rdata) => (family === 4 ? rdata : (heldAddress(rdata) ?? rdata)),
    parse: (text) => {
      const read = heldAddress(text.trim())
      return read !== undefined && familyOf(read) === family ? read : undefined
    },
  }
}

const forms: { readonly [T in RRType]: Form<RdataByType[T]> } = {
  A: address(4),
  AAAA: address(6),
  CAA: {
    text: ({ flags, tag, value }) => `${flags} ${tag} ${quoteString(value)}`,
    canonical: ({ flags, tag, value }) => ({ flags, tag, value }),
    parse: (text) => {
      const [, flags = '', tag, quoted = ''] = /^\s*(\d{1,3})\s+([a-z0-9]+)\s+(\S.*)$/is.exec(text) ?? []
      const value = unquoteTxt(quoted)
      const isOne = typeof value === 'string' && (quoted.startsWith('"') || wordsOf(quoted).length === 1)
      return tag === undefined || Number(flags) > 255 || !isOne ? undefined : { flags: Number(flags), tag, value }
    },
  },
  CNAME: name,
  MX: {
    text: ({ preference, exchange }) => `${preference} ${exchange}`,
    canonical: (rdata) => {
      const exchange = lower(rdata.exchange)
      return exchange === rdata.exchange ? rdata : { preference: rdata.preference, exchange }
    },
    compare: (a, b) => a.preference - b.preference,
    target: ({ exchange }) => exchange,
    parse: (text, name) => {
      const [numbers, rest] = leading(text, [65_535]) ?? []
      const exchange = only(rest, name)
      return numbers && exchange ? { preference: numbers[0] as number, exchange } : undefined
    },
  },
  NS: name,
  PTR: name,
  SRV: {
    text: ({ priority, weight, port, target }) => `${priority} ${weight} ${port} ${target}`,
    canonical: ({ priority, weight, port, target }) => ({ priority, weight, port, target: lower(target) }),
    compare: (a, b) => a.priority - b.priority || b.weight - a.weight,
    target: ({ target }) => target,
    parse: (text, name) => {
      const [numbers, rest] = leading(text, [65_535, 65_535, 65_535]) ?? []
      const target = only(rest, name)
      if (!numbers || !target) return undefined
      const [priority, weight, port] = numbers as [number, number, number]
      return { priority, weight, port, target }
    },
  },
  TLSA: {
    text: ({ usage, selector, matching, data }) => `${usage} ${selector} ${matching} ${data}`,
    canonical: ({ usage, selector, matching, data }) => ({ usage, selector, matching, data: data.toLowerCase() }),
    parse: (text) => {
      const [numbers, rest = []] = leading(text, [255, 255, 255]) ?? []
      const data = rest.join('').toLowerCase()
      if (!numbers || !/^(?:[0-9a-f]{2})+$/.test(data)) return undefined
      const [usage, selector, matching] = numbers as [number, number, number]
      return { usage, selector, matching, data }
    },
  },
  TXT: {
    text: joinedTxt,
    present: quoteTxt,
    key: txtKey,
    canonical: (rdata) => rdata,
    parse: unquoteTxt,
  },
}

/** The words of a text, escapes kept; an escaped blank parts none (RFC 1035 §5.1). */
function wordsOf(text: string): readonly string[] {
  return text.match(/(?:\\.|[^\s\\])+/gs) ?? []
}

function only<T>(words: readonly string[] | undefined, read: (word: string) => T | undefined): T | undefined {
  const [word] = words ?? []
  return word === undefined || words?.length !== 1 ? undefined : read(word)
}

/** The whole numbers at the head of a text, one a limit, and the words after them; undefined where one is none or is greater. */
function leading(text: string, limits: readonly number[]): [number[], readonly string[]] | undefined {
  const words = wordsOf(text)
  const numbers = words.slice(0, limits.length)
  const isRight = limits.every(
    (limit, index) => /^\d{1,5}$/.test(numbers[index] ?? '') && Number(numbers[index]) <= limit,
  )
  return isRight ? [numbers.map(Number), words.slice(limits.length)] : undefined
}

function form(type: RRType): Form<Rdata> {
  return forms[type] as unknown as Form<Rdata>
}

/** The types mailsync reads and writes, in the order of the alphabet. */
export const RRTYPES = Object.keys(forms) as readonly RRType[]

export function isRRType(type: string): type is RRType {
  return Object.hasOwn(forms, type)
}

/** One record's rdata as text for people and for comparing what it means. For TXT the joined octets. */
export function rdataText(type: RRType, rdata: Rdata): string {
  return form(type).text(rdata)
}

/** In presentation form, as a zone file has it (RFC 1035 §5.1). */
export function presentation(type: RRType, rdata: Rdata): string {
  const { present, text } = form(type)
  return (present ?? text)(rdata)
}

/** As {@link rdataText}, but equal exactly when the rdata is: for TXT the borders of its strings count. */
export function rdataKey(type: RRType, rdata: Rdata): string {
  const { key, text } = form(type)
  return (key ?? text)(rdata)
}

/** The name that rdata leads to: the target of a CNAME or an SRV, the exchange of an MX; undefined for a type that has none. */
export function targetOf(type: RRType, rdata: Rdata): Name | undefined {
  return form(type).target?.(rdata)
}

/**
 * The rdata that a presentation form means, canonical; undefined where it is no rdata of the type. TXT takes any text.
 *
 * @param readName how a name in it is read; without it, one that ends in its dot
 */
export function parseRdata<T extends RRType>(
  type: T,
  text: string,
  readName: (word: string) => Name | undefined = wholeName,
): RdataByType[T] | undefined {
  const rdata = form(type).parse(text, readName)
  return rdata === undefined ? undefined : (canonicalRdata(type, rdata) as RdataByType[T])
}

function wholeName(word: string): Name | undefined {
  const name = word.endsWith('.') ? parseName(word) : undefined
  return typeof name === 'string' ? name : undefined
}

/** One value in its canonical form. */
export function canonicalRdata(type: RRType, rdata: Rdata): Rdata {
  return form(type).canonical(rdata)
}

/** The order of two values whose keys are given. */
export function compareRdata(type: RRType, [a, x]: readonly [string, Rdata], [b, y]: readonly [string, Rdata]): number {
  const first = form(type).compare?.(x, y) ?? 0
  return first !== 0 ? first : a < b ? -1 : a > b ? 1 : 0
}
