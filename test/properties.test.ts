import fc from 'fast-check'
import { expect, test } from 'vitest'
import { refusals } from '../src/apply/guards.js'
import type { RawSpec } from '../src/config/schema.js'
import { planFaults } from '../src/plan/faults/plan-faults.js'
import { parsePlan } from '../src/plan/plan-schema.js'
import { applied, apply } from './apply/applied.js'
import { foreign } from './worlds/arbitrary-foreign.js'
import { rawSpec } from './worlds/arbitrary-spec.js'
import { type Faults, faults, NO_FAULTS, STEPWISE, Stepwise } from './worlds/faults.js'
import { planRaw } from './worlds/plan-raw.js'
import { type Seed, type World, worldOf } from './worlds/world.js'

/** What mailsync promises whatever strangers hold, whatever the spec was, and whatever fails. */

const nothing = (raw: RawSpec): RawSpec => ({ ...raw, hosts: {}, domains: {} })

async function reach(world: World, raw: RawSpec): Promise<void> {
  const plan = parsePlan(JSON.parse(JSON.stringify(await planRaw(world, raw))))
  expect(planFaults(plan)).toEqual([])
  expect(plan.failures).toEqual([])
  expect(refusals(plan, { adopt: false, force: true })).toEqual([])
  await applied(world, plan)
}

const isMemory = (line: string): boolean => line.includes(' TXT v=mailsync1;')

/** All that is there, but for what mailsync remembers. */
function recordsOf(world: World): string[] {
  return world.lines().filter((line) => !isMemory(line))
}

/**
 * What mailsync remembers as its own, by zone. Whether it wrote a record or met it there may be told the careful way after a
 * crash, so that is left out.
 */
function ownedIn(world: World): string[] {
  return world
    .lines()
    .filter(isMemory)
    .flatMap((line) => {
      const [zone = '', ...fields] = line.split('; ')
      return fields.slice(1).flatMap((field) => {
        const [key = '', names = ''] = field.replace(/^kept\./, '').split('=')
        return names.split(',').map((name) => `${zone} ${key} ${name}`)
      })
    })
    .sort()
}

/** The records of strangers, each with its TTL, that are not there any more. */
function lost(strangers: readonly string[], world: World): string[] {
  const now = new Set(world.lines())
  return strangers.filter((line) => !now.has(line))
}

test('after any edits of the spec no stranger’s value has changed, a plan again is empty, and in the end nothing of ours is left', async () => {
  await fc.assert(
    fc.asyncProperty(foreign, fc.array(rawSpec, { minLength: 1, maxLength: 4 }), async (seed, specs) => {
      const world = await worldOf(seed)
      const strangers = world.lines()
      for (const spec of specs) {
        await reach(world, spec)
        expect(lost(strangers, world)).toEqual([])
        expect(await planRaw(world, spec)).toMatchObject({ zones: [], failures: [] })
      }
      await reach(world, nothing(specs[0] as RawSpec))
      expect(world.lines()).toEqual(strangers)
    }),
    { numRuns: 50 },
  )
})

test('from one spec to another and back, every zone is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(foreign, rawSpec, rawSpec, async (seed, one, other) => {
      const world = await worldOf(seed)
      await reach(world, one)
      const before = world.lines()
      await reach(world, other)
      await reach(world, one)
      expect(world.lines()).toEqual(before)
    }),
    { numRuns: 40 },
  )
})

test('a run that died anywhere, run again, leads where it would have led', async () => {
  const worldWith = async (seed: Seed, trouble: { faults: Faults }): Promise<World> =>
    worldOf(seed, { wrap: (provider, name) => new Stepwise(provider, name, trouble), plugin: STEPWISE })
  await fc.assert(
    fc.asyncProperty(foreign, rawSpec, rawSpec, faults, async (seed, first, second, trouble) => {
      const healthy = await worldOf(seed)
      await reach(healthy, first)
      await reach(healthy, second)

      const current = { faults: NO_FAULTS }
      const world = await worldWith(seed, current)
      const strangers = world.lines()
      await reach(world, first)
      current.faults = trouble
      await apply(world, await planRaw(world, second))
      expect(lost(strangers, world)).toEqual([])
      current.faults = NO_FAULTS
      await reach(world, second)
      expect(recordsOf(world)).toEqual(recordsOf(healthy))
      expect(ownedIn(world)).toEqual(ownedIn(healthy))
    }),
    { numRuns: 50 },
  )
})
