import { describe, expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import type { RRset } from '../../records/rr/rrset.js'
import { rrset } from '../records/zone-fixtures.js'
import { planned, planText, problemLines } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const HEAD = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
`
const holding = (...rrsets: RRset[]) => worldOf({ one: { 'example.com.': rrsets } })
const alias = (name: string, target: string): RRset => ({
  type: 'CNAME',
  name: name as Name,
  ttl: 3600,
  rdata: [target as Name],
})

describe('a policy by CNAME', () => {
  const DOMAIN = (dmarc: string) => `${HEAD}domains: { example.com: { spf: false, dkim: false, dmarc: ${dmarc} } }`
  const CNAME = DOMAIN('{ cname: _dmarc.policies.example.com }')
  const theirs = alias('_dmarc.example.com.', '_dmarc.policies.example.com.')
  const policy = rrset('_dmarc.policies 3600 TXT v=DMARC1; p=reject')

  test('that somebody wrote is never replaced by a policy', async () => {
    const plan = await planText(await holding(theirs), DOMAIN('{ policy: reject }'))
    expect(plan.zones).toEqual([])
    expect(plan.problems).toMatchObject([
      { rule: 'cname-collision', hint: 'keep it with dmarc: { cname: _dmarc.policies.example.com }, or remove it' },
    ])
  })

  test('that mailsync wrote, or claimed, gives way to the policy the spec asks for', async () => {
    const memory = rrset('_mailsync 3600 TXT v=mailsync1; owner=default; kept.dmarc.CNAME=_dmarc')
    const plan = await planText(await holding(theirs, memory), DOMAIN('{ policy: reject, rua: [d@example.com] }'))
    expect(planned(plan)).toEqual([
      'one: - _dmarc.example.com. CNAME',
      'one: + _dmarc.example.com. TXT 3600 v=DMARC1; p=reject; rua=mailto:d@example.com',
    ])
  })

  test('is as wanted, and checked through', async () => {
    expect(problemLines(await planText(await holding(theirs, policy), CNAME))).toEqual([])
    const without = await planText(await holding(theirs), CNAME)
    expect(planned(without)).toEqual([])
    expect(problemLines(without)[0]).toContain(
      'dmarc-cname-without-policy: _dmarc.example.com leads to _dmarc.policies.example.com, which has no DMARC policy',
    )
    const two = rrset('_dmarc.policies 3600 TXT v=DMARC1; p=reject | v=DMARC1; p=none')
    expect(problemLines(await planText(await holding(theirs, two), CNAME))[0]).toContain('which has 2 DMARC policies')
    const wrong = rrset('_dmarc.policies 3600 TXT v=DMARC1; p=reject; sp=maybe')
    expect(problemLines(await planText(await holding(theirs, wrong), CNAME))[0]).toContain(
      'whose policy is wrong (RFC 9989',
    )
  })
})

describe('a host whose addresses are somebody else’s', () => {
  const SPEC = (addresses: string) => `${HEAD}
hosts: { www.example.com: { addresses: ${addresses}, publish: false, reverse: false, helo_spf: false } }
domains: { example.com: { mx: [www.example.com], dkim: false, dmarc: false } }`
  const web = rrset('www 300 A 203.0.114.10')

  test('is never written, nor deleted, and its TTL is its own', async () => {
    const memory = rrset('_mailsync 3600 TXT v=mailsync1; owner=default; kept.host.A=www')
    const plan = await planText(await holding(web, memory), SPEC('[203.0.114.10]'))
    expect(planned(plan).filter((line) => line.includes('www'))).toEqual([
      'one: + example.com. MX 3600 10 www.example.com.',
    ])
    expect(plan.problems.map(({ rule }) => rule)).toEqual(['reverse-off'])
  })

  test('that has other addresses in DNS is told', async () => {
    expect(problemLines(await planText(await holding(web), SPEC('[203.0.114.11, 2a00::1]')))[0]).toContain(
      'host-addresses-differ: www.example.com has other addresses in DNS than here, and mailsync does not write them (publish: false): it has not 203.0.114.11, 203.0.114.10 besides, not 2a00::1',
    )
  })

  test('that has none cannot receive mail', async () => {
    const { problems } = await planText(await holding(), SPEC('[203.0.114.10]'))
    expect(problems.map(({ rule }) => rule)).toEqual([
      'host-addresses-differ',
      'reverse-off',
      'mx-target-without-address',
    ])
  })
})

test('a wildcard does not answer for names that exist, which is told', async () => {
  const SPEC = `${HEAD}domains: { '*.example.com': { mx: [mx.example.net], spf: false } }`
  const plan = await planText(
    await holding(rrset('www 3600 A 203.0.114.1'), rrset('_x.deep 3600 TXT x'), rrset('own 3600 A 203.0.114.2'), {
      type: 'MX',
      name: 'own.example.com.' as Name,
      ttl: 3600,
      rdata: [{ preference: 10, exchange: 'mx.example.net.' as Name }],
    }),
    SPEC,
  )
  expect(planned(plan)).toEqual(['one: + *.example.com. MX 3600 10 mx.example.net.'])
  expect(problemLines(plan)).toEqual([
    'mailsync.yaml:3:35 wildcard-hidden: *.example.com does not answer for names that exist (RFC 4592 §2.2.1): mail for www.example.com goes to the addresses they have (example.com. one)',
  ])
})
