import type { Finding } from '../../finding.js'
import { groupBy } from '../../group.js'
import { displayName, isWildcard, isWithin, labelsOf, type Name, parentOf } from '../../rr/name.js'
import { finding } from '../../rules/rule.js'
import type { ZoneView } from '../../rules/zone-view.js'
import { observeStanding } from './standing.js'

const SHOWN = 5

/** What senders will find wrong in the MX of a zone that was read. */
export function observeMx(view: ZoneView): Finding[] {
  return [...hiddenNames(view), ...observeStanding(view)]
}

/** Names that exist, for which a wildcard of the spec does not answer (RFC 4592 §2.2.1), and that have no MX of their own. */
function hiddenNames(view: ZoneView): Finding[] {
  const wildcards = view.records.filter(({ purpose, rrset }) => purpose === 'mx' && isWildcard(rrset.name))
  if (wildcards.length === 0) return []
  const byName = groupBy(view.zone.rrsets, ({ name }) => name)
  return wildcards.flatMap(({ rrset: { name: wildcard }, from }) => {
    const parent = parentOf(wildcard)
    const isHidden = (name: Name): boolean =>
      name !== parent &&
      name !== wildcard &&
      isWithin(name, parent) &&
      !labelsOf(name).some((label) => /^[_*]/.test(label))
    const hidden = [...byName].flatMap(([name, sets]) => {
      const types = sets.map(({ type }): string => type)
      return isHidden(name) && !types.includes('MX') && types.some((type) => type === 'A' || type === 'AAAA')
        ? [name]
        : []
    })
    if (hidden.length === 0) return []
    const shown = hidden.slice(0, SHOWN).map(displayName).join(', ')
    const more = hidden.length > SHOWN ? ` and ${hidden.length - SHOWN} more` : ''
    return [
      finding(
        'note',
        'wildcard-hidden',
        from,
        `${displayName(wildcard)} does not answer for names that exist (RFC 4592 §2.2.1): mail for ${shown}${more} goes to the addresses they have`,
        'give a name that is to receive mail an entry of its own under domains',
      ),
    ]
  })
}
