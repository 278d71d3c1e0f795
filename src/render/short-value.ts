const KEY = /((?:^|;)\s*p\s*=\s*)([A-Za-z0-9+/=\s]{65,})/
/** The object identifier of RSA (RFC 8017 appendix A.1) as it stands in a SubjectPublicKeyInfo. */
const RSA = Buffer.from('2a864886f70d010101', 'hex')
const HEAD = 4
/** The end of an RSA key is always the same `IDAQAB`; what is before it tells two keys apart. */
const TAIL = 16

/**
 * A value, or one tag of it, for the eye: a long DKIM key becomes its beginning and end, `p=MIIB…Xk3vT9qLwIDAQAB (rsa-2048)`.
 * All else stays.
 */
export function shortValue(value: string): string {
  return value.replace(KEY, (_, before: string, found: string) => {
    const key = found.replace(/\s+/g, '')
    return `${before}${key.slice(0, HEAD)}…${key.slice(-TAIL)}${algorithmOf(key)}`
  })
}

function algorithmOf(key: string): string {
  const der = Buffer.from(key, 'base64')
  if (!der.includes(RSA)) return ''
  const headers = 36
  return ` (rsa-${Math.round((der.length - headers) / 64) * 512})`
}
