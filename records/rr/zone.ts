import { groupBy } from '../group.js'
import { joinName, type Name, parentOf } from './name.js'
import type { RRset } from './rrset.js'

/** What a zone answers, as a resolver would find it. */
export interface ZoneLookup {
  /** Whether the name has records, or a name below it has (an empty non-terminal, RFC 4592 §2.2.2). */
  exists(name: Name): boolean
  /** Whether the name is below a delegation, so that other name servers answer for it. */
  isDelegated(name: Name): boolean
  /** Where the answer for a name comes from: the name itself, or the wildcard that stands for it (RFC 4592 §3.3.1). */
  source(name: Name): Name
  /** The RRsets at exactly this name. */
  at(name: Name): readonly RRset[]
}

/** Prepares look-ups in what a zone holds. */
export function zoneLookup(zone: Name, rrsets: readonly RRset[]): ZoneLookup {
  const byName = groupBy(rrsets, ({ name }) => name)
  const existing = new Set([zone, ...[...byName.keys()].flatMap((name) => ancestors(name, zone))])
  const at = (name: Name): readonly RRset[] => byName.get(name) ?? []
  return {
    at,
    exists: (name) => existing.has(name),
    isDelegated: (name) =>
      ancestors(name, zone).some((one) => one !== zone && at(one).some(({ type }) => type === 'NS')),
    source: (name) => {
      const encloser = ancestors(name, zone).find((one) => existing.has(one)) ?? zone
      return encloser === name ? name : joinName('*', encloser)
    },
  }
}

/** The name and all above it, as far as the zone, itself included. */
export function ancestors(name: Name, zone: Name): Name[] {
  const chain = [name]
  for (let at = name; at !== zone && at !== '.'; ) {
    at = parentOf(at)
    chain.push(at)
  }
  return chain
}
