import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DkimAlgorithm } from '../../../../records/families/dkim/dkim-key.js'
import type { RotationPolicy } from '../../../../records/families/dkim/rotation/policy.js'
import { type Moment, SERVERS, World } from './rotation-world.js'

const HOUR = 3600
const DAY = 24 * HOUR

const moment = fc.record<Moment>({
  after: fc.oneof(fc.integer({ min: 0, max: 3 * HOUR }), fc.integer({ min: 0, max: 9 * DAY })),
  lag: fc.tuple(...SERVERS.map(() => fc.integer({ min: 0, max: 6 * HOUR }))),
  killedAfter: fc.integer({ min: 0, max: 12 }),
  silent: fc.tuple(...SERVERS.map(() => fc.integer({ min: 0, max: 9 }).map((number) => number === 0))),
  exposes: fc.integer({ min: 0, max: 39 }).map((number) => number === 0),
})
const policies = fc.record<RotationPolicy>({
  every: fc.integer({ min: 5 * DAY, max: 30 * DAY }),
  publishAhead: fc.integer({ min: 0, max: 2 * DAY }),
  drain: fc.integer({ min: DAY, max: 8 * DAY }),
  revokeFor: fc.integer({ min: 0, max: 30 * DAY }),
  reveal: fc.boolean(),
})
const algorithms = fc.constantFrom<DkimAlgorithm[]>(['ed25519'], ['rsa-2048', 'ed25519'])

describe('a rotation, whatever servers, clocks and crashes do', () => {
  test('at every moment what signs is shown everywhere, and was for long enough; no selector is used twice', () => {
    fc.assert(
      fc.property(
        policies,
        algorithms,
        fc.array(moment, { minLength: 1, maxLength: 60 }),
        (policy, wanted, moments) => {
          const world = new World()
          for (const one of moments) {
            world.now += one.after
            world.assertVerifies(policy.drain)
            if (one.exposes) world.expose()
            world.run(one, policy, wanted)
            world.assertVerifies(policy.drain)
            for (const algorithm of wanted)
              expect(
                world.keys.filter((key) => key.algorithm === algorithm && key.state === 'signing').length,
              ).toBeLessThanOrEqual(1)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('whatever was cut short, runs that are not come to rest, with one key of each algorithm that signs', () => {
    fc.assert(
      fc.property(policies, algorithms, fc.array(moment, { maxLength: 20 }), (policy, wanted, moments) => {
        const world = new World()
        for (const one of moments) {
          world.now += one.after
          if (one.exposes) world.expose()
          world.run(one, policy, wanted)
        }
        const calm = { after: 0, lag: [0, 0, 0], killedAfter: 99, silent: [false, false, false], exposes: false }
        for (let hour = 0; hour < 5 * 24; hour++) {
          world.now += HOUR
          world.run(calm, policy, wanted)
        }
        const sound = world.keys.filter(({ state, times }) => state === 'signing' && times.compromised === undefined)
        expect(sound.map(({ algorithm }) => algorithm).sort()).toEqual([...wanted].sort())
        const left = world.keys
        world.run(calm, policy, wanted)
        expect(world.keys).toEqual(left)
      }),
      { numRuns: 100 },
    )
  })
})

describe('a rotation of fixed selectors, whatever servers, clocks and crashes do', () => {
  const fixed = fc.integer({ min: 1, max: 8 }).map((count) => [...'abcdefgh'].slice(0, count))

  test('at every moment what signs is shown everywhere; a selector is used again only when nothing of its last key can matter', () => {
    fc.assert(
      fc.property(
        policies,
        algorithms,
        fixed,
        fc.array(moment, { minLength: 20, maxLength: 60 }),
        (policy, wanted, selectors, moments) => {
          const world = new World(selectors)
          for (const one of moments) {
            world.now += one.after
            world.assertVerifies(policy.drain)
            if (one.exposes) world.expose()
            world.run(one, policy, wanted)
            world.assertVerifies(policy.drain)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  test('whatever was cut short or leaked, with two selectors an algorithm one key of each comes to sign, and they go round', () => {
    fc.assert(
      fc.property(policies, algorithms, fc.array(moment, { maxLength: 20 }), (policy, wanted, moments) => {
        const world = new World(['a', 'b', 'c', 'd'].slice(0, 2 * wanted.length))
        for (const one of moments) {
          world.now += one.after
          if (one.exposes) world.expose()
          world.run(one, policy, wanted)
        }
        const calm = { after: 0, lag: [0, 0, 0], killedAfter: 99, silent: [false, false, false], exposes: false }
        for (let time = 0; time < 240 * DAY; time += 12 * HOUR) {
          world.now += 12 * HOUR
          world.run(calm, policy, wanted)
        }
        const sound = world.keys.filter(({ state, times }) => state === 'signing' && times.compromised === undefined)
        expect(sound.map(({ algorithm }) => algorithm).sort()).toEqual([...wanted].sort())
        expect(world.keys.some(({ turn = 1 }) => turn > 2)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})
