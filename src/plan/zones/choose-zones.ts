import type { Compiled } from '../../../records/compile.js'
import { type Name, zoneOf } from '../../../records/rr/name.js'
import type { Selection } from '../select.js'

/** The zones a run is about. */
export interface ChosenZones {
  /** Whether `--zone` leaves it in. */
  isNamed(zone: Name): boolean
  /** Whether it is about the zone. */
  isOwn(zone: Name): boolean
  /** Whether it looks at the zone: at its own, and where the selection says so, at those of other shards that its own lead to. */
  isRead(zone: Name): boolean
}

/** What `--zone` and `--shard` choose, both together. @param declared as `sharding` takes it */
export async function chooseZones(
  { zones, shard }: Pick<Selection, 'zones' | 'shard'>,
  declared: Compiled,
): Promise<ChosenZones> {
  const named = new Set(zones)
  const isNamed = (zone: Name): boolean => named.size === 0 || named.has(zone)
  if (shard === undefined) return { isNamed, isOwn: isNamed, isRead: isNamed }
  const { sharding } = await import('../../fleet/shards/sharding.js')
  const { shardOf, links } = sharding(declared, shard.count)
  const isOwn = (zone: Name): boolean => isNamed(zone) && shardOf(zone) === shard.index
  if (!shard.withLed) return { isNamed, isOwn, isRead: isOwn }
  const led = new Set([...links.names].flatMap(([zone, names]) => (isOwn(zone) ? [...names] : [])))
  const zonesLed = new Set([...led].map((name) => zoneOf(name, declared.input.zones)))
  return { isNamed, isOwn, isRead: (zone) => isOwn(zone) || zonesLed.has(zone) }
}
