import { expect, test } from 'vitest'
import { mergePlans, type ShardPlan } from '../../../src/fleet/shards/merge/merge-plans.js'
import { planOf } from '../../render/plan/plans.js'

const EXPECTED = { zonesIn: () => new Map<string, number>(), isOpenQuestion: () => false }

/** The plan of one of two shards, of what differs from a revision. */
function shardPlan(index: number, value: string, commit: string): ShardPlan {
  const plan = planOf({
    narrowed: [
      { by: 'shard', value: `${index}/2`, meaning: 'm', notLookedAt: 1 },
      { by: 'since', value, commit, notLookedAt: 1 },
    ],
  })
  return { file: `plan-${index}.json`, plan }
}

test('plans of shards are compared with one commit, whatever it was called', () => {
  const same = mergePlans([shardPlan(1, 'main', 'c0ffee'), shardPlan(2, 'HEAD~1', 'c0ffee')], EXPECTED)
  expect(same.narrowed).toEqual([{ by: 'since', value: 'main', commit: 'c0ffee', notLookedAt: 2 }])
  expect(() => mergePlans([shardPlan(1, 'main', 'c0ffee'), shardPlan(2, 'main', 'beefed')], EXPECTED)).toThrow(
    'plan-1.json and plan-2.json are no plans of one run: other commits to compare with: c0ffee and beefed',
  )
})
