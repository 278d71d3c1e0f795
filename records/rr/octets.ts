const encoder = new TextEncoder()
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
// In unicode mode this matches lone surrogates only, never the half of a pair.
const ESCAPED = /[\udc80-\udcff]/u

/**
 * Octets as text and back, without loss: UTF-8 where it is valid, and every octet that is not becomes the lone surrogate
 * U+DC00 + octet (the idea of PEP 383). So a stranger's binary TXT value survives, byte for byte.
 */
export function decodeOctets(octets: Uint8Array): string {
  try {
    return strict.decode(octets)
  } catch {
    return decodePiecewise(octets)
  }
}

function decodePiecewise(octets: Uint8Array): string {
  let text = ''
  for (let index = 0; index < octets.length; ) {
    const length = sequenceLength(octets, index)
    text +=
      length === 0
        ? String.fromCharCode(0xdc00 + (octets[index] as number))
        : strict.decode(octets.subarray(index, index + length))
    index += Math.max(length, 1)
  }
  return text
}

/** Octets of the valid UTF-8 sequence at `index`, 0 where there is none. */
function sequenceLength(octets: Uint8Array, index: number): number {
  for (let length = 1; length <= 4 && index + length <= octets.length; length++) {
    try {
      strict.decode(octets.subarray(index, index + length))
      return length
    } catch {}
  }
  return 0
}

/** The octets of a text made by {@link decodeOctets}; any other text gives its UTF-8. */
export function encodeOctets(text: string): Uint8Array {
  if (!ESCAPED.test(text)) return encoder.encode(text)
  const octets: number[] = []
  for (const char of text) {
    const code = char.charCodeAt(0)
    if (char.length === 1 && code >= 0xdc80 && code <= 0xdcff) octets.push(code - 0xdc00)
    else octets.push(...encoder.encode(char))
  }
  return Uint8Array.from(octets)
}

/** Number of octets of a text. */
export function octetLength(text: string): number {
  return isAscii(text) ? text.length : encodeOctets(text).length
}

const ASCII = /^\p{ASCII}*$/u

/** Whether every character is one octet. */
export function isAscii(text: string): boolean {
  return ASCII.test(text)
}
