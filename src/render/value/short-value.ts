import { keyTag } from '../../../records/families/dkim/read-dkim.js'
import { rsaBits } from '../../../records/families/dkim/rsa-bits.js'

/** Base64 as records hold it: white space may stand in it. */
const BASE64 = /^[A-Za-z0-9+/= \t\r\n]+/
const LONG = 64
const HEAD = 4
/** The end of an RSA key is always the same `IDAQAB`; what is before it tells two keys apart. */
const TAIL = 16

/**
 * A value, or one tag of it, for the eye: a long DKIM key becomes its beginning and end, `p=MIIB…Xk3vT9qLwIDAQAB (rsa-2048)`.
 * All else stays.
 */
export function shortValue(value: string): string {
  const tag = value.length > LONG ? keyTag(value) : undefined
  const [found = ''] = BASE64.exec(tag?.value ?? '') ?? []
  if (tag === undefined || found.length <= LONG) return value
  const key = found.split(/[ \t\r\n]/).join('')
  const short = `${key.slice(0, HEAD)}…${key.slice(-TAIL)}${sizeOf(key)}`
  return value.slice(0, tag.offset) + short + value.slice(tag.offset + found.length)
}

function sizeOf(key: string): string {
  const bits = rsaBits(Buffer.from(key, 'base64'))
  return bits === undefined ? '' : ` (rsa-${bits})`
}
