import { decodeOctets, encodeOctets, isAscii, octetLength } from './octets.js'

/**
 * A TXT value. A text is cut into character-strings of 255 octets where it is written, as {@link splitTxt} does. A list is
 * the character-strings themselves, where whoever wrote them cut elsewhere: to receivers of mail both mean the joined octets
 * (RFC 7208 §3.3, RFC 6376 §3.6.2.2), but a stranger's value goes back with the borders it had.
 */
export type Txt = string | readonly string[]

/**
 * A value from its character-strings: the joined text where they are cut as mailsync cuts, or where one is longer than DNS
 * allows, as some zone files have it; else the list.
 */
export function txtOf(strings: readonly string[]): Txt {
  const [only = ''] = strings
  if (strings.length <= 1) return only
  const joined = joinStrings(strings)
  if (strings.some((text) => octetLength(text) > 255)) return joined
  const usual = splitTxt(joined)
  return usual.length === strings.length && usual.every((text, index) => text === strings[index]) ? joined : strings
}

/** The octets of all character-strings as one text. */
export function joinedTxt(txt: Txt): string {
  return typeof txt === 'string' ? txt : joinStrings(txt)
}

/** The character-strings of a value, at least one. */
export function stringsOf(txt: Txt): readonly string[] {
  return typeof txt === 'string' ? splitTxt(txt) : txt
}

/** A text that is equal exactly when two values are, borders included: U+D800 stands in no text of octets. */
export function txtKey(txt: Txt): string {
  return typeof txt === 'string' ? txt : `\ud800${JSON.stringify(txt)}`
}

/** Borders may lie inside a UTF-8 sequence, whose halves are text again only once they are joined. */
function joinStrings(strings: readonly string[]): string {
  if (strings.every(isAscii)) return strings.join('')
  const octets = strings.map(encodeOctets)
  const joined = new Uint8Array(octets.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of octets) {
    joined.set(part, offset)
    offset += part.length
  }
  return decodeOctets(joined)
}

/**
 * Splits one logical text into character-strings of at most 255 octets (RFC 1035 §3.3), never inside a UTF-8 sequence. The
 * empty text is one empty character-string.
 */
export function splitTxt(text: string, limit = 255): string[] {
  if (text.length * 3 <= limit) return [text]
  if (isAscii(text)) return splitAscii(text, limit)
  const chunks: string[] = []
  let chunk = ''
  let octets = 0
  for (const char of text) {
    const size = sizeOf(char)
    if (octets + size > limit) {
      chunks.push(chunk)
      chunk = ''
      octets = 0
    }
    chunk += char
    octets += size
  }
  chunks.push(chunk)
  return chunks
}

function splitAscii(text: string, limit: number): string[] {
  const chunks: string[] = []
  for (let at = 0; at < text.length; at += limit) chunks.push(text.slice(at, at + limit))
  return chunks
}

/** Octets of one character; a lone surrogate of {@link decodeOctets} is one octet. */
function sizeOf(char: string): number {
  const code = char.codePointAt(0) as number
  if (code < 0x80 || (code >= 0xdc80 && code <= 0xdcff)) return 1
  return code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
}

/** Octets the rdata of a value takes on the wire: its octets, and one for the length of each character-string. */
export function txtWireLength(txt: Txt): number {
  const strings = stringsOf(txt)
  return strings.reduce((octets, text) => octets + octetLength(text), strings.length)
}

// Printable ASCII without what needs escaping; nearly every value is.
const PLAIN_STRINGS = /^"[ !#-[\]-~]*"(?:[ \t\r\n]*"[ !#-[\]-~]*")*$/
const BORDER = /"[ \t\r\n]*"/
const PLAIN = /^[ !#-[\]-~]*$/

/** The value as a zone file writes it: quoted character-strings, `"` and `\` escaped, octets outside printable ASCII as `\ddd` (RFC 1035 §5.1). */
export function quoteTxt(txt: Txt): string {
  return stringsOf(txt).map(quoteString).join(' ')
}

/** One text in quotes, however long, as {@link quoteTxt} writes each character-string. */
export function quoteString(text: string): string {
  return `"${PLAIN.test(text) ? text : [...encodeOctets(text)].map(escapeOctet).join('')}"`
}

function escapeOctet(octet: number): string {
  const char = String.fromCharCode(octet)
  if (char === '"' || char === '\\') return `\\${char}`
  return octet < 32 || octet > 126 ? `\\${String(octet).padStart(3, '0')}` : char
}

/**
 * Reads quoted or bare character-strings as a zone file or an API writes them. Quoted strings may follow each other without
 * a space, as some APIs return them; bare ones are parted by white space. No octet and no border is lost.
 */
export function unquoteTxt(text: string): Txt {
  if (PLAIN_STRINGS.test(text)) return txtOf(text.slice(1, -1).split(BORDER))
  const strings: string[] = []
  let octets: number[] = []
  let state: 'between' | 'bare' | 'quoted' = 'between'
  const finish = (): void => {
    if (state !== 'between') strings.push(decodeOctets(Uint8Array.from(octets)))
    octets = []
    state = 'between'
  }
  for (let index = 0; index < text.length; index++) {
    const char = text[index] as string
    if (char === '"') {
      const opens = state !== 'quoted'
      finish()
      if (opens) state = 'quoted'
      continue
    }
    if (state !== 'quoted' && (char === ' ' || char === '\t' || char === '\r' || char === '\n')) {
      finish()
      continue
    }
    if (state === 'between') state = 'bare'
    if (char !== '\\') {
      const whole = String.fromCodePoint(text.codePointAt(index) as number)
      octets.push(...encodeOctets(whole))
      index += whole.length - 1
      continue
    }
    const decimal = /^\d{3}/.exec(text.slice(index + 1, index + 4))?.[0]
    if (decimal && Number(decimal) < 256) {
      octets.push(Number(decimal))
      index += 3
    } else {
      const next = String.fromCodePoint(text.codePointAt(index + 1) ?? 92)
      octets.push(...encodeOctets(next))
      index += next.length
    }
  }
  finish()
  return txtOf(strings)
}
