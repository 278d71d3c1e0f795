import { describe, expect, test } from 'vitest'
import type { RRset } from '../../records/rr/rrset.js'
import { refusals } from '../../src/apply/guards.js'
import { inOrder } from '../../src/apply/order.js'
import { planFaults } from '../../src/plan/faults/plan-faults.js'
import { ED25519_KEY } from '../fixtures/dkim-keys.js'
import { rrset } from '../records/zone-fixtures.js'
import { changeLine, planned, planText, problemLines } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const KEY = `v=DKIM1; k=ed25519; p=${ED25519_KEY}`
const SPEC = (key: string) => `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
domains: { example.com: { spf: { include: [r.example] }, dmarc: false, dkim: { keys: { s1: ${key} } } } }
`
const CNAME = SPEC('{ cname: s1.relay.example }')
const TXT = SPEC(`{ txt: "${KEY}" }`)
const spf = rrset('@ 3600 TXT v=spf1 include:r.example ~all')
const owned = (type: string) =>
  rrset(`_mailsync 3600 TXT v=mailsync1; owner=default; spf.TXT=@; dkim.${type}=s1._domainkey`)
const holding = (...rrsets: RRset[]) => worldOf({ one: { 'example.com.': [spf, ...rrsets] } })
const aliasAt = (target: string): RRset => ({
  type: 'CNAME',
  name: 's1._domainkey.example.com.' as RRset['name'],
  ttl: 3600,
  rdata: [target as RRset['name']],
})

test('a key is created, and what is there as wanted stays', async () => {
  expect(planned(await planText(await holding(), CNAME))).toEqual([
    'one: + s1._domainkey.example.com. CNAME 3600 s1.relay.example.',
  ])
  expect(planned(await planText(await holding(aliasAt('s1.relay.example.')), CNAME))).toEqual([])
  const spelt = rrset(`s1._domainkey 3600 TXT k=ed25519;p=${ED25519_KEY};`)
  expect(planned(await planText(await holding(spelt), TXT))).toEqual([])
})

test('a key that its holder has changed is changed here too', async () => {
  const before = rrset('s1._domainkey 3600 TXT v=DKIM1; k=ed25519; p=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')
  const plan = await planText(await holding(before, owned('TXT')), TXT)
  expect(planned(plan)).toEqual([`one: ~ s1._domainkey.example.com. TXT 3600 ${KEY}`])
  expect(problemLines(plan)).toEqual([])
})

describe.each([
  ['a TXT becomes a CNAME', CNAME, rrset(`s1._domainkey 3600 TXT ${KEY}`), 'TXT', 'CNAME 3600 s1.relay.example.'],
  ['a CNAME becomes a TXT', TXT, aliasAt('s1.relay.example.'), 'CNAME', `TXT 3600 ${KEY}`],
])('%s', (_, spec, before, type, after) => {
  test('in one step: what is in the way goes right before', async () => {
    const plan = await planText(await holding(before, owned(type)), spec)
    const [zone] = plan.zones
    expect(inOrder(zone?.changes.filter(({ manifest }) => !manifest) ?? []).map(changeLine)).toEqual([
      `- s1._domainkey.example.com. ${type}`,
      `+ s1._domainkey.example.com. ${after}`,
    ])
    expect(problemLines(plan)).toEqual([])
    expect(planFaults(plan)).toEqual([])
    expect(refusals(plan, { adopt: false, force: false })).toEqual([])
    expect(zone?.removed).toBe(0)
  })

  test('as an adoption where mailsync did not write it', async () => {
    const plan = await planText(await holding(before), spec)
    expect(planned(plan)).toHaveLength(2)
    expect(planFaults(plan)).toEqual([])
    expect(refusals(plan, { adopt: false, force: false }).map(({ guard }) => guard)).toEqual(['adopt'])
  })

  test('in a run limited to its domain too', async () => {
    const plan = await planText(await holding(before, owned(type)), spec, { domain: ['example.com'] })
    expect(planned(plan)).toHaveLength(2)
  })

  test('never where another owner wrote it', async () => {
    const theirs = rrset(`_mailsync 3600 TXT v=mailsync1; owner=other; dkim.${type}=s1._domainkey`)
    const plan = await planText(await holding(before, theirs), spec)
    expect(plan.zones).toEqual([])
    expect(plan.problems.map(({ rule }) => rule)).toContain('foreign-owner')
  })
})

test('a stranger’s value beside the key keeps a CNAME away', async () => {
  const shared = rrset(`s1._domainkey 3600 TXT ${KEY} | a note`)
  const plan = await planText(await holding(shared, owned('TXT')), CNAME)
  expect(plan.zones).toEqual([])
  expect(problemLines(plan)).toEqual([
    'mailsync.yaml:3:92 cname-collision: s1._domainkey.example.com. has TXT records, and a CNAME stands alone (RFC 1034 §3.6.2) (example.com. one)',
  ])
})

test('where a CNAME leads inside the zones is seen', async () => {
  const spec = SPEC('{ cname: s1.keys.example.com }')
  const rules = async (...rrsets: RRset[]) =>
    (await planText(await holding(...rrsets), spec)).problems.map((one) => one.rule)
  expect(await rules()).toEqual(['dkim-cname-without-key'])
  expect(await rules(rrset(`s1.keys 3600 TXT ${KEY}`))).toEqual([])
})
