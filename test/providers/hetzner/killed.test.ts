import { expect, test } from 'vitest'
import { connectHetzner } from '../../../providers/hetzner/connection.js'
import { plugin } from '../../../providers/hetzner/index.js'
import type { ProviderPlugin } from '../../../providers/provider.js'
import type { RawSpec } from '../../../src/config/schema.js'
import type { Connected } from '../../../src/connect/connect.js'
import type { Plan } from '../../../src/plan/plan.js'
import { apply } from '../../apply/applied.js'
import { FakeHetzner, TOKEN } from '../../fakes/hetzner/hetzner.js'
import { ZONE } from '../../fakes/hetzner/story.js'
import { planRaw } from '../../worlds/plan-raw.js'
import type { World } from '../../worlds/world.js'

const held = [
  { value: '"google-site-verification=abc"', comment: 'ask Ada' },
  { value: '"path=/a" "q=1"', comment: null },
]
const address = { name: 'www', type: 'A', records: [{ value: '192.0.2.80', comment: null }] }
const apex = { name: '@', type: 'TXT', records: held }

function specWith(domains: RawSpec['domains'], hosts: RawSpec['hosts']): RawSpec {
  return {
    providers: { hetzner: { class: 'hetzner' } },
    zones: { 'example.com.': { targets: ['hetzner'] } },
    hosts,
    domains,
  }
}

const dkim = false
const dmarc = { policy: 'none' } as const
const first = specWith(
  { 'example.com': { mx: ['mail.example.com'], dkim, dmarc }, 'news.example.com': { mx: ['mail.example.com'], dkim } },
  { 'mail.example.com': { addresses: ['192.0.2.10'], reverse: false } },
)
const second = specWith(
  { 'example.com': { mx: ['mail.example.com'], dkim, dmarc: { policy: 'reject' } } },
  { 'mail.example.com': { addresses: ['192.0.2.11', '2001:db8::11'], reverse: false } },
)
const nothing = specWith({}, {})

function begin(): FakeHetzner {
  const fake = new FakeHetzner()
  fake.addZone('example.com').put(apex, address)
  return fake
}

/** A run of its own, which knows nothing of those before it. */
function world(): World {
  const provider = connectHetzner({ token: TOKEN }, { zones: [ZONE] }, { pause: async () => {}, retries: 0 })
  const connected: Connected = { name: 'hetzner', plugin: plugin as ProviderPlugin, provider }
  return { providers: new Map([['hetzner', connected]]), held: new Map(), lines: () => [] }
}

async function run(raw: RawSpec): Promise<Plan> {
  const one = world()
  const plan = await planRaw(one, raw)
  await apply(one, plan)
  return plan
}

/** From this call on the machine is dead: what has left it is carried out. */
async function killedAt(fake: FakeHetzner, call: number, raw: RawSpec): Promise<void> {
  for (let number = call; number < call + 300; number++)
    fake.faultAt(number, number === call ? 'cut-after' : 'cut-before')
  await run(raw)
  fake.mend()
  fake.settle()
}

async function callsOf(earlier: readonly RawSpec[], raw: RawSpec): Promise<number> {
  const fake = begin()
  for (const one of earlier) await run(one)
  const before = fake.calls.length
  await run(raw)
  fake.close()
  return fake.calls.length - before
}

test.each<[string, RawSpec[], RawSpec]>([
  ['the first apply', [], first],
  ['an apply that changes, adds and removes', [first], second],
  ['an apply that takes all away', [first], nothing],
])('%s, killed at every third call and run again, ends as if nothing had been', async (_, earlier, raw) => {
  const calls = await callsOf(earlier, raw)
  expect(calls).toBeGreaterThan(10)
  for (let call = 1; call <= calls; call += 3) {
    const fake = begin()
    try {
      for (const one of earlier) await run(one)
      await killedAt(fake, call, raw)
      const plan = await run(raw)
      expect(
        plan.zones.flatMap(({ changes }) => changes.filter(({ edits }) => edits.some(({ adopts }) => adopts))),
        `call ${call}`,
      ).toEqual([])
      expect(
        (await run(raw)).zones.flatMap(({ changes }) => changes),
        `call ${call}`,
      ).toEqual([])
      await run(nothing)
      const { rrsets = [] } = fake.zones[0] ?? {}
      expect(rrsets, `call ${call}`).toEqual(
        expect.arrayContaining([expect.objectContaining(apex), expect.objectContaining(address)]),
      )
      expect(rrsets, `call ${call}`).toHaveLength(2)
    } finally {
      fake.close()
    }
  }
})
