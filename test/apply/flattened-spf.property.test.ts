import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkHost } from '../../records/families/spf/evaluate/check-host.js'
import { isSpfValue } from '../../records/families/spf/read-spf.js'
import type { Name } from '../../records/rr/name.js'
import { isKnown, rdataTexts } from '../../records/rr/rrset.js'
import type { MailSpec } from '../../records/spec.js'
import { makePlan } from '../../src/plan/make-plan.js'
import type { Plan } from '../../src/plan/plan.js'
import { readLock } from '../../src/spf/lock.js'
import { refreshLock } from '../../src/spf/refresh-lock.js'
import { dnsOf, type Zones } from '../records/families/spf/zones.js'
import { specFrom } from '../worlds/arbitrary-spec.js'
import { NO_FAULTS, STEPWISE, Stepwise } from '../worlds/faults.js'
import { type World, worldOf } from '../worlds/world.js'
import { applied } from './applied.js'

/** What a domain says, and what the relay it flattens means, for a while. */
interface Period {
  readonly networks: readonly string[]
  readonly own: string[]
  readonly isFlattened: boolean
}

/** Networks of few blocks, so that they grow, shrink, merge and fall apart; long ones, so that many records are needed. */
const network = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.nat(90), fc.nat(3))
      .map(([block, host]) => `ip6:2001:db8:1111:2222:3333:4444:${block}:${host}`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(90), fc.constantFrom(124, 126, 127))
      .map(([block, bits]) => `ip6:2001:db8:1111:2222:3333:4444:${block}:0/${bits}`),
  },
  { weight: 2, arbitrary: fc.nat(60).map((block) => `ip4:198.51.${block}.1`) },
  { weight: 1, arbitrary: fc.nat(1).map((block) => `exists:%{i}.list${block}.example.net`) },
)
const period: fc.Arbitrary<Period> = fc.record({
  networks: fc.oneof(
    fc.uniqueArray(network, { minLength: 1, maxLength: 60, size: 'max' }),
    fc.uniqueArray(network, { minLength: 1, maxLength: 6 }),
  ),
  own: fc.uniqueArray(
    fc.nat(40).map((host) => `192.0.2.${host}`),
    { maxLength: 20, size: 'max' },
  ),
  isFlattened: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
})

/** The SPF at each name of the zone. */
function spfIn({ held }: World): Map<string, string> {
  const sets = [
    ...(held
      .get('one')
      ?.get('example.com.' as Name)
      ?.values() ?? []),
  ].filter(isKnown)
  return new Map(
    sets.flatMap((rrset) => {
      const value = rrset.type === 'TXT' ? rdataTexts(rrset).find(isSpfValue) : undefined
      return value === undefined ? [] : [[rrset.name.slice(0, -1), value] as const]
    }),
  )
}

function specOf({ own, isFlattened }: Period): MailSpec {
  const spf = { addresses: own, ...(isFlattened ? { flatten: ['relay.example'] } : { include: ['relay.example'] }) }
  return specFrom({
    providers: { one: { class: 'memory' } },
    zones: { 'example.com.': { targets: ['one'] } },
    domains: { 'example.com': { spf, dkim: false, dmarc: false } },
  })
}

async function planned({ providers }: World, spec: MailSpec): Promise<Plan> {
  const { plan } = await makePlan({
    file: 'mailsync.yaml',
    spec,
    keys: [],
    providers,
    locate: () => ({ file: 'mailsync.yaml', line: 1, column: 1 }),
    problems: [],
    selection: { zones: [], domains: [] },
    today: '2026-11-22',
    parallel: 1,
    signal: new AbortController().signal,
  })
  return plan
}

/** An address of each network, and what `exists` is asked for. */
function clientOf(term: string): string {
  return /^ip\d:([^/]+)/.exec(term)?.[1] ?? `203.0.113.${/list(\d)/.exec(term)?.[1]}`
}

const LISTS: Zones = Object.fromEntries(
  [0, 1, 2, 3].map((list) => [`203.0.113.${list}.list${list}.example.net`, ['A 127.0.0.2']]),
)

test('at no moment of an apply, with whatever old records a resolver has, is mail refused from a network that passed and is to pass', async () => {
  let chains = 0
  let moves = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(period, { minLength: 2, maxLength: 5 }),
      fc.infiniteStream(fc.nat(1000)),
      async (periods, chance) => {
        const pick = <T>(list: readonly T[]): T => list[chance.next().value % list.length] as T
        const watched: { faults: typeof NO_FAULTS; onChange?: () => void } = { faults: NO_FAULTS }
        const world = await worldOf(
          { one: { 'example.com.': [] } },
          { wrap: (provider, name) => new Stepwise(provider, name, watched), plugin: STEPWISE },
        )
        let lock: Pick<MailSpec, 'flattened' | 'chains'> = {}
        let before: readonly string[] = []
        for (const [week, now] of periods.entries()) {
          const relay: Zones = { 'relay.example': [`v=spf1 ${now.networks.join(' ')} -all`], ...LISTS }
          const { text } = await refreshLock({ ...specOf(now), ...lock }, dnsOf(relay), `2026-12-0${week + 1}`)
          lock = readLock(text) as typeof lock
          const moments = [spfIn(world)]
          watched.onChange = () => void moments.push(spfIn(world))
          const spec = { ...specOf(now), ...lock }
          await applied(world, await planned(world, spec))
          expect((await planned(world, spec)).zones).toEqual([])
          if (moments.at(-1)?.has('_spf1.example.com')) chains++
          if ((lock.chains?.get('example.com.' as Name) ?? []).some(({ retired }) => retired !== undefined)) moves++

          const after = [...now.own, ...now.networks.map(clientOf)]
          for (const ip of week === 0 ? [] : before.filter((one) => after.includes(one))) {
            const latest = pick([...moments.keys()])
            // A resolver asks anew at one moment, and has of other names what stood at any moment before.
            const dns = dnsOf({
              ...relay,
              ...Object.fromEntries(
                [...new Set(moments.flatMap((moment) => [...moment.keys()]))].flatMap((name) => {
                  const value =
                    moments[Math.min(pick([...moments.keys()]), latest)]?.get(name) ?? moments[latest]?.get(name)
                  return value === undefined ? [] : [[name, [value]]]
                }),
              ),
            })
            const { result, tree } = await checkHost({ ip, mailFrom: 'joe@example.com' }, dns)
            expect({ ip, result, tree }).toMatchObject({ ip, result: 'pass' })
          }
          before = after
        }
      },
    ),
    { numRuns: 60 },
  )
  expect(chains).toBeGreaterThan(20)
  expect(moves).toBeGreaterThan(8)
})
