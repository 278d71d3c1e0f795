import { groupBy } from '../../../records/group.js'
import type { Name } from '../../../records/rr/name.js'
import type { ZoneLinks } from './zone-links.js'

/** A zone that more others lead to is shared: all of a fleet would be one group with the zone of its mail servers. */
const MOST_LEADING = 8
/** What hangs together in more zones than that is dealt out zone by zone: one part would have far more to do than the others. */
const MOST_TOGETHER = 32

/**
 * Few zones that lead to each other are a group, which stays together, so that one process orders their writes. Between
 * groups the phases of an apply keep the order.
 *
 * @returns for each zone the one that its group is dealt out by: a zone that others lead to, so that one more zone which leads there changes nothing
 */
export function zoneGroups({ zones: links }: Pick<ZoneLinks, 'zones'>): (zone: Name) => Name {
  const leading = new Map<Name, number>()
  for (const other of [...links.values()].flatMap((others) => [...others]))
    leading.set(other, (leading.get(other) ?? 0) + 1)
  const parents = new Map<Name, Name>()
  const rootOf = (zone: Name): Name => {
    let root = zone
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up
    for (let at = zone; at !== root; ) {
      const up = parents.get(at) as Name
      parents.set(at, root)
      at = up
    }
    return root
  }
  for (const [zone, others] of links)
    for (const other of others) {
      if ((leading.get(other) ?? 0) > MOST_LEADING) continue
      const [one, two] = [rootOf(zone), rootOf(other)]
      if (one !== two) parents.set(one, two)
    }
  const members = groupBy(new Set([...links.keys(), ...leading.keys()]), rootOf)
  const anchors = new Map<Name, Name>()
  for (const zones of members.values()) {
    if (zones.length === 1 || zones.length > MOST_TOGETHER) continue
    const [anchor] = zones.filter((zone) => leading.has(zone) && (leading.get(zone) ?? 0) <= MOST_LEADING).sort()
    for (const zone of zones) if (anchor !== undefined) anchors.set(zone, anchor)
  }
  return (zone) => anchors.get(zone) ?? zone
}
