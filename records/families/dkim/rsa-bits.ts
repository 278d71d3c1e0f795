/** The DER tags a key is made of (X.690 §8). */
const SEQUENCE = 0x30
const BIT_STRING = 0x03
const INTEGER = 0x02
const RSA_ENCRYPTION = '06092a864886f70d010101'

interface Element {
  readonly tag: number
  readonly content: Uint8Array
  readonly rest: Uint8Array
}

/**
 * Bits of the modulus of an RSA public key: a SubjectPublicKeyInfo, as all signers publish it, or the bare RSAPublicKey
 * that RFC 6376 §3.6.1 names. Undefined where it is neither.
 */
export function rsaBits(der: Uint8Array): number | undefined {
  const outer = element(der, SEQUENCE)
  if (outer === undefined || outer.rest.length > 0) return undefined
  const algorithm = element(outer.content, SEQUENCE)
  if (algorithm === undefined) return modulusBits(outer.content)
  if (!hex(algorithm.content).startsWith(RSA_ENCRYPTION)) return undefined
  const key = element(algorithm.rest, BIT_STRING)
  const inner = key && element(key.content.subarray(1), SEQUENCE)
  return inner && modulusBits(inner.content)
}

function modulusBits(content: Uint8Array): number | undefined {
  const modulus = element(content, INTEGER)
  if (modulus === undefined || element(modulus.rest, INTEGER) === undefined) return undefined
  const first = modulus.content.findIndex((octet) => octet !== 0)
  if (first < 0) return undefined
  const octets = modulus.content.subarray(first)
  return octets.length * 8 - Math.clz32(octets[0] as number) + 24
}

/** The element at the beginning, if it has this tag and is whole. */
function element(der: Uint8Array, tag: number): Element | undefined {
  const [found, first] = der
  if (found !== tag || first === undefined) return undefined
  const count = first < 0x80 ? 0 : first & 0x7f
  if (count > 3) return undefined
  const length = count === 0 ? first : Number.parseInt(hex(der.subarray(2, 2 + count)) || '0', 16)
  const start = 2 + count
  if (start + length > der.length) return undefined
  return { tag, content: der.subarray(start, start + length), rest: der.subarray(start + length) }
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex')
}
