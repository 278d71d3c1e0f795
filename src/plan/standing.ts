import { groupBy } from '../../records/group.js'
import { joinName, type Name, parentOf } from '../../records/name.js'
import type { RRset } from '../../records/rrset.js'

/** What stands at a name. `locked` says why the provider answers for the address, and not the record. */
export interface Standing {
  readonly what: 'address' | 'cname' | 'nothing'
  readonly locked?: string
}

/**
 * What a zone says about some of its names, as a resolver would find it: a wildcard stands for the names below it that do
 * not exist (RFC 4592 §3.3.1). A name below a delegation is left out: other name servers answer for it.
 */
export function standings(names: readonly Name[], zone: Name, rrsets: readonly RRset[]): Map<Name, Standing> {
  if (names.length === 0) return new Map()
  const byName = groupBy(rrsets, ({ name }) => name)
  const existing = new Set([...byName.keys()].flatMap((name) => ancestors(name, zone)))
  const isDelegated = (name: Name): boolean =>
    ancestors(name, zone).some((one) => one !== zone && byName.get(one)?.some(({ type }) => type === 'NS'))
  const source = (name: Name): Name => {
    const encloser = ancestors(name, zone).find((one) => existing.has(one)) ?? zone
    return encloser === name ? name : joinName('*', encloser)
  }
  return new Map(
    names.filter((name) => !isDelegated(name)).map((name) => [name, standingOf(byName.get(source(name)) ?? [])]),
  )
}

/** The name and all above it, as far as the zone, itself included. */
function ancestors(name: Name, zone: Name): Name[] {
  const chain = [name]
  for (let at = name; at !== zone && at !== '.'; ) {
    at = parentOf(at)
    chain.push(at)
  }
  return chain
}

function standingOf(here: readonly RRset[]): Standing {
  if (here.some(({ type }) => type === 'CNAME')) return { what: 'cname' }
  const addresses = here.filter(({ type }) => type === 'A' || type === 'AAAA')
  const locked = addresses.find((rrset) => rrset.locked !== undefined)?.locked
  return addresses.length === 0 ? { what: 'nothing' } : { what: 'address', ...(locked === undefined ? {} : { locked }) }
}
