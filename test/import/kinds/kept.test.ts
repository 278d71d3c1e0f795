import { describe, expect, test } from 'vitest'
import { comments, imported } from '../imported.js'

describe('an SPF that a spec says in its own terms', () => {
  test.each([
    ['macros', 'exists:%{i}._spf.example.org', `'exists:%{i}._spf.example.org'`],
    ['ptr', 'ptr', 'ptr'],
    ['names of others', 'a:mx.example.org', 'a:mx.example.org'],
    ['addresses of others by their MX', 'mx', 'mx'],
    ['a qualifier', '?include:_spf.example.org', "'?include:_spf.example.org'"],
    ['a name whose addresses the provider makes', 'a:made.example.com', 'a:made.example.com'],
    ['a name behind an alias', 'a:www.example.com', 'a:www.example.com'],
    ['a prefix length that no network has', 'ip4:0.0.0.0/0', 'ip4:0.0.0.0/0'],
  ])('with %s', async (_, term, written) => {
    const value = `v=spf1 ip4:192.0.2.1 ${term} ~all`
    const { bare, changes } = await imported(
      { 'example.com.': `@ MX 10 mx.example.org.\n@ TXT "${value}"\nwww CNAME other\nmade ALIAS web\n` },
      ['example.com.'],
    )
    expect(bare).toContain(`\n    spf: { addresses: [192.0.2.1], terms: [${written}], all: softfail }\n`)
    expect(changes).toEqual([])
  })

  test.each([
    ['v=spf1 ip4:192.0.2.1 redirect=_spf.example.org', '{ addresses: [192.0.2.1], redirect: _spf.example.org }'],
    ['v=spf1 redirect=%{d}._spf.example.org', `{ redirect: '%{d}._spf.example.org' }`],
    ['v=spf1 ip4:192.0.2.1 -all exp=why.example.org', '{ addresses: [192.0.2.1], exp: why.example.org, all: fail }'],
    // What says other than pass stays before what it stands before.
    [
      'v=spf1 include:_a.example.org -ip4:192.0.2.9 ip4:192.0.2.0/24 ptr -all',
      '{ terms: [include:_a.example.org, -ip4:192.0.2.9, ip4:192.0.2.0/24, ptr], all: fail }',
    ],
    [
      'v=spf1 ip4:192.0.2.0/24 ?include:_a.example.org mx -all',
      `{ addresses: [192.0.2.0/24], terms: ['?include:_a.example.org', mx], all: fail }`,
    ],
  ])('%s', async (value, spf) => {
    const { bare, changes } = await imported({ 'example.com.': `@ TXT "${value}"\n` }, ['example.com.'])
    expect(bare).toContain(`\n    spf: ${spf}\n`)
    expect(changes).toEqual([])
  })
})

describe('what a spec cannot say stays in DNS', () => {
  test.each([
    ['a mistake', 'ipv4:192.0.2.1', '"ipv4:192.0.2.1": RFC 7208 knows no such term (RFC 7208 §4.6.1)'],
    ['a mistake after all', '-all ip4:192.0.2.0/024', '"ip4:192.0.2.0/024": /024 is no prefix length (RFC 7208 §5.6)'],
    ['two redirects', 'redirect=_a.example.org redirect=_b.example.org -all', 'redirect= is there twice (RFC 7208 §6)'],
    ['an include of no name', 'include:', /"include:": .* \(RFC 7208 §5\.2\)/],
    ['an include of an address', 'include:192.0.2.1', /"include:192\.0\.2\.1": .* \(RFC 7208 §5\.2\)/],
    ['a name in raw octets', 'include:b\\195\\188cher.example', /"include:b.*cher\.example": .* \(RFC 7208 §5\.2\)/],
  ])('an SPF that is a permanent error: %s', async (_, term, fault) => {
    const { bare, changes, text } = await imported(
      { 'example.com.': `@ MX 10 mail\nmail A 192.0.2.10\n@ TXT "v=spf1 ip4:192.0.2.1 ${term}"\n` },
      ['example.com.'],
    )
    expect(bare).toMatch(/\n {4}spf: false\n/)
    expect(bare).not.toMatch(/xn--|bücher/)
    expect(changes).toEqual([])
    expect(comments(text)).toMatch(/It is a permanent error, so receivers heed nothing of it \(RFC 7208 §4\.6\):/)
    if (typeof fault === 'string') expect(text).toContain(`    # What is wrong with it:\n    #   ${fault}\n`)
    else expect(text).toMatch(fault)
  })

  test('a redirect beside all is ignored, and so is what receivers do not know; the rest is imported', async () => {
    const zone = (terms: string) => ({ 'example.com.': `@ TXT "v=spf1 ip4:192.0.2.1 ${terms}"\n` })
    const ignored = await imported(zone('redirect=_spf.example.org ~all'), ['example.com.'])
    expect(ignored.bare).toMatch(/\n {4}spf: \{ addresses: \[192\.0\.2\.1\], all: softfail \}\n/)
    expect(comments(ignored.text)).toContain(
      'redirect=_spf.example.org  it is ignored where there is `all` (RFC 7208 §5.1)',
    )
    const unknown = await imported(zone('-all x-note=1'), ['example.com.'])
    expect(unknown.bare).toMatch(/\n {4}spf: \{ addresses: \[192\.0\.2\.1\], all: fail \}\n/)
    expect(comments(unknown.text)).toContain('x-note=1  receivers ignore it (RFC 7208 §6)')
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
    const { bare, changes, text } = await imported(zones, ['example.com.'])
    expect(bare).toMatch(/\n {4}spf: \{ addresses: \[192\.0\.2\.1\], all: fail \}\n/)
    expect(changes).toEqual(['update example.com. TXT (adopts)'])
    expect(comments(text)).toMatch(
      /Named in the SPF, and no host of this spec: these addresses go on sending\.\s(?:web\.)?example\.com {2}192\.0\.2\.1 /,
    )
  })

  test.each([['ip4:192.0.2.1 mx'], ['ip4:192.0.2.1/32 a:mail.example.com mx']])(
    'an address that is stated beside the name of its host (%s) stays when the host moves',
    async (terms) => {
      const zone = `@ MX 10 mail\nmail A 192.0.2.1\n@ TXT "v=spf1 ${terms} -all"\n`
      const { bare, changes } = await imported({ 'example.com.': zone }, ['example.com.'])
      expect(bare).toMatch(/\n {4}spf: \{ addresses: \[192\.0\.2\.1\], all: fail \}\n/)
      expect(changes).toEqual(['update example.com. TXT (adopts)'])
    },
  )

  test.each([
    ['my_mail', /The MX stay as they are: my_mail\.example\.com\. is no name of a host\./],
    ['192.0.2.7.', /The MX stay as they are: 192\.0\.2\.7\. is no name of a host\./],
    ['192.0.2.7', /The MX stay as they are: 192\.0\.2\.7\.example\.com has no address/],
    ['b\\195\\188cher', /The MX stay as they are: .* stands there, 20 b\\195\\188cher \(line \d\)\./],
    ['a\\.b', /The MX stay as they are: .* stands there, 20 a\\\.b \(line \d\)\./],
  ])(
    'an MX that is no name of a host (%s), among good ones or alone: none is drafted, and it is named',
    async (odd, why) => {
      const zone = `mail A 192.0.2.1\nmy_mail A 192.0.2.2\n@ MX 20 ${odd}\n@ TXT "v=spf1 mx -all"\n`
      for (const others of ['@ MX 10 mail\n', '']) {
        const { bare, text, changes } = await imported({ 'example.com.': others + zone }, ['example.com.'])
        expect(bare).not.toMatch(/^ *mx:/m)
        expect(comments(text)).toMatch(why)
        expect(text).not.toMatch(/no MX/i)
        expect(text).not.toContain('spf: { all: fail }')
        expect(changes.filter((change) => !change.includes(' TXT '))).toEqual([])
      }
    },
  )

  test('an SPF whose includes are no names stays, each is told, and none becomes another', async () => {
    const includes = ['192.0.2.9', 'b\\195\\188cher.example', 'spf..example.net', 'localhost', 'ip4:192.0.2.1', '']
    const terms = includes.map((include) => `include:${include}`)
    const { bare, text, changes } = await imported({ 'example.com.': `@ TXT "v=spf1 ${terms.join(' ')} -all"\n` }, [
      'example.com.',
    ])
    expect(bare).toMatch(/\n {4}spf: false\n/)
    expect(text.match(/^ *# {3}.*include:/gm)).toHaveLength(includes.length + 1)
    expect(text).not.toMatch(/xn--|If that may go/)
    expect(changes).toEqual([])
  })

  test('what stands at _domainkey itself is no key', async () => {
    const { text } = await imported({ 'example.com.': '@ MX 0 .\n_domainkey TXT "o=~"\n' }, ['example.com.'])
    expect(text).not.toContain('DKIM keys in DNS')
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

  test('what receivers take for no DMARC policy is told with the reason, and no policy is drafted of it', async () => {
    const { bare, changes, text } = await imported({ 'example.com.': '_dmarc TXT " v=DMARC1; p=reject"\n' }, [
      'example.com.',
    ])
    expect(bare).toMatch(/\n {4}dmarc: false$/)
    expect(changes).toEqual([])
    expect(text).toContain(`
    # There is no DMARC policy today: receivers take this for none. It stays as it is:
    #    v=DMARC1; p=reject
    # What is wrong with it:
    #   it does not begin with v=DMARC1, in capitals (RFC 9989 §4.7)
    # If that may go, write:
    #   dmarc: { policy: reject }
    dmarc: false
`)
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
    spf: { terms: [mx], all: fail }
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

describe('what looks like a record and is none, and what others answer for, is told', () => {
  test.each([
    [
      '@ TXT "\\"v=spf1 mx -all\\""',
      'There is no SPF today. What looks like one does not begin with v=spf1 and a space:',
    ],
    [
      '_dmarc TXT "v=DMARC1\\\\; p=reject"',
      'There is no DMARC policy today. What looks like one does not begin with v=DMARC1 and a semicolon:',
    ],
    [
      '_dmarc NS ns.example.org.',
      'The DMARC policy is not known: _dmarc.example.com is delegated to other name servers. It stays as it is.',
    ],
  ])('%s', async (line, remark) => {
    const { text, changes } = await imported({ 'example.com.': `${line}\n` }, ['example.com.'])
    expect(comments(text)).toContain(remark)
    expect(changes).toEqual([])
  })

  test('a name of a relay that the spec names is none that was not asked for', async () => {
    const ses = ['a', 'b', 'c']
      .map((token) => `${token.repeat(4)}._domainkey CNAME ${token.repeat(4)}.dkim.amazonses.com.\n`)
      .join('')
    const from = 'bounce MX 10 feedback-smtp.us-east-1.amazonses.com.\nbounce TXT "v=spf1 include:amazonses.com ~all"\n'
    const { text } = await imported({ 'example.com.': `${ses}${from}news MX 10 mx.example.org.\n` }, ['example.com.'])
    expect(text).toContain('mail_from: bounce')
    expect(comments(text)).toContain('These names have MX too, and were not asked for: news.example.com.')
  })
})
