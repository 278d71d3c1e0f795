import { quoted } from '../../records/cut.js'
import {
  asHostname,
  isWildcard,
  type Name,
  type NameError,
  parentOf,
  parseHostname,
  parseName,
} from '../../records/rr/name.js'

/**
 * What a domain can have, by its name. `wildcard`, `*.example.com`: MX and SPF. `spf`, a name with an underscore such as
 * `_spf.example.com`, which is no host (RFC 1123 §2.1) and so no mail domain: an SPF for others to include.
 */
export type DomainKind = 'mail' | 'wildcard' | 'spf'

export function kindOfDomain(name: Name): DomainKind {
  if (isWildcard(name)) return 'wildcard'
  return name.includes('_') ? 'spf' : 'mail'
}

/** Reads the name of a domain, as {@link kindOfDomain} knows them. */
export function parseDomain(text: string): Name | NameError {
  const name = parseName(text)
  if (typeof name !== 'string') return name
  const kind = kindOfDomain(name)
  if (kind === 'mail') return asHostname(name, text)
  const like = parseHostname(kind === 'spf' ? name.replaceAll('_', 'x') : parentOf(name))
  if (typeof like === 'string') return name
  if (kind === 'spf') return parseHostname(text)
  return { ...like, error: `${quoted(text)} is no wildcard below a domain: ${like.error}` }
}
