import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KeySight } from '../../../../records/families/key-sight.js'
import { nextRollSteps, type RollStep } from '../../../../records/families/tlsa/roll/next-steps.js'
import type { RollKey } from '../../../../records/families/tlsa/roll/roll-key.js'
import { takeRollStep } from '../../../../records/families/tlsa/roll/take-step.js'

const TTL = 600
const SERVERS = ['ns1', 'ns2'] as const
const CERTIFICATE = 'live/mail.example.com'

/** What happens in the world between two looks at it. */
const event = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('run' as const), killedAfter: fc.option(fc.nat(4), { nil: undefined }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 3 * TTL }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('renew' as const), sameKey: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('outage' as const),
      server: fc.constantFrom(...SERVERS),
      isOver: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unreachable' as const), is: fc.boolean() }) },
)
type Event = typeof event extends fc.Arbitrary<infer E> ? E : never

/** A host with its files, its name servers, and a clock. */
function world() {
  let now = 1_800_000_000
  let keys: readonly RollKey[] = []
  let renewed = 'K0'
  let serial = 0
  let isFresh = false
  let installed: string | undefined
  let isReachable = true
  const down = new Set<string>()
  const shown = new Map(SERVERS.map((server) => [server, [] as readonly string[]]))
  /** What each server has said, with when: a resolver may remember it for a TTL. */
  const said: { readonly at: number; until: number; readonly set: readonly string[] }[] = []
  const note = (): void => {
    for (const set of shown.values()) {
      const last = said.find((one) => one.until === Number.POSITIVE_INFINITY && String(one.set) === String(set))
      if (!last) said.push({ at: now, until: Number.POSITIVE_INFINITY, set })
    }
    for (const one of said)
      if (one.until === Number.POSITIVE_INFINITY && ![...shown.values()].some((set) => String(set) === String(one.set)))
        one.until = now
  }
  note()
  const publish = (): void => {
    for (const server of SERVERS)
      if (!down.has(server))
        shown.set(
          server,
          keys.map(({ association }) => association),
        )
    note()
  }
  const sightOf = (association: string): KeySight => ({
    servers: SERVERS.filter((server) => shown.get(server)?.includes(association)),
    missing: SERVERS.filter((server) => !shown.get(server)?.includes(association)).map((server) => ({
      server,
      why: '',
    })),
    ttl: TTL,
  })
  const look = () =>
    nextRollSteps({
      keys,
      certificates: [{ certificate: CERTIFICATE, renewed, installed, isOutdated: isFresh && renewed === installed }],
      found: [],
      served: isReachable && installed !== undefined ? [installed] : undefined,
      now,
      sightOf,
      isUnpublished: [...shown.values()].every((set) => set.length === 0),
    })
  const take = (step: RollStep): void => {
    if (step.kind === 'install') {
      installed = renewed
      isFresh = false
    }
    keys = takeRollStep(keys, step, now)
  }
  const happen = (one: Event): void => {
    if (one.kind === 'wait') now += one.seconds
    if (one.kind === 'renew') {
      if (!one.sameKey) renewed = `K${++serial}`
      isFresh = true
    }
    if (one.kind === 'outage') {
      if (one.isOver) down.delete(one.server)
      else down.add(one.server)
    }
    if (one.kind === 'unreachable') isReachable = !one.is
    if (one.kind === 'run') {
      // Killed between what it does to the server and what it remembers of it, or between that and DNS.
      let left = one.killedAfter ?? Number.POSITIVE_INFINITY
      for (let round = 0; round < 10 && left > 0; round++) {
        publish()
        const { steps } = look()
        if (steps.length === 0) break
        for (const step of steps) {
          if (left-- <= 0) return
          if (left <= 0 && step.kind === 'install') {
            installed = renewed
            return
          }
          take(step)
        }
      }
    }
  }
  return {
    happen,
    look,
    /** Senders that refuse the server now: those that remember keys, and not the one it has. */
    refusing: () =>
      installed === undefined
        ? []
        : said.filter(({ set, until }) => now < until + TTL && set.length > 0 && !set.includes(installed as string)),
    state: () => ({ keys, renewed, installed }),
  }
}

test('no sender with whatever it still remembers refuses the server, wherever the run is killed', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { happen, refusing } = world()
      for (const one of events) {
        happen(one)
        expect(refusing()).toEqual([])
      }
    }),
    { numRuns: 1000 },
  )
})

test('left alone, the renewed certificate is installed in the end, and no other key is left', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      const { happen, state, look } = world()
      for (const one of events) happen(one)
      for (const server of SERVERS) happen({ kind: 'outage', server, isOver: true })
      for (let times = 0; times < 12; times++) {
        happen({ kind: 'run', killedAfter: undefined })
        happen({ kind: 'wait', seconds: TTL })
      }
      const { keys, renewed, installed } = state()
      expect(installed).toBe(renewed)
      expect(keys.map(({ association, state: at }) => [association, at])).toEqual([[renewed, 'serving']])
      expect(look()).toEqual({ steps: [], waits: [] })
    }),
    { numRuns: 500 },
  )
})
