import { describe, expect, test } from 'vitest'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { keyOf, type RRset } from '../../records/rr/rrset.js'
import { checkFreshness } from '../../src/apply/freshness.js'
import type { Plan } from '../../src/plan/plan.js'
import { parsePlan } from '../../src/plan/plan-schema.js'
import { rrset, ZONE } from '../records/zone-fixtures.js'
import { planText } from '../worlds/plan-text.js'
import { type World, worldOf } from '../worlds/world.js'

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

async function saved(): Promise<{
  world: World
  plan: Plan
  edit: (...rrsets: RRset[]) => void
  remove: (key: string) => void
}> {
  const world = await worldOf({ one: { 'example.com.': held } })
  const plan = parsePlan(JSON.parse(JSON.stringify(await planText(world, SPEC))))
  const zone = world.held.get('one')?.get(ZONE) as Map<string, RRset>
  return {
    world,
    plan,
    edit: (...rrsets) => {
      for (const one of rrsets) zone.set(keyOf(one), one)
    },
    remove: (key) => void zone.delete(key),
  }
}

const check = ({ providers }: World, plan: Plan) =>
  checkFreshness(plan, { providers, parallel: 2, signal: new AbortController().signal })

describe('a saved plan', () => {
  test('is fresh as long as nobody touched what it changes', async () => {
    const { world, plan, edit, remove } = await saved()
    edit(rrset('www 60 A 192.0.2.99'), rrset('new 60 A 192.0.2.5'), rrset('@ 60 CAA x'.replace('CAA', 'NS')))
    remove('www.example.com. A')
    expect(await check(world, plan)).toEqual({ stale: [], failures: [] })
  })

  test.each([
    ['changed a value', rrset('mail 60 A 192.0.2.2'), 'mail.example.com. A', 'it was changed'],
    ['changed a TTL', rrset('mail 61 A 192.0.2.1'), 'mail.example.com. A', 'it was changed'],
    ['added a value', rrset('@ 60 TXT google=1 | MS=2'), 'example.com. TXT', 'it was changed'],
    ['created what it is to create', rrset('@ 60 MX 10 x.example.'), 'example.com. MX', 'it was created'],
    [
      'wrote the manifest',
      rrset('_mailsync 60 TXT v=mailsync1; owner=other; mx.MX=@'),
      '_mailsync.example.com. TXT',
      'it was changed',
    ],
  ])('is stale where somebody %s, and says which record', async (_, rrsetNow, record, found) => {
    const { world, plan, edit } = await saved()
    edit(rrsetNow)
    expect((await check(world, plan)).stale).toEqual([{ zone: 'example.com.', provider: 'one', record, found }])
  })

  test.each<[string, RRset, string[]]>([
    [
      'put a CNAME where it creates',
      rrset('mx 60 CNAME elsewhere.example.'),
      ['mx.example.com. A: a CNAME was put at its name'],
    ],
    [
      'delegated what is above it',
      rrset('mx 60 NS ns.example.'),
      ['mx.example.com. A: mx.example.com. was delegated to other name servers'],
    ],
  ])('is stale where somebody %s', async (_, rrsetNow, lines) => {
    const { world, edit } = await saved()
    const plan = await planText(
      world,
      `${SPEC}hosts: { mx.example.com: { addresses: [192.0.2.5], reverse: false, helo_spf: false } }\n`,
    )
    edit(rrsetNow)
    expect((await check(world, plan)).stale.map(({ record, found }) => `${record}: ${found}`)).toEqual(lines)
  })

  test('that takes a stranger’s value for ours is stale', async () => {
    const { world, edit } = await saved()
    edit(rrset('@ 60 TXT google=1 | v=spf1 -all'))
    const plan = JSON.parse(JSON.stringify(await planText(world, SPEC)).replace('"adopts":true', '"adopts":false'))
    expect((await check(world, plan as Plan)).stale).toMatchObject([
      { record: 'example.com. TXT', found: expect.stringContaining('mailsync did not write') },
    ])
  })

  test('is stale where what it is to delete is gone', async () => {
    const { world, plan, remove } = await saved()
    remove('mail.example.com. A')
    expect((await check(world, plan)).stale).toMatchObject([{ record: 'mail.example.com. A', found: 'it is gone' }])
  })

  test('is not judged where a zone cannot be read, or its provider left the spec', async () => {
    const { world, plan } = await saved()
    world.held.get('one')?.delete(ZONE as Name)
    expect(await check(world, plan)).toMatchObject({ stale: [], failures: [{ code: 'zone-not-found', zone: ZONE }] })
    expect(await check({ ...world, providers: new Map() }, plan)).toMatchObject({
      failures: [{ code: 'usage', message: 'the spec has no provider one any more' }],
    })
  })

  test('that is stale is refused by the provider too, record by record', async () => {
    const { world, plan, edit } = await saved()
    edit(rrset('mail 60 A 192.0.2.2'))
    const provider = world.providers.get('one')?.provider
    const changes = plan.zones[0]?.changes.filter(({ kind }) => kind === 'delete') as never
    const { applied, failure } = (await provider?.write(ZONE, changes, new AbortController().signal)) ?? {}
    expect({ applied, failure }).toEqual({ applied: [], failure: expect.any(MailsyncError) })
    expect(failure?.code).toBe('stale')
  })
})
