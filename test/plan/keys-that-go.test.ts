import { describe, expect, test } from 'vitest'
import type { RRset } from '../../records/rr/rrset.js'
import { keyOf } from '../records/compile/compiled.js'
import { rrset } from '../records/zone-fixtures.js'
import { planText, type problemLines } from '../worlds/plan-text.js'
import { worldOf } from '../worlds/world.js'

const SPEC = (dkim: string) => `providers: { one: { class: memory } }
zones: { example.com: { targets: [one] }, example.net: { targets: [one] } }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
domains: { example.com: { mx: [mail.example.com], dkim: ${dkim}, dmarc: false } }
`
const zoneWith = (slots: string, ...rrsets: RRset[]) => {
  const manifest = rrset(`_mailsync 3600 TXT v=mailsync1; owner=default; ${slots}`)
  return worldOf({ one: { 'example.com.': [...rrsets, manifest], 'example.net.': [] } })
}
const s1 = () => zoneWith('dkim.TXT=s1._domainkey', rrset('s1._domainkey 3600 TXT v=DKIM1; k=rsa; p=MIIB'))
const key = (state: 'signing' | 'gone') => ({ keys: [keyOf('example.com.', 's1', { publicKey: 'MIIB', state })] })
const warnings = (plan: Parameters<typeof problemLines>[0]) =>
  plan.problems.filter(({ rule }) => rule === 'dkim-key-leaves')

describe('a key that leaves DNS while mail that it signed may be under way', () => {
  test('is named where dkim: false is said of a domain whose key signs', async () => {
    const plan = await planText(await s1(), SPEC('false'), key('signing'))
    expect(warnings(plan)).toMatchObject([
      {
        severity: 'warning',
        message: expect.stringContaining('s1 of example.com; mail signed so'),
        hint: expect.stringContaining('keep dkim as it was'),
      },
    ])
  })

  test('is no matter where a rotation came to its end', async () => {
    expect(warnings(await planText(await s1(), SPEC('false'), key('gone')))).toEqual([])
  })

  test('nor where it is revoked', async () => {
    const revoked = await zoneWith('dkim.TXT=s1._domainkey', rrset('s1._domainkey 3600 TXT v=DKIM1; k=rsa; p='))
    expect(warnings(await planText(revoked, SPEC('false')))).toEqual([])
  })

  test('comes with the words that keep it, where somebody else holds it', async () => {
    const plan = await planText(await s1(), SPEC('false'))
    expect(warnings(plan)).toMatchObject([{ hint: expect.stringContaining('keys: { s1: { txt: "v=DKIM1; …" } }') }])
    const text = `v=DKIM1; k=ed25519; p=${'A'.repeat(43)}=`
    const there = await zoneWith('dkim.TXT=s1._domainkey', rrset(`s1._domainkey 3600 TXT ${text}`))
    expect(warnings(await planText(there, SPEC(`{ keys: { s1: { txt: "${text}" } } }`)))).toEqual([])
  })

  test('leads to a zone of keys: all selectors are told in one warning, and the words that keep them', async () => {
    const selectors = ['r1', 'r2', 'r3', 'r4', 'r5']
    const leading = await zoneWith(
      `dkim.CNAME=${selectors.map((selector) => `${selector}._domainkey`).join(',')}`,
      ...selectors.map((selector) =>
        rrset(`${selector}._domainkey 3600 CNAME ${selector}._domainkey.keys.example.org.`),
      ),
    )
    const plan = await planText(leading, SPEC('{ keys: { r2: { cname: r2._domainkey.keys.example.org } } }'))
    expect(warnings(plan)).toMatchObject([
      {
        message: expect.stringContaining('r1 of example.com, r3 of example.com, r4 of example.com and 1 more'),
        hint: expect.stringContaining('r1: { cname: r1._domainkey.keys.example.org }'),
      },
    ])
  })

  test('is kept by its text where the key that a CNAME leads to goes as well', async () => {
    const both = await zoneWith(
      'dkim.CNAME=r1._domainkey; dkim.TXT=r1._domainkey.keys',
      rrset('r1._domainkey 3600 CNAME r1._domainkey.keys.example.com.'),
      rrset('r1._domainkey.keys 3600 TXT v=DKIM1; k=rsa; p=MIIB'),
    )
    expect(warnings(await planText(both, SPEC('false')))).toMatchObject([
      {
        message: expect.stringContaining('r1 of example.com, r1 of keys.example.com'),
        hint: expect.stringContaining('keys: { r1: { txt: "v=DKIM1; …" } }'),
      },
    ])
  })
})
