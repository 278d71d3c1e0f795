import { describe, expect, test } from 'vitest'
import { imported } from './imported.js'

const HEAD = `providers:
  dns:
    class: memory
zones:
`

/** The comments of a text, without their marks, in one line a paragraph. */
function comments(text: string): string {
  return text.replaceAll(/\n *# (?! )/g, ' ').replaceAll(/^ *# +/gm, '')
}

describe('zones as they are met', () => {
  test('a server at home, with a relay and what Google Workspace left behind', async () => {
    const { bare, changes, text, plan } = await imported(
      {
        'example.com.': `
@ A 192.0.2.80
@ MX 10 mail
@ TXT "v=spf1 ip4:192.0.2.10 ip6:2001:db8::10 include:_spf.google.com ~all"
@ TXT "google-site-verification=abc"
google._domainkey TXT "v=DKIM1; k=rsa; p=MIIB"
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
    spf: { include: [_spf.google.com], all: softfail }
    dkim: false
    dmarc: { policy: quarantine, rua: [dmarc@example.com] }`)
    expect(changes).toEqual([])
    expect(plan.zones.map(({ claimed }) => claimed.length)).toEqual([1, 6])
    expect(comments(text)).toMatch(/DKIM keys in DNS, which stay as they are: google \(TXT\)\./)
    expect(comments(text)).toMatch(/Without this line `mailsync apply` makes keys/)
    expect(comments(text)).toMatch(
      /Another TXT value of example\.com will stay\. Also about mail, and left alone: _mta-sts TXT\./,
    )
  })

  test('Microsoft 365: no host, a preference that is none of 10, 20, 30, one TTL for all', async () => {
    const { bare, changes, text } = await imported(
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
    mx: [{ host: example-com.mail.protection.outlook.com, preference: 0 }]
    spf: { include: [spf.protection.outlook.com], all: fail }
    dmarc: false`)
    expect(changes).toEqual([])
    expect(comments(text)).toMatch(/selector1 \(CNAME\), selector2 \(CNAME\)/)
    expect(comments(text)).toMatch(
      /_dmarc\.example\.com is a CNAME of example\.com\.dmarc\.service\.example, and stays one\./,
    )
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
    expect(comments(text)).toMatch(/means the same\.\nv=spf1 mx a -all\nv=spf1 ip4:192\.0\.2\.10 -all\n/)
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

  test('a TTL that fits no other is told, and adopted', async () => {
    const { changes, text } = await imported(
      { 'example.com.': '@ MX 10 mx.example.net.\n@ TXT "v=spf1 -all"\n_dmarc 60 TXT "v=DMARC1; p=none"\n' },
      ['example.com.'],
    )
    expect(changes).toEqual(['update _dmarc.example.com. TXT (adopts)'])
    expect(comments(text)).toMatch(/Adopted: the TTL of _dmarc\.example\.com\. TXT is 60, and becomes 3600\./)
  })
})

describe('what a spec cannot say stays in DNS', () => {
  test.each([
    ['macros', 'exists:%{i}._spf.example.org', 'exists:%{i}._spf.example.org  it has macros'],
    ['ptr', 'ptr', 'ptr  RFC 7208 §5.5 says not to use ptr'],
    [
      'names of others',
      'a:mx.example.org',
      'a:mx.example.org  the addresses of mx.example.org are not known here: it is not in the zones that were read',
    ],
    [
      'addresses of others by their MX',
      'mx',
      'mx  the addresses of mx.example.org are not known here: it is not in the zones that were read',
    ],
    ['a qualifier', '?include:_spf.example.org', '?include:_spf.example.org  a spec cannot say ? of one sender'],
    ['an explanation', 'exp=why.example.org', 'exp=why.example.org  a spec has no word for it'],
    [
      'a name behind an alias',
      'a:www.example.com',
      'a:www.example.com  the addresses of www.example.com are not known here: it is a CNAME',
    ],
    ['a mistake', 'ipv4:192.0.2.1', 'ipv4:192.0.2.1  RFC 7208 knows no such term'],
  ])('an SPF with %s', async (_, term, reason) => {
    const value = `v=spf1 ip4:192.0.2.1 ${term} include:_spf.example.com ~all`
    const { bare, changes, text } = await imported(
      { 'example.com.': `@ MX 10 mx.example.org.\n@ TXT "${value}"\nwww CNAME other\n` },
      ['example.com.'],
    )
    expect(bare).toMatch(/\n {4}spf: false\n/)
    expect(changes).toEqual([])
    expect(text).toContain(
      `    # The SPF stays as it is, because a spec cannot say all of it:\n    #   ${value}\n    # What it cannot say:\n    #   ${reason}\n`,
    )
    expect(text).toContain(
      '    # If that may go, write:\n    #   spf: { addresses: [192.0.2.1], include: [_spf.example.com], all: softfail }\n',
    )
  })

  test('an SPF that another one takes the place of; what may go in its stead still lets its senders send', async () => {
    const { bare, changes, text } = await imported(
      { 'example.com.': '@ TXT "v=spf1 ip4:192.0.2.1 redirect=_spf.example.org"\n' },
      ['example.com.'],
    )
    expect(bare).toMatch(/\n {4}spf: false\n/)
    expect(changes).toEqual([])
    expect(text).toContain('#   redirect=_spf.example.org  the SPF of another domain takes the place of this one\n')
    expect(text).toContain('#   spf: { addresses: [192.0.2.1], include: [_spf.example.org], all: neutral }\n')
  })

  test('a redirect beside all is ignored, and the rest is imported; an explanation after all is not', async () => {
    const zone = (terms: string) => ({ 'example.com.': `@ TXT "v=spf1 ip4:192.0.2.1 ${terms}"\n` })
    const ignored = await imported(zone('redirect=_spf.example.org ~all'), ['example.com.'])
    expect(ignored.bare).toMatch(/\n {4}spf: \{ addresses: \[192\.0\.2\.1\], all: softfail \}\n/)
    expect(comments(ignored.text)).toContain(
      'redirect=_spf.example.org  it is ignored where there is `all` (RFC 7208 §5.1)',
    )
    const explained = await imported(zone('-all exp=why.example.org'), ['example.com.'])
    expect(explained.bare).toMatch(/\n {4}spf: false\n/)
  })

  test.each([
    ['a', '@ A 192.0.2.1\n', {}],
    ['a:web.example.com', 'web A 192.0.2.1\n', {}],
    ['mx:example.net', 'web A 192.0.2.1\n', { 'example.net.': '@ MX 10 web.example.com.\n' }],
  ])('a sender that is named apart (%s) stays where it is when the mail host moves', async (term, web, others) => {
    const zones = {
      'example.com.': `@ MX 10 mail\nmail A 192.0.2.1\n${web}@ TXT "v=spf1 ${term} mx -all"\n`,
      ...others,
    }
    const { bare, changes } = await imported(zones, ['example.com.'])
    expect(bare).toMatch(/\n {4}spf: \{ addresses: \[192\.0\.2\.1\], all: fail \}\n/)
    expect(changes).toEqual(['update example.com. TXT (adopts)'])
  })

  test('terms that mean nothing are left out, and told', async () => {
    const { bare, text, changes } = await imported(
      { 'example.com.': '@ TXT "v=spf1 a mx ip4:192.0.2.7/24 include:_spf.example.org ?all ip4:192.0.2.1"\n' },
      ['example.com.'],
    )
    expect(bare).toMatch(
      /\n {4}spf: \{ addresses: \[192\.0\.2\.0\/24\], include: \[_spf\.example\.org\], all: neutral \}\n/,
    )
    expect(changes).toEqual(['update example.com. TXT (adopts)'])
    expect(comments(text)).toContain(`Left out of the SPF, as it means nothing:
a  example.com has no address, so it lets nobody send
mx  example.com has no MX, so it lets nobody send
ip4:192.0.2.1  nothing after \`all\` is looked at (RFC 7208 §5.1)`)
  })

  test('two SPF values, two DMARC values', async () => {
    const { bare, changes } = await imported(
      {
        'example.com.':
          '@ TXT "v=spf1 -all"\n@ TXT "v=spf1 a -all"\n_dmarc TXT "v=DMARC1; p=none"\n_dmarc TXT "v=DMARC1; p=reject"\n',
      },
      ['example.com.'],
    )
    expect(bare).toMatch(/spf: false\n {4}dmarc: false$/)
    expect(changes).toEqual([])
  })

  test.each([
    ['pct=50', /pct=50: RFC 9989 removed it, and receivers that still know it would become stricter/],
    ['psd=y', /psd=y: a spec has no word for it/],
    ['fo=x', /fo=x: only 0, 1, d, s can stand there/],
    ['sp=strict', /sp=strict: only none, quarantine, reject can stand there/],
    ['rua=mailto:nobody', /mailto:nobody in rua: it is no mail address/],
  ])('a DMARC policy with %s', async (tag, reason) => {
    const { bare, changes, text } = await imported(
      { 'example.com.': `_dmarc TXT "v=DMARC1; p=reject; adkim=s; ${tag}"\n` },
      ['example.com.'],
    )
    expect(bare).toMatch(/\n {4}dmarc: false$/)
    expect(changes).toEqual([])
    expect(comments(text)).toMatch(reason)
    expect(text).toContain('#   dmarc: { policy: reject, adkim: strict }\n')
  })

  test('what receivers of DMARC do not look at is left out, and told', async () => {
    const { bare, changes, text } = await imported(
      {
        'example.com.':
          '_dmarc TXT "v=DMARC1;p=none;pct=20;ri=3600;rf=afrf;x=1;rua=mailto:d@example.com!10m,https://r.example"\n',
      },
      ['example.com.'],
    )
    expect(bare).toMatch(/\n {4}dmarc: \{ policy: none, rua: \[d@example\.com\] \}$/)
    expect(changes).toEqual([])
    for (const left of ['pct=20', 'ri=3600', 'rf=afrf', 'x=1', '!10m in rua', 'https://r.example in rua'])
      expect(text).toContain(`#   ${left}: `)
  })

  test.each([
    ['a target that is a CNAME', 'mail CNAME other', /an MX must not lead to one/],
    ['a target without address', 'other A 192.0.2.1', /mail\.example\.com has no address/],
    ['the null MX among others', '@ MX 0 .\nmail A 192.0.2.1', /the null MX, which stands alone/],
    ['a host twice', '@ MX 20 mail\nmail A 192.0.2.1', /a host is there twice/],
    [
      'a target that no host can be called',
      '@ MX 20 no_host\nmail A 192.0.2.1',
      /no_host\.example\.com\. is no name of a host/,
    ],
  ])('MX with %s', async (_, lines, reason) => {
    const { bare, changes, text } = await imported({ 'example.com.': `@ MX 10 mail\n${lines}\n` }, ['example.com.'])
    expect(bare).toMatch(/ {2}example\.com:\n {4}spf: false/)
    expect(changes).toEqual([])
    expect(comments(text)).toMatch(reason)
  })

  test('what the provider answers for itself: a proxied address, a read-only MX', async () => {
    const { bare, changes, plan } = await imported(
      {
        'example.com.': [
          { type: 'MX', name: 'example.com.', ttl: 300, rdata: [{ preference: 10, exchange: 'mail.example.com.' }] },
          { type: 'A', name: 'mail.example.com.', ttl: 300, rdata: ['192.0.2.1'], locked: 'it is proxied' },
          { type: 'TXT', name: 'example.com.', ttl: 300, rdata: ['v=spf1 mx -all'] },
        ] as never,
        'example.net.': [
          {
            type: 'MX',
            name: 'example.net.',
            ttl: 300,
            rdata: [{ preference: 10, exchange: 'mx.example.org.' }],
            locked: 'it is read-only',
          },
        ] as never,
      },
      ['example.com.', 'example.net.'],
    )
    expect(bare.slice(bare.indexOf('domains:'))).toBe(`domains:
  example.com:
    mx: [mail.example.com]
    spf: false
    dmarc: false
  example.net:
    spf: false
    dmarc: false`)
    expect(changes).toEqual([])
    expect(plan.failures).toEqual([])
  })

  test('an SPF with more look-ups than receivers make', async () => {
    const includes = Array.from({ length: 11 }, (_, index) => `include:s${index}.example.org`).join(' ')
    const { bare, changes, text } = await imported({ 'example.com.': `@ TXT "v=spf1 ${includes} -all"\n` }, [
      'example.com.',
    ])
    expect(bare).toMatch(/\n {4}spf: false\n/)
    expect(changes).toEqual([])
    expect(comments(text)).toMatch(/needs at least 11 DNS look-ups/)
  })

  test('values of strangers cannot leave their comment, nor move a cursor', async () => {
    const { text, bare } = await imported(
      {
        'example.com.':
          '@ TXT "v=spf1 exists:%{i}\\010domains: \\027[2J ~all"\n_dmarc TXT "v=DMARC1; p=none; x=\\226\\128\\168y: 1"\n',
      },
      ['example.com.'],
    )
    expect(bare.match(/^domains:/gm)).toHaveLength(1)
    expect(text).toContain('exists:%{i}\\x0adomains: \\x1b[2J')
    expect(text).not.toContain('\u2028')
    expect(text).not.toContain('\u001b')
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
