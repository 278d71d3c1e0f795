import type { Name } from '../../../records/rr/name.js'
import { subjectOf } from '../../../records/rr/rrset.js'
import type { ApplyInput } from '../../apply/apply-plan.js'
import { isMakeForOthers } from '../../apply/order.js'
import type { Plan, ZoneFailure, ZonePlan } from '../../plan/plan.js'
import { beyondByPlan, beyondBySpec } from './beyond.js'
import { type Phase, UNTIL } from './phase.js'
import { type Shard, shardText } from './shard.js'
import type { Sharding } from './sharding.js'

/** What one process carries out of a plan, and what it has to know of the others. */
export interface ShardPart {
  readonly plan: Plan
  /** Zones of other shards that are not yet as what leads to them needs them. */
  readonly unreviewed: readonly ZoneFailure[]
  readonly part: NonNullable<ApplyInput['part']>
}

/** Which part, and how the zones are dealt out. */
export interface PartOf {
  readonly sharding: Sharding
  readonly shard: Shard
  readonly phase: Phase
}

/** A shard's part of a plan that was made `withLed`. */
export function freshPart(plan: Plan, { sharding: { shardOf, links }, shard, phase }: PartOf): ShardPart {
  const isOwn = (zone: string): boolean => shardOf(zone as Name) === shard.index
  const led = new Set<string>([...links.names].flatMap(([zone, names]) => (isOwn(zone) ? [...names] : [])))
  const isLacking = ({ changes }: ZonePlan): boolean =>
    changes.some((change) => isMakeForOthers(change) && led.has(subjectOf(change).name))
  const lacking = plan.zones.filter((zone) => !isOwn(zone.zone) && isLacking(zone))
  return {
    plan: {
      ...plan,
      zones: plan.zones.filter(({ zone }) => isOwn(zone)),
      failures: plan.failures.filter(({ zone }) => isOwn(zone)),
      problems: plan.problems.filter(({ zone }) => zone === undefined || isOwn(zone)),
      manual: plan.manual.filter(({ zone }) => zone === undefined || isOwn(zone)),
    },
    unreviewed: [
      ...plan.failures.filter(({ zone }) => !isOwn(zone)),
      ...lacking.map((zone) => toDoElsewhere(zone, shardOf, shard)),
    ],
    part: { beyond: beyondBySpec(links, isOwn), until: UNTIL[phase] },
  }
}

/** A shard's part of a plan of all shards. */
export function reviewedShard(
  plan: Plan,
  { sharding: { shardOf }, shard, phase }: PartOf,
): Pick<ShardPart, 'plan' | 'part'> {
  const isOwn = ({ zone }: ZonePlan): boolean => shardOf(zone as Name) === shard.index
  const others = plan.zones.filter((zone) => !isOwn(zone))
  return {
    plan: { ...plan, zones: plan.zones.filter(isOwn) },
    part: { beyond: beyondByPlan(others), until: UNTIL[phase] },
  }
}

/** A zone in which another shard has something to write that this one waits for. */
function toDoElsewhere({ zone, provider }: ZonePlan, shardOf: Sharding['shardOf'], { count }: Shard): ZoneFailure {
  const other = shardText({ index: shardOf(zone as Name), count })
  return {
    zone,
    provider,
    code: 'other-shard',
    message: `shard ${other} has not written it yet`,
    hint: `apply that shard, with --shard ${other} --phase first, then this one again`,
  }
}
