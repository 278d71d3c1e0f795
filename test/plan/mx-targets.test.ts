import { describe, expect, test } from 'vitest'
import type { RRset } from '../../records/rr/rrset.js'
import { rrset } from '../records/zone-fixtures.js'
import { planText, problemLines } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const SPEC = (mx: string) => `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
domains:
  example.com:
    mx: [${mx}]
    spf: { addresses: [192.0.2.1] }
    dmarc: false
`

const problems = async (mx: string, ...held: readonly RRset[]): Promise<string[]> =>
  problemLines(await planText(await worldOf({ one: { 'example.com.': held } }), SPEC(mx)))

test('an MX that leads to a host with egress only is looked up, too', async () => {
  const spec = `${SPEC('nat.example.com')}hosts: { nat.example.com: { egress: [9.9.9.9], helo_spf: false } }\n`
  const plan = async (...held: RRset[]) => planText(await worldOf({ one: { 'example.com.': held } }), spec)
  expect(problemLines(await plan())).toContainEqual(expect.stringContaining('mx-target-without-address'))
  expect(problemLines(await plan(rrset('nat 60 A 9.9.9.9'))).join()).not.toContain('mx-target-without-address')
})

test('where two providers hold the zone, both must have the address', async () => {
  const spec = SPEC('mail.example.com').replace(
    'one: { class: memory }',
    'one: { class: memory }, two: { class: memory }',
  )
  for (const first of ['one', 'two']) {
    const second = first === 'one' ? 'two' : 'one'
    const world = await worldOf({
      [first]: { 'example.com.': [rrset('mail 60 A 192.0.2.1')] },
      [second]: { 'example.com.': [] },
    })
    const plan = await planText(world, spec.replace('targets: [one]', 'targets: [one, two]'))
    expect(problemLines(plan)).toEqual([expect.stringContaining('mx-target-without-address')])
  }
})

describe('an MX that leads to a name that is no host of the spec', () => {
  test('and is a CNAME in its zone, is an error where the MX is written', async () => {
    expect(await problems('mail.example.com', rrset('mail 60 CNAME host.example.net.'))).toEqual([
      'mailsync.yaml:5:10 mx-is-cname: mail.example.com is a CNAME, and an MX must not lead to one (RFC 2181 §10.3)',
    ])
  })

  test('and is below a DNAME, is an error that names the DNAME', async () => {
    const dname = { ...rrset('old 60 TXT x'), type: 'DNAME' } as unknown as RRset
    expect(await problems('mail.old.example.com', dname)).toEqual([
      'mailsync.yaml:5:10 mx-is-cname: mail.old.example.com is below old.example.com, a DNAME, which makes it a CNAME (RFC 6672 §3.1), and an MX must not lead to one (RFC 2181 §10.3)',
    ])
  })

  test('and has no address in its zone, is an error', async () => {
    expect(await problems('a.example.net, mail.example.com', rrset('mail 60 TXT hello'))).toEqual([
      'mailsync.yaml:5:25 mx-target-without-address: mail.example.com has no address, in its zone or in this spec',
    ])
  })

  test.each([
    ['an IPv4 address', rrset('mail 60 A 192.0.2.1')],
    ['an IPv6 address', rrset('mail 60 AAAA 2001:db8::1')],
    ['the address of a wildcard', rrset('* 60 A 192.0.2.1')],
  ])('and has %s there, is right', async (_, held) => {
    expect(await problems('mail.example.com', held)).toEqual([])
  })

  test('and lies below a delegation, is what the other name servers say', async () => {
    expect(await problems('mail.eu.example.com', rrset('eu 60 NS ns.example.net.'))).toEqual([])
  })

  test('and is a CNAME by a wildcard, is an error', async () => {
    expect(await problems('mail.example.com', rrset('* 60 CNAME host.example.net.'))).toEqual([
      expect.stringContaining('mx-is-cname'),
    ])
  })

  test('and exists without address below a wildcard, has none: a wildcard stands for names that do not exist', async () => {
    const held = [rrset('* 60 A 192.0.2.1'), rrset('mail 60 TXT hello')]
    expect(await problems('mail.example.com', ...held)).toEqual([expect.stringContaining('mx-target-without-address')])
    const below = [rrset('* 60 A 192.0.2.1'), rrset('a.mail 60 TXT hello')]
    expect(await problems('mail.example.com', ...below)).toEqual([expect.stringContaining('mx-target-without-address')])
  })

  test('and whose address this very plan would delete, is an error', async () => {
    const ours = [rrset('mail 60 A 192.0.2.1'), rrset('_mailsync 60 TXT v=mailsync1; owner=default; host.A=mail')]
    expect(await problems('mail.example.com', ...ours)).toEqual([expect.stringContaining('mx-target-without-address')])
  })

  test('and is in no zone here, is believed', async () => {
    expect(await problems('mail.example.net')).toEqual([])
  })
})
