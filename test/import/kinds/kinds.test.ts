import { expect, test } from 'vitest'
import { ED25519_KEY, RSA_KEYS } from '../../fixtures/dkim-keys.js'
import { comments, imported } from '../imported.js'

const domainsIn = (bare: string): string => bare.slice(bare.indexOf('domains:'))

test('keys of others are taken up with their tags and TTLs, and the plan is empty', async () => {
  const { bare, changes, plan } = await imported(
    {
      'example.com.': `
@ TXT "v=spf1 include:relay.example -all"
s1._domainkey 300 CNAME s1.dkim.relay.example.
s2._domainkey CNAME s2.dkim.relay.example.
mail._domainkey TXT "v=DKIM1; k=rsa; h=sha256; s=email; t=s:y; n=note; p=${RSA_KEYS[2048]}"
ed._domainkey TXT "k=ed25519;p=${ED25519_KEY}"
*._domainkey TXT "v=DKIM1;p="
_dmarc CNAME _dmarc.policies.example.
`,
    },
    ['example.com.'],
  )
  expect(domainsIn(bare)).toBe(`domains:
  example.com:
    spf: { include: [relay.example], all: fail }
    dkim:
      keys:
        ed: { txt: k=ed25519;p=${ED25519_KEY} }
        mail:
          txt: v=DKIM1; k=rsa; h=sha256; s=email; t=s:y; n=note; p=${RSA_KEYS[2048]}
        s1: { cname: s1.dkim.relay.example, ttl: 300 }
        s2: { cname: s2.dkim.relay.example }
      wildcard: revoked
    dmarc: { cname: _dmarc.policies.example }`)
  expect(changes).toEqual([])
  expect(plan.zones.map(({ claimed }) => claimed.length)).toEqual([7])
})

test('a wildcard, and an SPF that others include, come with their domain', async () => {
  const { bare, changes } = await imported(
    {
      'example.com.': `
@ TXT "v=spf1 include:_spf.example.com -all"
* MX 10 mx.example.net.
* TXT "v=spf1 -all"
_spf TXT "v=spf1 ip4:192.0.2.0/24 a:web.example.net ?all"
_other TXT "no SPF"
www A 192.0.2.1
`,
    },
    ['example.com.'],
  )
  expect(domainsIn(bare)).toBe(`domains:
  example.com:
    spf: { include: [_spf.example.com], all: fail }
    dmarc: false
  '*.example.com':
    mx: [mx.example.net]
    spf: { all: fail }
  _spf.example.com:
    spf: { addresses: [192.0.2.0/24], terms: [a:web.example.net], all: neutral }`)
  expect(changes).toEqual([])
})

test('a host that only an SPF names may be a web site: its addresses are seen, and not claimed', async () => {
  const { bare, text, plan, changes } = await imported(
    { 'example.com.': '@ TXT "v=spf1 ip4:192.0.2.7 a:www.example.com -all"\nwww A 192.0.2.10\n' },
    ['example.com.'],
  )
  expect(bare).toContain('  www.example.com:\n    addresses: [192.0.2.10]\n    publish: false\n')
  expect(comments(text)).toContain('it may be a web server as well. Its addresses are used, and never written.')
  expect(plan.zones.flatMap(({ claimed }) => claimed).map(({ type }) => type)).not.toContain('A')
  expect(changes).toEqual(['update example.com. TXT (adopts)'])
})

test('a parked domain with keys of somebody is one with keys', async () => {
  const { bare, changes } = await imported(
    {
      'example.com.': `
@ MX 0 .
@ TXT "v=spf1 -all"
old._domainkey CNAME old.relay.example.
*._domainkey TXT "v=DKIM1; p="
_dmarc TXT "v=DMARC1; p=reject"
`,
    },
    ['example.com.'],
  )
  expect(domainsIn(bare)).toContain('    dkim: { keys: { old: { cname: old.relay.example } }, wildcard: revoked }')
  expect(changes).toEqual([])
})

test('selectors that lead to keys in a zone that is imported too stay as they are, and what else could be done is said', async () => {
  const led = (place: string) =>
    ['a', 'b'].map((one) => `${one}._domainkey CNAME ${one}._domainkey.${place}.\n`).join('')
  const here = await imported(
    {
      'example.com.': led('keys.example.net'),
      'keys.example.net.': `a._domainkey TXT "v=DKIM1; k=ed25519; p=${ED25519_KEY}"\nb._domainkey TXT "v=DKIM1; p="\n`,
    },
    ['example.com.', 'keys.example.net.'],
  )
  expect(here.changes).toEqual([])
  expect(here.bare).toContain('a: { cname: a._domainkey.keys.example.net }')
  expect(comments(here.text)).toContain('2 selectors lead to keys.example.net, in a zone that is imported too')
  const elsewhere = await imported({ 'example.com.': led('keys.example.org') }, ['example.com.'])
  expect(comments(elsewhere.text)).not.toContain('selectors lead to')
})
