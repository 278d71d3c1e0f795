import { decodeOctets, encodeOctets, octetLength } from './octets.js'

/**
 * Splits one logical TXT string into character-strings of at most 255 octets (RFC 1035 §3.3), never inside a UTF-8
 * sequence. The empty string is one empty character-string.
 */
export function splitTxt(text: string, limit = 255): string[] {
  if (text.length * 3 <= limit || octetLength(text) <= limit) return [text]
  const chunks: string[] = []
  let chunk = ''
  let octets = 0
  for (const char of text) {
    const size = octetLength(char)
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

/** Octets the rdata of a logical string takes on the wire: the text and one length octet a character-string. */
export function txtWireLength(text: string): number {
  return octetLength(text) + splitTxt(text).length
}

// Printable ASCII without what needs escaping; nearly every value is.
const ONE_PLAIN_STRING = /^"[ !#-[\]-~]*"$/
const PLAIN = /^[ !#-[\]-~]*$/

/** The value as a zone file writes it: quoted character-strings, `"` and `\` escaped, octets outside printable ASCII as `\ddd` (RFC 1035 §5.1). */
export function quoteTxt(text: string): string {
  return splitTxt(text)
    .map((chunk) => `"${PLAIN.test(chunk) ? chunk : [...encodeOctets(chunk)].map(escapeOctet).join('')}"`)
    .join(' ')
}

function escapeOctet(octet: number): string {
  const char = String.fromCharCode(octet)
  if (char === '"' || char === '\\') return `\\${char}`
  return octet < 32 || octet > 126 ? `\\${String(octet).padStart(3, '0')}` : char
}

/**
 * Reads quoted or bare character-strings as a zone file or an API writes them, back into one logical string. Strings may
 * follow each other without a space, as some APIs return them. No octet is lost.
 */
export function unquoteTxt(text: string): string {
  if (ONE_PLAIN_STRING.test(text)) return text.slice(1, -1)
  const octets: number[] = []
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const char = text[index] as string
    if (char === '\\') {
      const decimal = /^\d{3}/.exec(text.slice(index + 1, index + 4))?.[0]
      if (decimal && Number(decimal) < 256) {
        octets.push(Number(decimal))
        index += 3
      } else {
        const next = String.fromCodePoint(text.codePointAt(index + 1) ?? 92)
        octets.push(...encodeOctets(next))
        index += next.length
      }
    } else if (char === '"') quoted = !quoted
    else if (quoted || !/\s/.test(char)) {
      const whole = String.fromCodePoint(text.codePointAt(index) as number)
      octets.push(...encodeOctets(whole))
      index += whole.length - 1
    }
  }
  return decodeOctets(Uint8Array.from(octets))
}
