import type { Name } from '../../../records/rr/name.js'
import type { Session } from '../../session.js'
import { zonesOfSpec } from './matrix.js'
import { meaningDigest } from './meaning-digest.js'
import { type Shard, shardText } from './shard.js'
import { sharding } from './sharding.js'
import { assertZonesKnown } from './zones-known.js'

/** What the report of a shard is told apart by from those of others, and from those of another spec. */
export function shardNarrowing(
  session: Session,
  shard: Shard,
): { readonly by: 'shard'; readonly value: string; readonly meaning: string; readonly notLookedAt: number } {
  const isOwn = ownZones(session, shard)
  const { compiled } = session
  const notLookedAt = zonesOfSpec(compiled).filter((zone) => !isOwn(zone)).length
  return { by: 'shard', value: shardText(shard), meaning: meaningDigest(compiled), notLookedAt }
}

/** Whether a zone of a spec is in a shard. Throws `usage` where the zones cannot be dealt out. */
export function ownZones({ spec, compiled }: Session, { index, count }: Shard): (zone: Name) => boolean {
  assertZonesKnown(spec)
  const { shardOf } = sharding(compiled, count)
  return (zone) => shardOf(zone) === index
}
