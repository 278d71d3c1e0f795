import type { Compiled } from '../../../records/compile.js'
import { groupBy } from '../../../records/group.js'
import type { Name } from '../../../records/rr/name.js'
import { ARPA } from '../../../records/rr/reverse.js'
import { afterOf, beforeOf, subjectOf } from '../../../records/rr/rrset.js'
import { isLossForOthers, isMakeForOthers, targetsOf } from '../../apply/order.js'
import type { Plan, ZonePlan } from '../../plan/plan.js'
import type { Phase } from './phase.js'
import { MOST_SHARDS, shardText } from './shard.js'
import { type Sharding, sharding } from './sharding.js'

/** A matrix as a workflow of GitHub Actions takes it from `fromJSON`: a job for each of `include`. */
export interface Matrix {
  readonly include: readonly {
    /** `3/8` */
    readonly shard: string
    /** How many zones the job is about. */
    readonly zones: number
  }[]
}

/** Readings that one job does: about what Cloudflare lets an account do in five minutes (1,200 calls, read 2026-11). */
const READS_A_SHARD = 1000

/** Every zone of a spec: the declared ones, and the one of all address owners. */
export function zonesOfSpec({ input, addressOwners }: Compiled): Name[] {
  return [...(addressOwners.size > 0 ? [ARPA] : []), ...input.zones.keys()]
}

/** In how many shards it is usual to do what takes so many readings. */
export function usualCount({ input, addressOwners }: Compiled): number {
  const reads = [...input.zones.values()].reduce((sum, targets) => sum + targets.length, addressOwners.size)
  return Math.min(Math.max(Math.ceil(reads / READS_A_SHARD), 1), MOST_SHARDS)
}

/** The shards of so many that have zones: shard → how many. */
export function zonesInShards(declared: Compiled, count: number): ReadonlyMap<string, number> {
  const { include } = matrices(declared, sharding(declared, count), count).rest
  return new Map(include.map(({ shard, zones }) => [shard, zones]))
}

/** The shards that have zones, by phase; of a plan, those that have something to write then. */
export function matrices(
  declared: Compiled,
  { shardOf, links }: Sharding,
  count: number,
  plan?: Pick<Plan, 'zones'>,
): Readonly<Record<Phase, Matrix>> {
  const matrix = (zones: Iterable<Name>): Matrix => {
    const byShard = groupBy(new Set(zones), shardOf)
    const rows = [...byShard].sort(([one], [other]) => one - other)
    return { include: rows.map(([index, own]) => ({ shard: shardText({ index, count }), zones: own.length })) }
  }
  if (plan === undefined) {
    const all = zonesOfSpec(declared)
    const led = [...links.zones].flatMap(([zone, others]) =>
      [...others].filter((other) => shardOf(other) !== shardOf(zone)),
    )
    return { first: matrix(led), rest: matrix(all), last: matrix(count > 1 ? all : []) }
  }
  const { zones } = plan
  const isLed = (side: typeof afterOf) => {
    const shards = new Map<string, Set<number>>()
    for (const one of zones)
      for (const name of targetsOf(one, side))
        shards.set(name, (shards.get(name) ?? new Set()).add(shardOf(one.zone as Name)))
    return (name: string, zone: string): boolean =>
      [...(shards.get(name) ?? [])].some((shard) => shard !== shardOf(zone as Name))
  }
  const [willBe, mayBe] = [isLed(afterOf), isLed(beforeOf)]
  const some = (isChosen: (one: ZonePlan) => boolean): Matrix =>
    matrix(zones.filter(isChosen).map(({ zone }) => zone as Name))
  return {
    first: some(({ zone, changes }) =>
      changes.some((change) => isMakeForOthers(change) && willBe(subjectOf(change).name, zone)),
    ),
    rest: some(() => true),
    last: some(({ zone, changes }) =>
      changes.some((change) => isLossForOthers(change) && mayBe(subjectOf(change).name, zone)),
    ),
  }
}
