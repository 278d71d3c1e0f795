import type { Name } from '../../records/rr/name.js'
import type { RRset } from '../../records/rr/rrset.js'
import { zoneLookup } from '../../records/rr/zone.js'

/** What stands at a name. `locked` says why the provider answers for the address, and not the record. */
export interface Standing {
  readonly what: 'address' | 'cname' | 'nothing'
  readonly locked?: string
}

/**
 * What a zone says about some of its names, as a resolver would find it, wildcards included. A name below a delegation is
 * left out: other name servers answer for it.
 */
export function standings(names: readonly Name[], zone: Name, rrsets: readonly RRset[]): Map<Name, Standing> {
  if (names.length === 0) return new Map()
  const lookup = zoneLookup(zone, rrsets)
  return new Map(
    names.filter((name) => !lookup.isDelegated(name)).map((name) => [name, standingOf(lookup.at(lookup.source(name)))]),
  )
}

function standingOf(here: readonly RRset[]): Standing {
  if (here.some(({ type }) => type === 'CNAME')) return { what: 'cname' }
  const addresses = here.filter(({ type }) => type === 'A' || type === 'AAAA')
  const locked = addresses.find((rrset) => rrset.locked !== undefined)?.locked
  return addresses.length === 0 ? { what: 'nothing' } : { what: 'address', ...(locked === undefined ? {} : { locked }) }
}
