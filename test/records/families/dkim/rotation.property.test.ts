import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DkimAlgorithm, isUsable } from '../../../../records/families/dkim/dkim-key.js'
import { nextSteps } from '../../../../records/families/dkim/rotation/next-steps.js'
import type { RotationPolicy } from '../../../../records/families/dkim/rotation/policy.js'
import type { RingKey } from '../../../../records/families/dkim/rotation/ring-key.js'
import { takeStep } from '../../../../records/families/dkim/rotation/take-step.js'
import type { KeySight } from '../../../../records/families/key-sight.js'
import type { Name } from '../../../../records/rr/name.js'

const HOUR = 3600
const DAY = 24 * HOUR
const TTL = 2 * HOUR
const SERVERS = ['ns1', 'ns2', 'ns3']
const domain = 'example.com.' as Name

/** What happens between two runs, and in one. */
interface Moment {
  /** Seconds until this run. */
  readonly after: number
  /** Seconds until each server has what is written. */
  readonly lag: readonly number[]
  /** The run is killed after this many of its writes: index, DNS. */
  readonly killedAfter: number
  /** Servers that do not answer. */
  readonly silent: readonly boolean[]
  readonly exposes: boolean
}

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

/** What one server shows of one name, since when. */
interface Written {
  readonly at: number
  readonly value: string
}

/** Servers that show what was written some time later, and remember when. */
class World {
  now = 1_800_000_000
  keys: RingKey[] = []
  readonly written = new Map<string, Written[]>()
  readonly selectors = new Set<string>()
  /** Compromised keys are revoked at once: their mail is not to be trusted any more. */
  readonly exposed = new Set<string>()
  readonly retiredAt = new Map<string, number>()
  made = 0

  at(server: string, selector: string, when = this.now): string {
    return this.written.get(`${server} ${selector}`)?.findLast(({ at }) => at <= when)?.value ?? ''
  }

  /** Since when a server has shown that key without a break. */
  since(server: string, selector: string): number | undefined {
    const [last] = (this.written.get(`${server} ${selector}`) ?? []).filter(({ at }) => at <= this.now).slice(-1)
    return last?.value === selector ? last.at : undefined
  }

  publish(lag: readonly number[]): void {
    for (const [index, server] of SERVERS.entries())
      for (const { selector, state } of this.keys) {
        const log = this.written.get(`${server} ${selector}`) ?? []
        const value = state === 'gone' ? '' : state === 'revoked' ? 'revoked' : selector
        if ((log.at(-1)?.value ?? '') === value) continue
        this.written.set(`${server} ${selector}`, [
          ...log,
          { at: Math.max(this.now + (lag[index] as number), log.at(-1)?.at ?? 0), value },
        ])
      }
  }

  sight({ selector, state }: RingKey, silent: readonly boolean[]): KeySight {
    const isOver = state === 'revoked' || state === 'gone'
    const missing = SERVERS.filter(
      (server, index) => silent[index] || (this.at(server, selector) === selector) === isOver,
    )
    return {
      servers: SERVERS.filter((server) => !missing.includes(server)),
      missing: missing.map((server) => ({ server, why: 'no' })),
      ttl: TTL,
    }
  }

  /** One run: publishes, looks, steps, until nothing is due or it is killed. */
  run({ lag, killedAfter, silent }: Moment, policy: RotationPolicy, wanted: readonly DkimAlgorithm[]): void {
    for (let writes = 0; writes < killedAfter; ) {
      this.publish(lag)
      writes += 1
      if (writes >= killedAfter) return
      const sightOf = (selector: string): KeySight =>
        this.sight(this.keys.find((key) => key.selector === selector) as RingKey, silent)
      const { steps } = nextSteps({ keys: this.keys, algorithms: wanted, policy, now: this.now, sightOf })
      if (steps.length === 0) return
      for (const step of steps) {
        if (step.kind === 'create') {
          const selector = `k${++this.made}`
          expect(this.selectors.has(selector)).toBe(false)
          this.selectors.add(selector)
          const times = { published: this.now }
          this.keys.push({
            domain,
            selector,
            algorithm: step.algorithm,
            state: 'published',
            times,
            holder: 'file',
            publicKey: selector,
          })
        } else {
          const before = this.keys.filter((key) => key.algorithm === step.algorithm)
          this.keys = takeStep(this.keys, step, this.now)
          if (step.kind !== 'sign') continue
          const isHurried = before.some((key) => isUsable(key) && key.times.compromised !== undefined)
          this.assertSafe(step.selector, isHurried)
          for (const { selector, state } of before) if (state === 'signing') this.retiredAt.set(selector, this.now)
        }
      }
      writes += 1
    }
  }

  /** A key that begins to sign is shown by every server, and was for as long as the Internet remembers, unless another one leaked. */
  assertSafe(selector: string, isHurried: boolean): void {
    for (const server of SERVERS) {
      const since = this.since(server, selector)
      expect(since, `${selector} at ${server}`).toBeDefined()
      if (!isHurried) expect(this.now - (since as number)).toBeGreaterThanOrEqual(TTL)
    }
  }

  /** What was signed with the keys that sign verifies at every server, now and until the drain is over. */
  assertVerifies(drain: number): void {
    for (const { selector, state } of this.keys) {
      if (this.exposed.has(selector)) continue
      const retired = this.retiredAt.get(selector)
      if (state !== 'signing' && (retired === undefined || this.now >= retired + drain)) continue
      for (const server of SERVERS)
        expect(this.at(server, selector), `${state} ${selector} at ${server}`).toBe(selector)
    }
  }

  expose(): void {
    this.keys = this.keys.map((key) => {
      if (!['published', 'signing', 'retiring'].includes(key.state) || key.times.compromised !== undefined) return key
      this.exposed.add(key.selector)
      return { ...key, times: { ...key.times, compromised: this.now } }
    })
  }
}

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
