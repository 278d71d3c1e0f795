import { expect, test } from 'vitest'
import { rrset } from '../../records/zone-fixtures.js'
import { comments, imported } from '../imported.js'

const MAIL = [
  '@ 3600 MX 10 mail.example.com.',
  '@ 3600 TXT v=spf1 ip4:192.0.2.10 ~all',
  '_dmarc 3600 TXT v=DMARC1; p=reject',
  'mail 3600 A 192.0.2.10',
]

/** A zone example.com of RRsets, one a text. */
const zone = (...texts: string[]) => ({ 'example.com.': [...MAIL, ...texts].map(rrset) })

const AT_APEX = [
  '0 ISSUE "letsencrypt.org"',
  '0 issue "pki.goog; validationmethods=dns-01,http-01"',
  '0 issuewild ";"',
  '0 issuemail "sectigo.com"',
  '0 iodef "mailto:pki@example.com"',
  '0 contactemail "pki@example.com"',
  '128 tbs "Unknown"',
  '0 issue "digicert.com; cansignhttpexchanges=yes"',
].join(' | ')

test('CAA of a domain and of a host are taken up; what a spec does not say stays', async () => {
  const { bare, text, changes, plan } = await imported(
    zone(
      `@ 300 CAA ${AT_APEX}`,
      'mail 3600 CAA 128 issue "letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/1"',
    ),
    ['example.com.'],
  )
  expect(bare).toContain(`
  mail.example.com:
    addresses: [192.0.2.10]
    reverse: manual
    helo_spf: false
    caa:
      issue: [{ ca: letsencrypt.org, accounturi: https://acme-v02.api.letsencrypt.org/acme/acct/1 }]
      critical: true
domains:`)
  expect(bare).toContain(`
    caa:
      issue: [letsencrypt.org, { ca: pki.goog, validationmethods: [dns-01, http-01] }]
      issuewild: none
      issuemail: [sectigo.com]
      iodef: mailto:pki@example.com`)
  expect(comments(text)).toContain('These CAA values stay as they are: a spec does not say them.')
  expect(comments(text)).toContain('0 contactemail "pki@example.com"')
  expect(changes).toEqual([])
  expect(plan.zones[0]?.claimed.filter(({ purpose }) => purpose === 'caa')).toHaveLength(6)
})

test('CAA that cannot be written stay as they are', async () => {
  const { bare, changes, text } = await imported(
    zone('sub 3600 NS ns.example.net.', 'sub 3600 CAA 0 issue "letsencrypt.org"', 'sub 3600 MX 10 mail.example.com.'),
    ['example.com.', 'sub.example.com.'],
  )
  expect(bare).not.toContain('caa:')
  expect(comments(text)).toContain('The CAA stay as they are')
  expect(changes).toEqual([])
})

const KEY = 'ab'.repeat(32)

test('TLSA of a host are taken up where all its ports have the same, as they are written', async () => {
  const both = `3 1 1 ${KEY} | 2 1 1 ${'cd'.repeat(32)}`
  const { bare, changes, text } = await imported(
    zone(`_25._tcp.mail 300 TLSA ${both}`, `_465._tcp.mail 300 TLSA ${both}`, `_993._tcp.mail 300 TLSA 3 1 1 ${KEY}`),
    ['example.com.'],
  )
  expect(bare).toContain(`
    tlsa:
      records:
        - 2 1 1 ${'cd'.repeat(32)}
        - 3 1 1 ${KEY}
      ports: [25, 465]
    ttl: { default: 300, a: 3600 }`)
  expect(comments(text)).toContain('These TLSA stay as they are')
  expect(changes).toEqual([])
})

test('TLSA at port 25 alone are a list', async () => {
  const { bare, changes } = await imported(zone(`_25._tcp.mail 3600 TLSA 3 1 1 ${KEY}`), ['example.com.'])
  expect(bare).toContain(`    tlsa: [3 1 1 ${KEY}]\n`)
  expect(changes).toEqual([])
})
