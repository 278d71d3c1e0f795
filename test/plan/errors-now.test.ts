import { expect, test } from 'vitest'
import { ED25519_KEY } from '../fixtures/dkim-keys.js'
import { rrset } from '../records/zone-fixtures.js'
import { planText } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const SPEC = `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] } }
domains:
  example.com:
    mx: [mx.example.net]
    spf: { include: [_spf.example.net], all: fail }
    dkim: { keys: { s1: { txt: "v=DKIM1; k=ed25519; p=${ED25519_KEY}" } } }
    dmarc: { policy: reject, rua: [d@example.com] }
    mta_sts: { id: "2" }
    tls_rpt: { rua: [t@example.com] }
    bimi: { location: https://example.com/b.svg }
`

test.each([
  [
    '@ 3600 TXT v=spf1 include:_spf.example.net ipv4:192.0.2.1 -all | a stranger',
    'what example.com has as SPF now is in error, so receivers answer permerror and heed nothing of it: "ipv4:192.0.2.1": RFC 7208 knows no such term (RFC 7208 §4.6.1). With this plan they find v=spf1 include:_spf.example.net -all',
  ],
  [
    '@ 3600 TXT v=spf1 include:_spf.example.net -all | v=spf1 mx -all',
    'what example.com has as SPF now is in error, so receivers answer permerror and heed nothing of it: there are 2 of them (RFC 7208 §4.5). With this plan',
  ],
  ['s1._domainkey 3600 TXT v=DKIM1; p=!', 'so what is signed with it fails: p= is not base64 (RFC 6376 §3.6.1)'],
  ['_dmarc 3600 TXT v=DMARC1; pp=reject', 'so receivers apply no policy: '],
  ['_mta-sts 3600 TXT v=STSv1; id=2024-01', 'so senders see no MTA-STS policy: id=2024-01: '],
  ['_smtp._tls 3600 TXT v=TLSRPTv1; rua=t@example.com', 'so nobody sends reports: t@example.com in rua: '],
  ['default._bimi 3600 TXT v=BIMI1; l=http://example.com/b.svg', 'so no logo is shown: l=http://example.com/b.svg: '],
])('%s is in error today: the plan says so, and what receivers will find', async (held, told) => {
  const plan = await planText(await worldOf({ one: { 'example.com.': [rrset(held)] } }), SPEC)
  const found = plan.problems.filter(({ rule }) => rule === 'in-error-now')
  expect(found).toMatchObject([{ severity: 'note', message: expect.stringContaining(told), zone: 'example.com.' }])
  expect(plan.zones.flatMap(({ claimed }) => claimed)).toEqual([])
})

test('what is only worded otherwise, or revoked, is not in error', async () => {
  const sound = [
    rrset('@ 3600 TXT v=spf1 mx ~all'),
    rrset('s1._domainkey 3600 TXT v=DKIM1; p='),
    rrset('_dmarc 3600 TXT v=DMARC1;p=none'),
  ]
  const plan = await planText(await worldOf({ one: { 'example.com.': sound } }), SPEC)
  expect(plan.problems.map(({ rule }) => rule)).not.toContain('in-error-now')
})
