import { describe, expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import { keyOf, type RRset } from '../../records/rr/rrset.js'
import { reviewedPart, zonesToRead } from '../../src/apply/reviewed-plan.js'
import type { Plan } from '../../src/plan/plan.js'
import { parsePlan } from '../../src/plan/plan-schema.js'
import { rrset, ZONE } from '../records/zone-fixtures.js'
import { planText } from '../worlds/plan-text.js'
import { type World, worldOf } from '../worlds/world.js'
import { apply, outcomes } from './applied.js'

const SPEC = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
defaults: { dkim: false, dmarc: false }
domains: { example.com: { mx: none, spf: { addresses: [198.51.100.1] } } }
`
const held = [
  rrset('@ 60 TXT google=1'),
  rrset('mail 60 A 192.0.2.1'),
  rrset('www 60 A 192.0.2.80'),
  rrset('_mailsync 60 TXT v=mailsync1; owner=default; host.A=mail'),
]

const saved = (plan: Plan): Plan => parsePlan(JSON.parse(JSON.stringify(plan)))

/** A plan that was saved, and what becomes of it once somebody has put and removed some RRsets. */
async function reviewed(put: readonly RRset[], removed: readonly string[] = [], spec = SPEC) {
  const world = await worldOf({ one: { 'example.com.': held } })
  const plan = saved(await planText(world, spec))
  const zone = world.held.get('one')?.get(ZONE) as Map<string, RRset>
  for (const one of put) zone.set(keyOf(one), one)
  for (const key of removed) zone.delete(key)
  const part = reviewedPart(plan, await planText(world, spec))
  return { world, plan, part, stale: part.stale.map(({ message }) => message) }
}

describe('a reviewed plan', () => {
  test('is carried out as long as nobody touched what it changes', async () => {
    const { plan, part, stale } = await reviewed(
      [rrset('www 60 A 192.0.2.99'), rrset('new 60 A 192.0.2.5'), rrset('@ 60 NS ns.example.')],
      ['www.example.com. A'],
    )
    expect(stale).toEqual([])
    expect(part.plan.zones).toEqual(plan.zones)
  })

  test.each([
    ['changed a value', rrset('mail 60 A 192.0.2.2'), 'mail.example.com. A: DNS holds something else now'],
    ['changed a TTL', rrset('mail 61 A 192.0.2.1'), 'mail.example.com. A: DNS holds something else now'],
    ['added a value', rrset('@ 60 TXT google=1 | MS=2'), 'example.com. TXT: DNS holds something else now'],
    ['created what it is to create', rrset('@ 60 MX 10 x.example.'), 'example.com. MX: DNS holds something else now'],
  ])('is stale where somebody %s, and says which record', async (_, now, line) => {
    expect((await reviewed([now])).stale).toEqual([line])
  })

  test('is stale where what it is to delete is gone', async () => {
    const { stale } = await reviewed([], ['mail.example.com. A'])
    expect(stale).toEqual(['mail.example.com. A: it is so already, or the spec does not ask for it'])
  })

  test('that takes a stranger’s value for ours is stale', async () => {
    const world = await worldOf({ one: { 'example.com.': [...held, rrset('@ 60 MX 10 x.example.')] } })
    const fresh = await planText(world, SPEC)
    const edited = saved(JSON.parse(JSON.stringify(fresh).replace('"adopts":true', '"adopts":false')))
    expect(reviewedPart(edited, fresh).stale).toMatchObject([
      { message: expect.stringContaining('mailsync did not write') },
    ])
  })

  test('is stale where its zone cannot be read', async () => {
    const world = await worldOf({ one: { 'example.com.': held } })
    const plan = saved(await planText(world, SPEC))
    world.held.get('one')?.delete(ZONE as Name)
    expect(reviewedPart(plan, await planText(world, SPEC)).stale).toMatchObject([{ zone: ZONE }])
  })
})

describe('what leads to a zone that nobody reviewed', () => {
  const TWO = `providers: { one: { class: memory } }
zones: { a.example: { targets: [one] }, b.example: { targets: [one] }, c.example: { targets: [one] } }
defaults: { dkim: false, dmarc: false, spf: { addresses: [198.51.100.1] } }
hosts: { mail.b.example: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
domains: { a.example: { mx: [mail.b.example] }, c.example: { mx: [mx.example.org] } }
`
  const world = (): Promise<World> => worldOf({ one: { 'a.example.': [], 'b.example.': [], 'c.example.': [] } })

  test('is not written, and all else is', async () => {
    const there = await world()
    const fresh = await planText(there, TWO)
    const cut = { ...fresh, zones: fresh.zones.filter(({ zone }) => zone !== 'b.example.') }
    const { plan, stale, unreviewed } = reviewedPart(cut, fresh)
    expect(stale).toEqual([])
    expect(unreviewed).toMatchObject([{ zone: 'b.example.', code: 'plan-unreviewed' }])
    expect(outcomes(await apply(there, plan, { unreviewed }))).toMatchObject([
      { zone: 'a.example.', applied: [], failure: 'held-back' },
      { zone: 'c.example.', pending: [] },
    ])
  })

  test('is found by reading the zones the changes lead to, and no others', async () => {
    const there = await world()
    const fresh = await planText(there, TWO)
    const only = { ...fresh, zones: fresh.zones.filter(({ zone }) => zone === 'a.example.') }
    expect(
      zonesToRead(only, {
        zones: new Map(fresh.zones.map(({ zone }) => [zone, { targets: ['one'], from: [] }])),
        hosts: [],
      }),
    ).toEqual(['a.example.', 'b.example.'])
  })
})
