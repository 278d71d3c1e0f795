import { isAscii, isUtf8 } from 'node:buffer'

/** What stands in a file, or why it is not text; `offset` counts UTF-16 units of `text`. */
export interface DecodedText {
  readonly text: string
  readonly fault?: { readonly offset: number; readonly message: string; readonly hint: string }
}

const SAVE_AS_UTF8 = 'Save the file as UTF-8.'
const NOT_YAML = 'Is this the right file? A spec is YAML, in UTF-8.'

/** Decodes UTF-8, with or without a byte order mark. YAML allows UTF-16 too (YAML 1.2.2, section 5.2); no editor writes it unasked, so it is only named. */
export function decodeText(bytes: Uint8Array): DecodedText {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { text: '', fault: { offset: 0, message: 'the file is UTF-16, not UTF-8', hint: SAVE_AS_UTF8 } }
  }
  const text = textOf(bytes)
  const nul = text.indexOf('\0')
  const malformed = isUtf8(bytes) ? -1 : firstMalformed(text, bytes)
  if (nul >= 0 && (malformed < 0 || nul < malformed)) {
    return { text, fault: { offset: nul, message: 'the file is not text: it holds a NUL byte', hint: NOT_YAML } }
  }
  if (malformed >= 0) {
    const message = 'the file is not text: it holds a byte that is not UTF-8'
    return { text, fault: { offset: malformed, message, hint: SAVE_AS_UTF8 } }
  }
  return { text }
}

/** A text of ASCII alone takes one byte a character when it is decoded as such, and everything cut out of it as well. */
function textOf(bytes: Uint8Array): string {
  return isAscii(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    : new TextDecoder().decode(bytes)
}

/** Offset in `text` of the first replacement character that does not stand in the bytes as one. */
function firstMalformed(text: string, bytes: Uint8Array): number {
  let byte = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  let from = 0
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', from)) {
    byte += Buffer.byteLength(text.slice(from, at))
    if (bytes[byte] !== 0xef || bytes[byte + 1] !== 0xbf || bytes[byte + 2] !== 0xbd) return at
    byte += 3
    from = at + 1
  }
  return -1
}
