import { describe, expect, test } from 'vitest'
import { MailsyncError } from '../../records/error.js'
import type { RRset } from '../../records/rr/rrset.js'
import { keyOf } from '../records/compile/compiled.js'
import { rrset } from '../records/zone-fixtures.js'
import { planned, planText, problemLines } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const SPEC = (dkim: string) => `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] }, example.net: { targets: [one] } }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
domains: { example.com: { mx: [mail.example.com], dkim: ${dkim}, dmarc: false } }
`
const manifest = rrset('_mailsync 3600 TXT v=mailsync1; owner=default; dkim.TXT=s1._domainkey')
const zoneWith = (...rrsets: RRset[]) => worldOf({ one: { 'example.com.': rrsets, 'example.net.': [] } })
const held = () => zoneWith(rrset('s1._domainkey 3600 TXT v=DKIM1; k=rsa; p=MIIB'), manifest)
const LOST =
  'mailsync.yaml:4:57 dkim-keys-lost: s1._domainkey.example.com. is in DNS and was written by mailsync, but the key store does not know it (example.com. one)'
const one = '{ algorithms: [rsa-2048] }'
const s1 = (publicKey: string) => ({ keys: [keyOf('example.com.', 's1', { publicKey })] })
const rulesOf = (plan: Parameters<typeof problemLines>[0]) => plan.problems.map(({ rule }) => rule)

describe('a key that is in DNS and not in the key store', () => {
  test.each([
    ['a run over everything', {}],
    ['a run over this domain', { domain: ['example.com'] }],
    ['a run over this zone', { zone: ['example.com'] }],
  ])('stops its zone in %s, and no other key is made for it', async (_, selection) => {
    const plan = await planText(await held(), SPEC('{}'), selection)
    expect(problemLines(plan)).toContain(LOST)
    expect(plan).toMatchObject({ zones: [], keys: [] })
  })

  test('goes with dkim: false, as was asked', async () => {
    expect(planned(await planText(await held(), SPEC('false')))).toContain('one: - s1._domainkey.example.com. TXT')
  })

  test('is nothing that was lost where it was there before mailsync: it stays, whatever is made', async () => {
    const claimed = rrset('_mailsync 3600 TXT v=mailsync1; owner=default; kept.dkim.TXT=s1._domainkey')
    const world = await zoneWith(rrset('s1._domainkey 3600 TXT v=DKIM1; k=rsa; p=MIIB'), claimed)
    const plan = await planText(world, SPEC('{}'))
    expect(rulesOf(plan)).not.toContain('dkim-keys-lost')
    expect(plan.keys).toHaveLength(2)
    expect(planned(plan).filter((line) => line.includes('- s1._domainkey'))).toEqual([])
  })

  test('harms nobody when it is revoked there', async () => {
    const world = await zoneWith(rrset('s1._domainkey 3600 TXT v=DKIM1; p='), manifest)
    const plan = await planText(world, SPEC('{}'))
    expect(rulesOf(plan)).not.toContain('dkim-keys-lost')
    expect(plan.keys).toHaveLength(2)
  })
})

test('a key that is in both stays', async () => {
  const plan = await planText(await held(), SPEC(one), s1('MIIB'))
  expect(rulesOf(plan)).not.toContain('dkim-keys-lost')
  expect(planned(plan).filter((line) => line.includes('_domainkey'))).toEqual([])
})

describe('a published key', () => {
  test('is not replaced by another one under its selector', async () => {
    const plan = await planText(await held(), SPEC(one), s1('OTHER'))
    expect(problemLines(plan)).toContain(
      'mailsync.yaml:4:57 dkim-key-changed: s1._domainkey.example.com. is published with another key than the key store has; mail signed with it would fail (example.com. one)',
    )
    expect(plan.zones).toEqual([])
    expect(plan.problems.find(({ rule }) => rule === 'dkim-key-changed')?.hint).toContain(
      'keys/example.com/public.json',
    )
  })

  test('is revoked, and brought back, as its state says', async () => {
    const revoked = await planText(await held(), SPEC(one), {
      keys: [keyOf('example.com.', 's1', { state: 'revoked' }), keyOf('example.com.', 's2')],
    })
    expect(planned(revoked)).toContain('one: ~ s1._domainkey.example.com. TXT 3600 v=DKIM1; k=rsa; p=')
    const world = await zoneWith(rrset('s1._domainkey 3600 TXT v=DKIM1; k=rsa; p='), manifest)
    expect(planned(await planText(world, SPEC(one), s1('MIIB')))).toContain(
      'one: ~ s1._domainkey.example.com. TXT 3600 v=DKIM1; k=rsa; p=MIIB',
    )
  })

  test('may be written in another way', async () => {
    const world = await zoneWith(rrset('s1._domainkey 3600 TXT v=DKIM1; p=MI IB; k=rsa'), manifest)
    expect(planned(await planText(world, SPEC(one), s1('MIIB')))).toContain(
      'one: ~ s1._domainkey.example.com. TXT 3600 v=DKIM1; k=rsa; p=MIIB',
    )
  })
})

test.each(['TXT v=DKIM1; p=THEIRS', 'CNAME s202611.relay.example.'])(
  'no key is made for a selector under which somebody else has one: %s',
  async (rdata) => {
    const plan = await planText(await zoneWith(rrset(`s202611._domainkey 60 ${rdata}`)), SPEC('{}'))
    expect(rulesOf(plan)).toContain('dkim-selector-taken')
    expect(plan).toMatchObject({ zones: [], keys: [] })
  },
)

test.each([
  ['NS ns.signer.example.', 'below-delegation'],
  ['DNAME keys.signer.example.', 'below-dname'],
])('no key is made that nobody would see, below _domainkey %s', async (rdata, rule) => {
  const plan = await planText(await zoneWith(rrset(`_domainkey 60 ${rdata}`)), SPEC('{}'))
  expect(rulesOf(plan)).toContain(rule)
  expect(plan).toMatchObject({ zones: [], keys: [] })
})

describe('keys are made only', () => {
  test('for zones the run is about', async () => {
    expect((await planText(await zoneWith(), SPEC('{}'), { zone: ['example.net'] })).keys).toEqual([])
    expect((await planText(await zoneWith(), SPEC('{}'), { zone: ['example.com'] })).keys).toHaveLength(2)
  })

  test('for zones that could be read', async () => {
    const world = await worldOf(
      { one: { 'example.com.': [], 'example.net.': [] } },
      {
        wrap: (provider) => ({
          ...provider,
          read: (zone, signal) =>
            zone === 'example.com.'
              ? Promise.reject(new MailsyncError('unavailable', 'no answer'))
              : provider.read(zone, signal),
        }),
      },
    )
    const plan = await planText(world, SPEC('{}'))
    expect(plan.failures).toHaveLength(1)
    expect(plan.keys).toEqual([])
  })
})

test('the successor of a revoked key has the next selector that is free', async () => {
  const keys = [
    keyOf('example.com.', 's202611', { state: 'revoked' }),
    keyOf('example.com.', 's202611b', { state: 'revoked' }),
  ]
  const plan = await planText(await zoneWith(), SPEC('{}'), { keys })
  expect(plan.keys.map(({ selector }) => selector)).toEqual(['s202611c', 's202611-ed25519'])
})
