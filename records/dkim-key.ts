import type { Name } from './name.js'

/** `rsa-1024` is read where a key of that size is met, and never generated (RFC 8301 §3.2). */
export type DkimAlgorithm = 'rsa-1024' | 'rsa-2048' | 'rsa-4096' | 'ed25519'

/**
 * Where a key stands in its life. `published`: in DNS, does not sign. `active`: in DNS, and signs. `revoked`: in DNS with
 * an empty `p=` (RFC 6376 §3.6.1).
 */
export type DkimKeyState = 'published' | 'active' | 'revoked'

/** The public half of a key, as the committed index holds it. */
export interface DkimPublicKey {
  readonly domain: Name
  readonly selector: string
  readonly algorithm: DkimAlgorithm
  readonly state: DkimKeyState
  /** Base64: the SubjectPublicKeyInfo for RSA (RFC 6376 §3.6.1), the raw 32 octets for Ed25519 (RFC 8463 §4.2). */
  readonly publicKey: string
}

/** A key that has to be made: the selector is already expanded. */
export interface DkimKeyRequest {
  readonly domain: Name
  readonly selector: string
  readonly algorithm: DkimAlgorithm
}

/** A selector from its pattern: `%Y`, `%m` and `%d` as in strftime. `date` is `YYYY-MM-DD`. */
export function expandSelector(pattern: string, date: string): string {
  const [year = '', month = '', day = ''] = date.split('-')
  const values: Record<string, string> = { Y: year, m: month, d: day }
  return pattern.replace(/%([Ymd])/g, (_, letter: string) => values[letter] ?? '')
}
