import { describe, expect, test } from 'vitest'
import { compiled, serving } from './compiled.js'

const HEAD = `${serving('example.com', 'example.net')}
hosts:
  mail.example.com: { addresses: [192.0.2.10, "2001:db8::10"], egress: [198.51.100.7], helo_spf: false, reverse: false }
  nat.example.com: { egress: [203.0.113.5], helo_spf: false, reverse: false }
  backup.example.net: { addresses: [192.0.2.20], helo_spf: false, reverse: false }
domains:
`
const example = (domain: string) => compiled(`${HEAD}  example.com: ${domain}`)

describe('MX', () => {
  test('names in their order, with preferences of their own where they have one', async () => {
    const { records } = await example('{ mx: [mail.example.com, { host: backup.example.net, preference: 5 }] }')
    expect(records('MX')).toEqual(['example.com. MX 5 backup.example.net.', 'example.com. MX 10 mail.example.com.'])
  })

  test('none is the null MX, alone', async () => {
    const { records } = await example('{ mx: none }')
    expect(records('MX')).toEqual(['example.com. MX 0 .'])
  })

  test('without mx there is no MX', async () => {
    const { records } = await example('{ spf: { hosts: [nat.example.com] } }')
    expect(records('MX')).toEqual([])
  })
})

describe('SPF', () => {
  const spf = async (domain: string) => (await example(domain)).records('spf')

  test('names the addresses of the MX hosts and of spf.hosts, their NAT’s too, so that it costs no look-up', async () => {
    expect(await spf('{ mx: [mail.example.com], spf: { hosts: [nat.example.com] } }')).toEqual([
      'example.com. TXT v=spf1 ip4:192.0.2.10 ip4:198.51.100.7 ip4:203.0.113.5 ip6:2001:db8::10 ~all',
    ])
  })

  test('leaves the MX hosts out with mx: false', async () => {
    expect(await spf('{ mx: [mail.example.com], spf: { mx: false, hosts: [nat.example.com] } }')).toEqual([
      'example.com. TXT v=spf1 ip4:203.0.113.5 ~all',
    ])
  })

  test('has further addresses and networks, then includes, then all', async () => {
    expect(
      await spf(
        '{ spf: { include: [_spf.google.com, amazonses.com], addresses: [203.0.113.0/24, "2001:db8:1::/48"], all: fail } }',
      ),
    ).toEqual([
      'example.com. TXT v=spf1 ip4:203.0.113.0/24 ip6:2001:db8:1::/48 include:_spf.google.com include:amazonses.com -all',
    ])
  })

  test('names nothing twice', async () => {
    expect(
      await spf(
        '{ mx: [mail.example.com], spf: { hosts: [mail.example.com], addresses: [192.0.2.10], include: [a.example, A.example.] } }',
      ),
    ).toEqual(['example.com. TXT v=spf1 ip4:192.0.2.10 ip4:198.51.100.7 ip6:2001:db8::10 include:a.example ~all'])
  })

  test.each([
    ['fail', '-all'],
    ['softfail', '~all'],
    ['neutral', '?all'],
  ])('all: %s is %s', async (all, term) => {
    expect(await spf(`{ spf: { addresses: [192.0.2.1], all: ${all} } }`)).toEqual([
      `example.com. TXT v=spf1 ip4:192.0.2.1 ${term}`,
    ])
  })

  test('false is no SPF', async () => {
    expect(await spf('{ mx: [mail.example.com], spf: false }')).toEqual([])
  })

  test('an MX that is no host of ours adds nothing', async () => {
    expect(await spf('{ mx: [mail.example.com, mx.example.org] }')).toEqual([
      'example.com. TXT v=spf1 ip4:192.0.2.10 ip4:198.51.100.7 ip6:2001:db8::10 ~all',
    ])
  })
})

describe('a parked domain', () => {
  test('refuses all mail, from and to', async () => {
    const { records, neededKeys } = await compiled(`${serving('example.com')}domains: { example.com: { mail: none } }`)
    expect(records()).toEqual([
      'example.com. MX 0 .',
      'example.com. TXT v=spf1 -all',
      '_dmarc.example.com. TXT v=DMARC1; p=reject',
      '*._domainkey.example.com. TXT v=DKIM1; p=',
    ])
    expect(neededKeys).toEqual([])
  })

  test('rejects whatever the defaults say, and reports where they say', async () => {
    const { records } = await compiled(`${serving('example.com')}
defaults: { dmarc: { policy: none, testing: true, subdomains: none, rua: [dmarc@example.com], ruf: [f@example.com], fo: "1" } }
domains: { example.com: { mail: none } }`)
    expect(records('dmarc')).toEqual([
      '_dmarc.example.com. TXT v=DMARC1; p=reject; fo=1; rua=mailto:dmarc@example.com; ruf=mailto:f@example.com',
    ])
  })

  test('is aligned as it says itself, not as the defaults say', async () => {
    const strict = '{ adkim: strict, aspf: strict }'
    const { records } = await compiled(`${serving('example.com', 'example.net')}
defaults: { dmarc: ${strict} }
domains: { example.com: { mail: none }, example.net: { mail: none, dmarc: ${strict} } }`)
    expect(records('dmarc')).toEqual([
      '_dmarc.example.com. TXT v=DMARC1; p=reject',
      '_dmarc.example.net. TXT v=DMARC1; p=reject; adkim=s; aspf=s',
    ])
  })

  test('has no DMARC with dmarc: false', async () => {
    expect((await example('{ mail: none, dmarc: false }')).records('dmarc')).toEqual([])
  })
})

describe('DMARC', () => {
  test.each([
    ['{}', 'v=DMARC1; p=none'],
    ['{ policy: reject }', 'v=DMARC1; p=reject'],
    ['{ policy: quarantine, subdomains: reject }', 'v=DMARC1; p=quarantine; sp=reject'],
    ['{ policy: reject, subdomains: reject }', 'v=DMARC1; p=reject'],
    ['{ policy: none, nonexistent: reject }', 'v=DMARC1; p=none; np=reject'],
    ['{ policy: none, subdomains: reject, nonexistent: reject }', 'v=DMARC1; p=none; sp=reject'],
    ['{ policy: reject, subdomains: none, nonexistent: reject }', 'v=DMARC1; p=reject; sp=none; np=reject'],
    ['{ policy: reject, testing: true }', 'v=DMARC1; p=reject; t=y'],
    ['{ adkim: strict, aspf: strict }', 'v=DMARC1; p=none; adkim=s; aspf=s'],
    ['{ adkim: relaxed, aspf: relaxed, testing: false }', 'v=DMARC1; p=none'],
    ['{ fo: "1:d:s" }', 'v=DMARC1; p=none; fo=1:d:s'],
    [
      '{ rua: [a@example.com, mailto:b@example.com, mailto:a@EXAMPLE.com], ruf: [f@example.com] }',
      'v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@example.com; ruf=mailto:f@example.com',
    ],
  ])('%s is %s', async (dmarc, value) => {
    expect((await example(`{ dmarc: ${dmarc} }`)).records('dmarc')).toEqual([`_dmarc.example.com. TXT ${value}`])
  })

  test('false is none', async () => {
    expect((await example('{ dmarc: false }')).records('dmarc')).toEqual([])
  })
})

describe('reports that go to another domain', () => {
  test('are allowed there, where we serve its zone', async () => {
    const { records, rules } = await example('{ dmarc: { rua: [d@example.net, e@example.net], ruf: [f@example.net] } }')
    expect(records('report')).toEqual(['example.com._report._dmarc.example.net. TXT v=DMARC1;'])
    expect(rules).not.toContain('dmarc-report-elsewhere')
  })

  test('are a note where we do not', async () => {
    const { records, finding } = await example('{ dmarc: { rua: [d@example.org] } }')
    expect(records('report')).toEqual([])
    expect(finding('dmarc-report-elsewhere')).toMatchObject({
      severity: 'note',
      hint: 'there: example.com._report._dmarc.example.org. TXT "v=DMARC1;"',
    })
  })

  test.each(['example.com', 'reports.example.com'])('need no word where %s is kin', async (reportTo) => {
    const { records, rules } = await example(`{ dmarc: { rua: [d@${reportTo}] } }`)
    expect(records('report')).toEqual([])
    expect(rules).not.toContain('dmarc-report-elsewhere')
  })

  test('need no word for a sister in the same zone', async () => {
    const { records, rules } = await compiled(
      `${HEAD}  a.example.com: { dmarc: { rua: [d@b.example.com] } }\n  b.example.com: {}`,
    )
    expect(records('report')).toEqual([])
    expect(rules).not.toContain('dmarc-report-elsewhere')
  })

  test('of a parked domain are allowed, too', async () => {
    const { records } = await example('{ mail: none, dmarc: { rua: [d@example.net] } }')
    expect(records('report')).toEqual(['example.com._report._dmarc.example.net. TXT v=DMARC1;'])
  })
})
