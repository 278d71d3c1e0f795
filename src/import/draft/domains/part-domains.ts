import { isSpfValue } from '../../../../records/families/spf/read-spf.js'
import { isWithin, type Name } from '../../../../records/rr/name.js'
import type { AnyRRset } from '../../../../records/rr/rrset.js'
import { kindOfDomain, parseDomain } from '../../../config/domain-name.js'
import type { Gathered } from '../../source/gather.js'

/**
 * The names below the domains that belong to their mail and are no mail domains themselves: wildcards with MX or SPF, and
 * names with an underscore whose SPF is there to be included.
 */
export function partDomains(domains: readonly Name[], { holdings, own }: Gathered): Name[] {
  const asked = new Set(domains)
  const found = [...own].flatMap((zone) =>
    (holdings.zones.get(zone) ?? []).flatMap((rrset) => (isPart(rrset) && !asked.has(rrset.name) ? [rrset.name] : [])),
  )
  const isBelow = (name: Name): boolean => domains.some((domain) => isWithin(name, domain))
  return [...new Set(found)].filter(isBelow).sort()

  function isPart({ name, type }: AnyRRset): boolean {
    const kind = kindOfDomain(name)
    if (kind === 'mail' || parseDomain(name) !== name) return false
    if (type === 'MX') return kind === 'wildcard'
    return type === 'TXT' && holdings.texts(name).filter(isSpfValue).length === 1
  }
}
