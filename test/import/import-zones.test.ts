import { describe, expect, test } from 'vitest'
import { RSA_KEYS } from '../fixtures/dkim-keys.js'
import { comments, imported } from './imported.js'

const HEAD = `providers:
  dns:
    class: memory
zones:
`

describe('zones as they are met', () => {
  test('a server at home, with a relay and what Google Workspace left behind', async () => {
    const { bare, changes, text, plan } = await imported(
      {
        'example.com.': `
@ A 192.0.2.80
@ MX 10 mail
@ TXT "v=spf1 ip4:192.0.2.10 ip6:2001:db8::10 include:_spf.google.com ~all"
@ TXT "google-site-verification=abc"
google._domainkey TXT "v=DKIM1; k=rsa; p=${RSA_KEYS[1024]}"
cut._domainkey TXT "v=DKIM1; k=rsa; p=MIIB"
_dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"
_mta-sts TXT "v=STSv1; id=1"
mail A 192.0.2.10
mail AAAA 2001:db8::10
mail TXT "v=spf1 a -all"
www A 192.0.2.80
`,
        '2.0.192.in-addr.arpa.': '10 PTR mail.example.com.',
        'unrelated.example.': '@ MX 10 mail',
      },
      ['example.com.'],
    )
    expect(bare).toBe(`${HEAD}  example.com.: { targets: [dns] }
  2.0.192.in-addr.arpa.: { targets: [dns] }
hosts:
  mail.example.com:
    addresses: [192.0.2.10, 2001:db8::10]
domains:
  example.com:
    mx: [mail.example.com]
    spf: { all: softfail }
    dkim: false
    dmarc: { policy: quarantine, rua: [dmarc@example.com] }
    mta_sts: { id: '1' }
    relays:
      google:
        key: v=DKIM1; k=rsa; p=${RSA_KEYS[1024]}`)
    expect(changes).toEqual([])
    expect(plan.zones.map(({ claimed }) => claimed.length)).toEqual([1, 8])
    expect(comments(text)).toContain('cut (TXT)  p= holds no RSA key (RFC 6376 §3.6.1)')
    expect(comments(text)).toMatch(
      /It asks for no key of your own, so that nothing changes yet\. Where it does, `mailsync apply` makes keys under keys\//,
    )
    expect(comments(text)).toMatch(/Another TXT value of example\.com will stay\./)
  })

  test('Microsoft 365: no host, a preference that is none of 10, 20, 30, one TTL for all', async () => {
    const { bare, changes } = await imported(
      {
        'example.com.': `
$TTL 600
@ MX 0 example-com.mail.protection.outlook.com.
@ TXT "v=spf1 include:spf.protection.outlook.com -all"
selector1._domainkey CNAME selector1-example-com._domainkey.contoso.onmicrosoft.com.
selector2._domainkey CNAME selector2-example-com._domainkey.contoso.onmicrosoft.com.
autodiscover CNAME autodiscover.outlook.com.
_dmarc CNAME example.com.dmarc.service.example.
`,
      },
      ['example.com.'],
    )
    expect(bare).toBe(`${HEAD}  example.com.: { targets: [dns] }
defaults: { ttl: 600 }
domains:
  example.com:
    spf: { all: fail }
    dmarc: { cname: example.com.dmarc.service.example }
    clients: { autodiscover: { cname: autodiscover.outlook.com } }
    relays:
      microsoft:
        selector1: selector1-example-com._domainkey.contoso.onmicrosoft.com
        selector2: selector2-example-com._domainkey.contoso.onmicrosoft.com
        server: example-com.mail.protection.outlook.com`)
    expect(changes).toEqual([])
  })

  test('plain Postfix on the domain’s own name: `a` and `mx` are its address, adopted as such', async () => {
    const { bare, changes, text } = await imported(
      { 'example.com.': '@ A 192.0.2.10\n@ MX 10 @\n@ TXT "v=spf1 mx a -all"\n' },
      ['example.com.'],
    )
    expect(bare).toBe(`${HEAD}  example.com.: { targets: [dns] }
hosts:
  example.com:
    addresses: [192.0.2.10]
    reverse: manual
domains:
  example.com:
    mx: [example.com]
    spf: { all: fail }
    dkim: false
    dmarc: false`)
    expect(changes).toEqual(['update example.com. TXT (adopts)'])
    expect(comments(text)).toMatch(/means the same today\.\nv=spf1 mx a -all\nv=spf1 ip4:192\.0\.2\.10 -all\n/)
    expect(comments(text)).toMatch(/There is no DMARC policy today\./)
  })

  test('parked domains are so called only where all four records are those of `mail: none`', async () => {
    const parked = '@ MX 0 .\n@ TXT "v=spf1 -all"\n*._domainkey TXT "v=DKIM1; p="\n'
    const { bare, changes } = await imported(
      {
        'example.com.': `${parked}_dmarc TXT "v=DMARC1;p=reject;sp=reject;fo=0;"\n`,
        'example.net.': `${parked}_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@sub.example.net"\n`,
        'example.org.': `${parked}_dmarc TXT "v=DMARC1; p=quarantine"\n`,
        'parked.example.': '@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n',
      },
      ['example.com.', 'example.net.', 'example.org.', 'parked.example.'],
    )
    expect(bare.slice(bare.indexOf('domains:'))).toBe(`domains:
  example.com:
    mail: none
  example.net:
    mail: none
    dmarc: { rua: [d@sub.example.net] }
  example.org:
    mx: none
    spf: { all: fail }
    dkim: { wildcard: revoked }
    dmarc: { policy: quarantine }
  parked.example:
    mx: none
    spf: { all: fail }
    dmarc: { policy: reject }`)
    expect(changes).toEqual([])
  })

  test('several domains share a host in one of their zones; some of its TTLs differ', async () => {
    const { bare, changes, text } = await imported(
      {
        'example.com.': `
@ MX 10 mail
@ MX 10 backup.example.org.
@ TXT "v=spf1 ip4:192.0.2.10 ip4:192.0.2.99 ip4:198.51.100.0/24 -all"
mail 300 A 192.0.2.10
mail 300 TXT "v=spf1 a ip4:198.51.100.7 -all"
`,
        'xn--bcher-kva.example.': '@ MX 5 mail.example.com.\n@ TXT "v=spf1 include:_spf.example.org ~all"\n',
      },
      ['example.com.', 'xn--bcher-kva.example.'],
    )
    expect(bare).toBe(`${HEAD}  example.com.: { targets: [dns] }
  xn--bcher-kva.example.: { targets: [dns] }
hosts:
  mail.example.com:
    addresses: [192.0.2.10]
    egress: [198.51.100.7]
    reverse: manual
    ttl: 300
domains:
  example.com:
    mx: [{ host: backup.example.org, preference: 10 }, { host: mail.example.com, preference: 10 }]
    spf: { mx: false, addresses: [192.0.2.10, 192.0.2.99, 198.51.100.0/24], all: fail }
    dmarc: false
  bücher.example:
    mx: [{ host: mail.example.com, preference: 5 }]
    spf: { mx: false, include: [_spf.example.org], all: softfail }
    dmarc: false`)
    expect(changes).toEqual([])
    expect(text).not.toMatch(/[Aa]dopted:/)
  })

  test('TTLs that differ from record to record are written by record, so that none changes', async () => {
    const { bare, changes } = await imported(
      {
        'example.com.': `
@ 300 MX 10 mail
@ 300 TXT "v=spf1 ip4:192.0.2.10 ip6:2001:db8::10 -all"
_dmarc 60 TXT "v=DMARC1; p=none"
mail 300 A 192.0.2.10
mail 300 AAAA 2001:db8::10
mail TXT "v=spf1 a -all"
`,
        'example.net.':
          '@ MX 10 mail.example.com.\n@ TXT "v=spf1 include:_spf.example.org -all"\n_dmarc 60 TXT "v=DMARC1; p=none"\n',
        '2.0.192.in-addr.arpa.': '10 86400 PTR mail.example.com.',
      },
      ['example.com.', 'example.net.'],
    )
    expect(bare).toMatch(/^defaults: \{ ttl: 300 \}$/m)
    expect(bare).toMatch(/addresses: \[192\.0\.2\.10, 2001:db8::10\]\n {4}ttl: \{ ptr: 86400, spf: 3600 \}\n/)
    expect(bare).toMatch(/dmarc: \{ policy: none \}\n {4}ttl: \{ dmarc: 60 \}\n {2}example\.net:\n/)
    expect(bare).toMatch(/dmarc: \{ policy: none \}\n {4}ttl: \{ default: 3600, dmarc: 60 \}$/)
    expect(changes).toEqual([])
  })

  test('a TTL that no key is for is told, and adopted: two PTRs of a host that differ', async () => {
    const { changes, text } = await imported(
      {
        'example.com.': '@ MX 10 mail\nmail A 192.0.2.10\nmail A 192.0.2.11\n',
        '2.0.192.in-addr.arpa.': '10 PTR mail.example.com.\n11 60 PTR mail.example.com.\n',
      },
      ['example.com.'],
    )
    expect(changes).toEqual(['update 11.2.0.192.in-addr.arpa. PTR (adopts)'])
    expect(comments(text)).toMatch(/Adopted: the TTL of 11\.2\.0\.192\.in-addr\.arpa\. PTR is 60, and becomes 3600\./)
  })
})

describe('reverse names', () => {
  const zone = '@ MX 10 mail\nmail A 192.0.2.10\nmail A 198.51.100.7\n'

  test.each([
    [
      'all lead back',
      { '2.0.192.in-addr.arpa.': '10 PTR mail.example.com.', '100.51.198.in-addr.arpa.': '7 PTR mail.example.com.' },
      undefined,
    ],
    ['one leads back, the other is elsewhere', { '2.0.192.in-addr.arpa.': '10 PTR mail.example.com.' }, undefined],
    [
      'a classless zone has it',
      { '2.0.192.in-addr.arpa.': '10 CNAME 10.0/25\n', '0/25.2.0.192.in-addr.arpa.': '10 PTR mail.example.com.' },
      undefined,
    ],
    ['none is here', {}, 'manual'],
    ['one leads elsewhere', { '2.0.192.in-addr.arpa.': '10 PTR web.example.com.' }, 'false'],
    [
      'one leads to two names',
      { '2.0.192.in-addr.arpa.': '10 PTR web.example.com.\n10 PTR mail.example.com.' },
      'false',
    ],
    ['one is missing', { '2.0.192.in-addr.arpa.': '11 PTR mail.example.com.' }, 'false'],
    ['one is delegated by a CNAME', { '2.0.192.in-addr.arpa.': '10 CNAME 10.0/25.2.0.192.in-addr.arpa.' }, 'false'],
  ])('%s', async (_, reverse, expected) => {
    const { bare, changes, plan } = await imported({ 'example.com.': zone, ...reverse }, ['example.com.'])
    expect(/^ {4}reverse: (\w+)$/m.exec(bare)?.[1]).toBe(expected)
    expect(changes).toEqual([])
    expect(plan.failures).toEqual([])
  })

  test('private addresses have none', async () => {
    const { bare, changes } = await imported({ 'example.com.': '@ MX 10 mail\nmail A 10.0.0.1\n' }, ['example.com.'])
    expect(bare).toMatch(/reverse: false/)
    expect(changes).toEqual([])
  })
})

describe('reports', () => {
  const zones = (authorisation: string): Record<string, string> => ({
    'example.com.': '_dmarc TXT "v=DMARC1; p=reject; rua=mailto:d@example.net"\n',
    'example.net.': authorisation,
  })

  test('that the other domain allows are imported; their TTL is the default of the spec', async () => {
    const { bare, changes } = await imported(zones('example.com._report._dmarc 60 TXT "v=DMARC1;"\n'), [
      'example.com.',
      'example.net.',
    ])
    expect(bare).toMatch(/defaults: \{ ttl: 60 \}/)
    expect(bare).toMatch(/rua: \[d@example\.net\]/)
    expect(changes).toEqual([])
  })

  test('that it does not allow would be allowed by mailsync: the policy is left alone', async () => {
    const { bare, changes, text } = await imported(zones(''), ['example.com.', 'example.net.'])
    expect(bare).not.toMatch(/policy/)
    expect(changes).toEqual([])
    expect(comments(text)).toMatch(/example\.com\._report\._dmarc\.example\.net\. TXT would be created/)
  })
})

test('a mail server with an IPv4 address written as IPv6 is no host of the spec, and keeps its records', async () => {
  const { bare, changes } = await imported(
    { 'example.com.': '\n@ MX 10 mail\nmail A 192.0.2.10\nmail AAAA ::ffff:192.0.2.10\nwww AAAA ::ffff:192.0.2.9\n' },
    ['example.com.'],
  )
  expect(bare).not.toContain('ffff')
  expect(changes).toEqual([])
})
