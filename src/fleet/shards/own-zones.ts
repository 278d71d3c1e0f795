import type { Name } from '../../../records/rr/name.js'
import { compiledOffline } from '../../compiled-offline.js'
import type { Session } from '../../session.js'
import type { Shard } from './shard.js'
import { sharding } from './sharding.js'
import { assertZonesKnown } from './zones-known.js'

/** Whether a zone of a spec is in a shard. Throws `usage` where the zones cannot be dealt out. */
export function ownZones(session: Session, { index, count }: Shard): (zone: Name) => boolean {
  assertZonesKnown(session.spec)
  const { shardOf } = sharding(compiledOffline(session), count)
  return (zone) => shardOf(zone) === index
}
