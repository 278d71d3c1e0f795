import { groupBy } from '../../../../records/group.js'
import type { Plan } from '../../../plan/plan.js'

type Narrowed = NonNullable<Plan['narrowed']>
type Narrowing = Narrowed[number]
type SeenInDns = Extract<Narrowing, { readonly by: 'observe' }>

/** What limits the plan of a shard besides its shard. */
export function otherNarrowings({ narrowed = [] }: Pick<Plan, 'narrowed'>): Narrowed {
  return narrowed.filter(({ by }) => by !== 'shard')
}

/** What limits every shard in the same way, with what it left out in all of them. */
export function mergedNarrowings(plans: readonly Plan[]): Narrowed {
  const all = plans.flatMap(otherNarrowings)
  return [...groupBy(all, ({ by }) => by).values()].map((same) => same.reduce(together))
}

function together(one: Narrowing, other: Narrowing): Narrowing {
  if (one.by === 'observe') return other.by === 'observe' ? seenTogether(one, other) : one
  return other.by === 'observe' ? one : { ...one, notLookedAt: one.notLookedAt + other.notLookedAt }
}

function seenTogether(one: SeenInDns, other: SeenInDns): SeenInDns {
  const silent = groupBy([...one.silent, ...other.silent], ({ server }) => server)
  return {
    ...one,
    asWanted: one.asWanted + other.asWanted,
    unchanged: one.unchanged + other.unchanged,
    asked: [...one.asked, ...other.asked],
    silent: [...silent.values()].flatMap(([first, ...more]) =>
      first ? [{ ...first, zones: more.reduce((sum, { zones }) => sum + zones, first.zones) }] : [],
    ),
  }
}
