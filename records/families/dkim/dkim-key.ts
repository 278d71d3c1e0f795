import { joinName, type Name } from '../../rr/name.js'

/** `rsa-` and the bits of the modulus: keys of every size are read, and only those of {@link NEW_ALGORITHMS} are made. */
export type DkimAlgorithm = 'ed25519' | `rsa-${number}`

/** What new keys may be (RFC 8301 §3.2, RFC 8463). */
export const NEW_ALGORITHMS = ['rsa-2048', 'rsa-3072', 'rsa-4096', 'ed25519'] as const

/**
 * Where a key stands in its life. `published`: in DNS, does not sign. `signing`: in DNS, and signs. `retiring`: in DNS for the
 * mail that it signed. `revoked`: in DNS with an empty `p=` (RFC 6376 §3.6.1). `gone`: no more in DNS; it is kept in the index
 * so that its selector is never used again.
 */
export type DkimKeyState = 'published' | 'signing' | 'retiring' | 'revoked' | 'gone'

/** Tags of a key record beside `k` and `p`, as they are written there (RFC 6376 §3.6.1). */
export interface KeyTags {
  readonly h?: string | undefined
  readonly s?: string | undefined
  readonly t?: string | undefined
}

/** The public half of a key, as the committed index holds it. */
export interface DkimPublicKey {
  readonly domain: Name
  readonly selector: string
  /** Which key of its selector it is, where a fixed selector is used again: 2 for the second; absent: the first. */
  readonly turn?: number | undefined
  readonly algorithm: DkimAlgorithm
  readonly state: DkimKeyState
  /** Base64: the SubjectPublicKeyInfo for RSA (RFC 6376 §3.6.1), the raw 32 octets for Ed25519 (RFC 8463 §4.2). */
  readonly publicKey: string
  /** Further tags of its record, as they are written there: `{ s: 'email', t: 'y:s' }`. */
  readonly tags?: KeyTags | undefined
}

/** A key that has to be made: the selector is already expanded. */
export interface DkimKeyRequest {
  readonly domain: Name
  readonly selector: string
  readonly turn?: number | undefined
  readonly algorithm: DkimAlgorithm
  /** Who can open its private half, as age names them (`age1…`); none: the private half is a PEM file. */
  readonly recipients?: readonly string[]
}

/** Bits of an RSA key: receivers take none that has fewer, and may not trust one with fewer (RFC 8301 §3.2). */
export const LEAST_BITS = 1024
export const TRUSTED_BITS = 2048

/** Where a key is published. */
export function nameOfKey({ selector, domain }: Pick<DkimPublicKey, 'selector' | 'domain'>): Name {
  return joinName(`${selector}._domainkey`, domain)
}

export function turnOf({ turn = 1 }: Pick<DkimPublicKey, 'turn'>): number {
  return turn
}

/** The last key that a selector had. */
export function lastKeyAt<Key extends Pick<DkimPublicKey, 'selector' | 'turn'>>(
  selector: string,
  keys: readonly Key[],
): Key | undefined {
  const own = keys.filter((key) => key.selector === selector)
  return own.toSorted((a, b) => turnOf(a) - turnOf(b)).at(-1)
}

/** What tells a key from every other one of its domain, and names its files: the selector, and `.2` for its second key. */
export function keyId({ selector, turn }: Pick<DkimPublicKey, 'selector' | 'turn'>): string {
  return turn === undefined ? selector : `${selector}.${turn}`
}

/** The bits of an RSA key; undefined for another kind. */
export function bitsOf(algorithm: DkimAlgorithm): number | undefined {
  return algorithm === 'ed25519' ? undefined : Number(algorithm.slice('rsa-'.length))
}

/** Whether receivers can verify with what is in DNS of a key. */
export function isUsable({ state }: Pick<DkimPublicKey, 'state'>): boolean {
  return state === 'published' || state === 'signing' || state === 'retiring'
}

/** A selector from its pattern: `%Y`, `%m` and `%d` as in strftime, `%a` the algorithm (`rsa2048`). `date` is `YYYY-MM-DD`. */
export function expandSelector(pattern: string, date: string, algorithm: DkimAlgorithm): string {
  const [year = '', month = '', day = ''] = date.split('-')
  const values: Record<string, string> = { Y: year, m: month, d: day, a: algorithm.replace('-', '') }
  return pattern.replace(/%([Ymda])/g, (_, letter: string) => values[letter] ?? '')
}

/**
 * Keys to be made, with the selectors they will have in place of patterns. A selector keeps its key for good, revoked or
 * not, gone or not, so where the domain has used one already, a letter from b on follows it: `s202611b`.
 */
export function withSelectors<Need extends Pick<DkimPublicKey, 'domain' | 'selector' | 'algorithm'>>(
  needs: readonly Need[],
  keys: readonly Pick<DkimPublicKey, 'domain' | 'selector'>[],
  date: string,
): Need[] {
  const used = new Set(keys.map(({ domain, selector }) => joinName(selector, domain)))
  return needs.map((need) => {
    const isFree = (selector: string): boolean => !used.has(joinName(selector, need.domain))
    const selector = freeSelector(expandSelector(need.selector, date, need.algorithm), isFree)
    used.add(joinName(selector, need.domain))
    return { ...need, selector }
  })
}

function freeSelector(wanted: string, isFree: (selector: string) => boolean): string {
  if (isFree(wanted)) return wanted
  const free = [...'bcdefghijklmnopqrstuvwxyz'].map((letter) => wanted + letter).find(isFree)
  return free ?? freeSelector(`${wanted}z`, isFree)
}
