import type { Finding } from '../finding.js'
import { doubledList, doubledNames } from '../rr/doubled-names.js'
import { displayName } from '../rr/name.js'
import { finding } from '../rules/rule.js'
import type { ZoneView } from '../rules/zone-view.js'

/** Names of a zone that was read at which nobody looks, as the zone is in them twice. */
export function observeDoubled({ zone: { name: zone, rrsets }, records, domains, hosts }: ZoneView): Finding[] {
  const wanted = new Set(records.map(({ rrset }) => rrset.name))
  const names = doubledNames(rrsets, zone).filter((name) => !wanted.has(name))
  if (names.length === 0) return []
  const [part] = [...domains, ...hosts]
  return [
    finding(
      'warning',
      'name-doubled',
      part?.from ?? ['zones', zone],
      `the zone ${displayName(zone)} is twice in names of it, and nobody looks there: ${doubledList(names, zone)}`,
      'enter the name without the zone, or with a dot at its end, and delete this one',
    ),
  ]
}
