import type { Name } from '../../rr/name.js'
import type { DkimPublicKey } from './dkim-key.js'

/** What was seen of the fixed selectors of a domain that are to lead to its key zone. */
export interface LedDomain {
  /** Those that were looked at. */
  readonly selectors: readonly string[]
  /** Since when every authoritative server of the domain shows all of them; seconds since 1970. */
  readonly visible: number
  /** Since when nobody can remember that they were not there: the domain signs with the keys of the zone. */
  readonly signing?: number | undefined
}

/** What a domain has to do with the keys of the zone it leads to: it signs with one only where its selector was seen everywhere. */
export function leadsTo(
  { selector }: Pick<DkimPublicKey, 'selector'>,
  { name }: { readonly name: Name },
  led: ReadonlyMap<Name, LedDomain> | undefined,
): boolean {
  const seen = led?.get(name)
  return seen?.signing !== undefined && seen.selectors.includes(selector)
}
