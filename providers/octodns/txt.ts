import { decodeOctets, encodeOctets } from '../../records/rr/octets.js'
import { joinedTxt, quoteString, stringsOf, type Txt, txtOf, unquoteTxt } from '../../records/rr/txt.js'
import type { TxtDialect } from './plugins.js'

/** Octets of one character-string (RFC 1035 §3.3). */
const MOST_OCTETS = 255
/** What means the same to every plugin, and keeps its blanks: printable ASCII without `"` and `\`. */
const PLAIN = /^(?:[!#-[\]-~]+(?: [!#-[\]-~]+)*)$/

/** A value as a plugin shows it; `lock` says why it cannot be written back as it is. */
export interface ReadTxt {
  readonly txt: Txt
  readonly lock?: string
}

/**
 * @param text in the text of octoDNS
 * @param pieces the strings of the value in the same text, where they are known
 */
export function readTxt(
  text: string,
  pieces: readonly string[] | undefined,
  dialect: TxtDialect | undefined,
  plugin: string,
): ReadTxt {
  const meant = (pieces ?? [text]).map((piece) => decoded(piece, dialect))
  const value = joined(meant)
  const txt = pieces === undefined ? value : txtOf(meant)
  const why = unwritable(value, dialect, plugin)
  if (why !== undefined) return { txt, lock: why }
  const wrong = pieces !== undefined && !isSame(meant, writtenStrings(value))
  return wrong ? { txt, lock: `${plugin} would cut one of its values into other strings` } : { txt: value }
}

function decoded(text: string, dialect: TxtDialect | undefined): string {
  if (dialect?.read !== 'presentation') return text.replaceAll('\\;', ';')
  return joinedTxt(unquoteTxt(`"${dialect.radix === 8 ? inDecimal(text) : text}"`))
}

/** The value in the text of octoDNS from which the plugin makes it again. */
export function writtenTxt(value: Txt, dialect: TxtDialect | undefined): string {
  const text = joinedTxt(value)
  if (dialect === undefined) return text.replaceAll(';', '\\;')
  const body = escapedBody(text).replaceAll(';', '\\;')
  const escaped = dialect.radix === 8 ? inOctal(body) : body
  return dialect.write === 'legacy' ? escaped.replace(/\\(.)/g, (two, char) => (char === '"' ? '"' : two)) : escaped
}

/** Why the plugin cannot be given a value and show it again; undefined if it can. */
export function unwritable(value: Txt, dialect: TxtDialect | undefined, plugin: string): string | undefined {
  const text = joinedTxt(value)
  if (dialect === undefined && !PLAIN.test(text))
    return `it is not known whether ${plugin} writes a TXT value back unchanged that is empty, or has quotes, backslashes, blanks in a row or octets outside printable ASCII`
  return typeof value === 'string' || isSame(writtenStrings(text), stringsOf(value))
    ? undefined
    : `${plugin} would cut a TXT value into other strings`
}

/** The strings that end up in DNS: as bridge.py has octoDNS cut, and as a server cuts what it is given in one piece. */
function writtenStrings(text: string): readonly string[] {
  const octets = encodeOctets(text)
  const count = Math.max(1, Math.ceil(octets.length / MOST_OCTETS))
  return Array.from({ length: count }, (_, index) =>
    decodeOctets(octets.subarray(index * MOST_OCTETS, (index + 1) * MOST_OCTETS)),
  )
}

function escapedBody(text: string): string {
  return quoteString(text).slice(1, -1)
}

function joined(strings: readonly string[]): string {
  return strings.length === 1 ? (strings[0] as string) : joinedTxt(strings)
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}

export function inOctal(text: string): string {
  return text.replace(/\\(\d{3}|.)/gs, (escaped, code: string) =>
    code.length === 3 ? `\\${Number(code).toString(8).padStart(3, '0')}` : escaped,
  )
}

export function inDecimal(text: string): string {
  return text.replace(/\\([0-7]{3}|.)/gs, (escaped, code: string) =>
    code.length === 3 ? `\\${String(Number.parseInt(code, 8)).padStart(3, '0')}` : escaped,
  )
}
