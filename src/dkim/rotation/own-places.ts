import { type Name, zoneOf } from '../../../records/rr/name.js'
import { ownZones } from '../../fleet/shards/own-zones.js'
import type { Shard } from '../../fleet/shards/shard.js'
import type { Session } from '../../session.js'

/** Whether keys below a name are those of a shard, which has the zone that the name is in. Throws as `ownZones` does. */
export function ownPlaces(session: Session, shard: Shard | undefined): (place: Name) => boolean {
  if (shard === undefined) return () => true
  const isOwn = ownZones(session, shard)
  return (place) => isOwn(zoneOf(place, session.compiled.input.zones) ?? place)
}
