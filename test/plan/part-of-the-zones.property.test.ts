import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Name, parentOf } from '../../records/rr/name.js'
import type { RRset } from '../../records/rr/rrset.js'
import { applyPlan } from '../../src/apply/apply-plan.js'
import type { RawSpec } from '../../src/config/schema.js'
import type { Selection } from '../../src/plan/select.js'
import { DOMAINS, rawSpec, TARGETS } from '../worlds/arbitrary-spec.js'
import { madeRaw } from '../worlds/plan-raw.js'
import { type World, worldOf } from '../worlds/world.js'

const AROUND = '2.0.192.in-addr.arpa.'
const SIX = '8.b.d.0.1.0.0.2.ip6.arpa.'
const zoneNames = Object.keys(TARGETS) as Name[]

/** Reverse names of the addresses that hosts may have, and where a CNAME may lead from there. */
const FROM = [
  `9.${AROUND}`,
  `10.${AROUND}`,
  `200.${AROUND}`,
  `0.1.${'0.'.repeat(22)}${SIX}`,
  `a.${'0.'.repeat(23)}${SIX}`,
]
const INTO = ['example.net.', 'parked.example.', `128/25.${AROUND}`, `customer.${AROUND}`]

/** CNAMEs at reverse names, by somebody else; none leads to the name of another address. */
const cnames = fc
  .array(fc.option(fc.constantFrom(...INTO)), { minLength: FROM.length, maxLength: FROM.length })
  .map((targets) =>
    FROM.flatMap((name, index): RRset[] => {
      const into = targets[index]
      const label = name.split('.')[0]
      return into && (name.endsWith(AROUND) || !into.startsWith('128/25'))
        ? [{ type: 'CNAME', name: name as Name, ttl: 60, rdata: [`${label}.${into}` as Name] }]
        : []
    }),
  )

/** Every zone at both providers. */
function worldWith(held: readonly RRset[]): Promise<World> {
  const zones = Object.fromEntries(
    zoneNames.map((zone) => [
      zone,
      held.filter(({ name }) => zone === (name.endsWith(AROUND) ? AROUND : name.endsWith(SIX) ? SIX : parentOf(name))),
    ]),
  )
  return worldOf({ one: zones, two: zones })
}

/** Applies a spec until there is nothing to do; false where that does not come about. */
async function isApplied(world: World, raw: RawSpec): Promise<boolean> {
  for (let round = 0; round < 3; round++) {
    const { plan } = await madeRaw(world, raw)
    if (plan.failures.length > 0) return false
    if (plan.zones.length === 0) return true
    await applyPlan({ plan, providers: world.providers, parallel: 2, signal: new AbortController().signal })
  }
  return false
}

const part: fc.Arbitrary<Selection> = fc.oneof(
  fc.subarray(zoneNames, { minLength: 1 }).map((zones) => ({ zones, domains: [] })),
  fc.subarray(DOMAINS, { minLength: 1 }).map((domains) => ({
    zones: [],
    domains: domains.map((name) => `${name}.` as Name),
  })),
  fc.nat(2).map((index) => ({ zones: [], domains: [], shard: { index: index + 1, count: 3 } })),
)

test('after everything was applied, a plan of a part of it changes nothing, whatever CNAMEs stand at reverse names', async () => {
  let led = 0
  await fc.assert(
    fc.asyncProperty(rawSpec, cnames, fc.array(part, { minLength: 3, maxLength: 3 }), async (raw, held, parts) => {
      const world = await worldWith(held)
      fc.pre(await isApplied(world, raw))
      if (world.lines().some((line) => line.includes(' PTR ') && !line.includes('arpa. 3600'))) led += 1
      for (const selection of parts) {
        const { plan } = await madeRaw(world, raw, undefined, undefined, selection)
        expect({ selection, zones: plan.zones, failures: plan.failures }).toEqual({
          selection,
          zones: [],
          failures: [],
        })
      }
    }),
    { numRuns: 80 },
  )
  expect(led).toBeGreaterThan(10)
})
