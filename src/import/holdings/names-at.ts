import { isSpfValue } from '../../../records/families/spf/read-spf.js'
import { type Name, ROOT } from '../../../records/rr/name.js'
import { draftTerms } from '../../config/records/spf-terms.js'
import type { Holdings } from './holdings.js'

/** The names a domain, or the target of an MX of it, leads to: hosts, whose zones are worth reading. */
export function namesAt(name: Name, holdings: Holdings): Name[] {
  const mx = (holdings.get(name, 'MX')?.rdata ?? []).map(({ exchange }) => exchange).filter((host) => host !== ROOT)
  const spf = holdings.texts(name).filter(isSpfValue)
  const named = spf.flatMap(draftTerms).flatMap((term) => {
    if (term.kind !== 'a' && term.kind !== 'mx') return []
    return term.name === undefined ? (term.kind === 'a' ? [name] : []) : [term.name]
  })
  return [...mx, ...named]
}
