import { joinName, type Name } from '../../rr/name.js'

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

/**
 * Keys to be made, with the selectors they will have in place of patterns. A selector keeps its key for good, revoked or
 * not, so where the domain has used one already, a letter from b on follows it: `s202611b`.
 */
export function withSelectors<Need extends Pick<DkimPublicKey, 'domain' | 'selector'>>(
  needs: readonly Need[],
  keys: readonly Pick<DkimPublicKey, 'domain' | 'selector'>[],
  date: string,
): Need[] {
  const used = new Set(keys.map(({ domain, selector }) => joinName(selector, domain)))
  return needs.map((need) => {
    const isFree = (selector: string): boolean => !used.has(joinName(selector, need.domain))
    const selector = freeSelector(expandSelector(need.selector, date), isFree)
    used.add(joinName(selector, need.domain))
    return { ...need, selector }
  })
}

function freeSelector(wanted: string, isFree: (selector: string) => boolean): string {
  if (isFree(wanted)) return wanted
  const free = [...'bcdefghijklmnopqrstuvwxyz'].map((letter) => wanted + letter).find(isFree)
  return free ?? freeSelector(`${wanted}z`, isFree)
}
