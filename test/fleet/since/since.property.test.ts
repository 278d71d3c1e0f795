import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile } from '../../../records/compile.js'
import type { DkimPublicKey } from '../../../records/families/dkim/dkim-key.js'
import { applyPlan } from '../../../src/apply/apply-plan.js'
import type { RawSpec } from '../../../src/config/schema.js'
import { difference } from '../../../src/fleet/since/difference.js'
import type { Side } from '../../../src/fleet/since/meaning.js'
import type { Plan } from '../../../src/plan/plan.js'
import { DOMAINS, KEYS, rawSpec, specFrom, TARGETS } from '../../worlds/arbitrary-spec.js'
import { planRaw } from '../../worlds/plan-raw.js'
import { type World, worldOf } from '../../worlds/world.js'

/** A spec at one time, with the keys that were there. */
interface Time {
  readonly raw: RawSpec
  readonly keys: readonly DkimPublicKey[]
}

type Edit = (raw: RawSpec) => RawSpec

const zoneNames = Object.keys(TARGETS)

function leftOut({ narrowed = [] }: Pick<Plan, 'narrowed'>): number {
  return narrowed.reduce((sum, one) => sum + (one.by === 'since' ? one.notLookedAt : 0), 0)
}

/** What people change in one commit. */
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.constantFrom(...DOMAINS).map(
    (name): Edit =>
      (raw) => ({ ...raw, domains: without(raw.domains, name) }),
  ),
  fc
    .tuple(fc.constantFrom(...DOMAINS), fc.constantFrom('reject', 'none', 'quarantine'))
    .map(([name, policy]) => withDomain(name, { dmarc: { policy: policy as 'reject' } })),
  fc.constantFrom(...DOMAINS).map((name) => withDomain(name, { ttl: 7200 })),
  fc.constantFrom(...DOMAINS).map(
    (name): Edit =>
      (raw) =>
        raw.domains[name]?.mail === 'none' ? raw : withDomain(name, { dkim: false })(raw),
  ),
  fc.tuple(fc.constantFrom(...zoneNames), fc.constantFrom<string[][]>(['one'], ['two'], ['two', 'one'])).map(
    ([zone, targets]): Edit =>
      (raw) => ({ ...raw, zones: { ...raw.zones, [zone]: { targets } } }),
  ),
  fc.constantFrom(...zoneNames).map(
    (zone): Edit =>
      (raw) => ({ ...raw, zones: without(raw.zones, zone) }),
  ),
  fc.constantFrom<RawSpec['ownership'][]>({ owner: 'other' }, false).map(
    (ownership): Edit =>
      (raw) => ({
        ...raw,
        ...(ownership !== undefined && { ownership }),
      }),
  ),
  fc.constant<Edit>((raw) => ({ ...raw, defaults: { ttl: 1800 } })),
  fc.constant<Edit>((raw) => ({ ...raw, providers: { ...raw.providers, two: { class: 'memory', other: 1 } } })),
  rawSpec.map(
    ({ hosts, domains }): Edit =>
      (raw) => ({ ...raw, hosts: hosts ?? {}, domains }),
  ),
  fc.constant<Edit>((raw) => raw),
)

const keys = fc.oneof(fc.constant([...KEYS]), fc.shuffledSubarray([...KEYS]))

function without<T>(entries: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(entries).filter(([key]) => key !== name))
}

function withDomain(name: string, part: RawSpec['domains'][string]): Edit {
  return (raw) => ({ ...raw, domains: { ...raw.domains, [name]: { ...raw.domains[name], ...part } } })
}

/** Every zone at both providers. */
function emptyWorld(): Promise<World> {
  const zones = Object.fromEntries(zoneNames.map((zone) => [zone, []]))
  return worldOf({ one: zones, two: zones })
}

function sideOf({ raw, keys: own }: Time): Side {
  const spec = specFrom(raw)
  return { spec, keys: own as Side['keys'], problems: [], compile: (...input) => compile(spec, ...input) }
}

function planSince(world: World, now: Time, before: Time): Promise<Plan> {
  const [nowSide, beforeSide] = [sideOf(now), sideOf(before)]
  return planRaw(world, now.raw, now.keys, {
    revision: { by: 'since', value: 'HEAD~1' },
    difference: (compiled) => difference(nowSide, beforeSide, compiled, new Set()),
  })
}

async function apply(world: World, { raw, keys: own }: Time): Promise<Plan> {
  const plan = await planRaw(world, raw, own)
  await applyPlan({ plan, providers: world.providers, parallel: 2, signal: new AbortController().signal })
  return plan
}

test('after what the spec meant was applied, a plan since then has all that the plan of everything has', async () => {
  let narrowed = 0
  await fc.assert(
    fc.asyncProperty(
      rawSpec,
      fc.array(edit, { minLength: 1, maxLength: 2 }),
      keys,
      keys,
      async (raw, edits, one, other) => {
        const before: Time = { raw, keys: one }
        const now: Time = { raw: edits.reduce((spec, change) => change(spec), raw), keys: other }
        const world = await emptyWorld()
        await apply(world, before)
        fc.pre((await apply(world, before)).zones.length === 0)
        const whole = await planRaw(world, now.raw, now.keys)
        const part = await planSince(world, now, before)
        expect(part.zones).toEqual(whole.zones)
        expect(whole.failures).toEqual(expect.arrayContaining([...part.failures]))
        const left = leftOut(part)
        expect(left).toBeLessThanOrEqual(whole.unchanged + whole.failures.length)
        narrowed += left
        // What apply writes is the same too, and then there is no more to do.
        await applyPlan({ plan: part, providers: world.providers, parallel: 2, signal: new AbortController().signal })
      },
    ),
    { numRuns: 150 },
  )
  expect(narrowed).toBeGreaterThan(150)
})

test('where nothing was changed, no zone is looked at', async () => {
  await fc.assert(
    fc.asyncProperty(rawSpec, keys, async (raw, own) => {
      const time: Time = { raw, keys: own }
      const plan = await planSince(await emptyWorld(), time, time)
      expect(plan).toMatchObject({ zones: [], unchanged: 0, failures: [] })
      expect(leftOut(plan)).toBe(zoneNames.length)
    }),
    { numRuns: 50 },
  )
})
