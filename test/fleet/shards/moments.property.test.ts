import fc from 'fast-check'
import { expect, test } from 'vitest'
import { reviewedPart } from '../../../src/apply/reviewed-plan.js'
import type { RawSpec } from '../../../src/config/schema.js'
import { PHASES, type Phase } from '../../../src/fleet/shards/phase.js'
import { freshPart, type PartOf, reviewedShard } from '../../../src/fleet/shards/shard-part.js'
import { zoneLinks } from '../../../src/fleet/shards/zone-links.js'
import type { Plan } from '../../../src/plan/plan.js'
import { applied, apply } from '../../apply/applied.js'
import { rawSpec, TARGETS } from '../../worlds/arbitrary-spec.js'
import { madeRaw, planRaw } from '../../worlds/plan-raw.js'
import { dangling, keyZones, ledNowhere, type Watched, watchedWorld, withKeyZones } from '../../worlds/watched-world.js'

const SHARDS = 3

/** Any way to deal the zones out, be they of one group or not; and the order in which the shards of a phase begin. */
const dealings = fc.record({
  shards: fc.tuple(...Object.keys(TARGETS).map(() => fc.integer({ min: 1, max: SHARDS }))),
  begin: fc.shuffledSubarray([1, 2, 3], { minLength: SHARDS }),
  together: fc.boolean(),
})
type Dealing = typeof dealings extends fc.Arbitrary<infer T> ? T : never

interface Run {
  readonly watched: Watched
  readonly wanted: RawSpec
  readonly dealing: Dealing
  /** Of all shards; without it each plans afresh. */
  readonly reviewed?: Plan
}

/** One process: plans, and carries out its part. */
async function applyShard({ watched: { world }, wanted, dealing, reviewed }: Run, index: number, phase: Phase) {
  const { plan, declared } = await madeRaw(world, wanted)
  const zones = Object.keys(TARGETS)
  const part: PartOf = {
    sharding: { shardOf: (zone) => dealing.shards[zones.indexOf(zone)] as number, links: zoneLinks(declared) },
    shard: { index, count: SHARDS },
    phase,
  }
  const fresh = freshPart(plan, part)
  if (reviewed === undefined) return apply(world, fresh.plan, fresh)
  const own = reviewedShard(reviewed, part)
  const { plan: seen, stale, unreviewed } = reviewedPart(own.plan, fresh.plan, () => true)
  expect(stale).toEqual([])
  return apply(world, seen, { part: own.part, unreviewed: [...fresh.unreviewed, ...unreviewed] })
}

async function applyPhases(run: Run): Promise<void> {
  const { begin, together } = run.dealing
  for (const phase of PHASES) {
    if (together) await Promise.all(begin.map((index) => applyShard(run, index, phase)))
    else for (const index of begin) await applyShard(run, index, phase)
  }
}

const worlds = [rawSpec, keyZones, rawSpec, keyZones, dealings] as const

test.each(['fresh', 'reviewed'] as const)(
  'by %s plans, at no moment does what one shard writes lead to a name that another has not written yet, or has taken away',
  async (kind) => {
    let later = 0
    await fc.assert(
      fc.asyncProperty(...worlds, async (before, first, after, then, dealing) => {
        const watched = await watchedWorld()
        const { world } = watched
        await applied(world, await planRaw(world, withKeyZones(before, first)))
        const seen: string[] = []
        watched.onChange = () => void seen.push(...dangling(world), ...ledNowhere(world))
        const wanted = withKeyZones(after, then)
        const reviewed = await planRaw(world, wanted)
        await applyPhases({ watched, wanted, dealing, ...(kind === 'reviewed' && { reviewed }) })
        expect(seen).toEqual([])
        expect(await planRaw(world, wanted)).toMatchObject({ zones: [], failures: [] })
        later += reviewed.zones.length
      }),
      { numRuns: 40 },
    )
    expect(later).toBeGreaterThan(0)
  },
)

test('in any order without phases, no name is led to that is not there', async () => {
  const times = fc.array(fc.integer({ min: 1, max: SHARDS }), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(...worlds, times, async (before, first, after, then, dealing, order) => {
      const watched = await watchedWorld()
      const { world } = watched
      await applied(world, await planRaw(world, withKeyZones(before, first)))
      const seen: string[] = []
      watched.onChange = () => void seen.push(...dangling(world), ...ledNowhere(world))
      const wanted = withKeyZones(after, then)
      await Promise.all(order.map((index) => applyShard({ watched, wanted, dealing }, index, 'rest')))
      await applyPhases({ watched, wanted, dealing })
      expect(seen).toEqual([])
      expect(await planRaw(world, wanted)).toMatchObject({ zones: [], failures: [] })
    }),
    { numRuns: 40 },
  )
})
