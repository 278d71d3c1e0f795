import { describe, expect, test } from 'vitest'
import { checkHost } from '../../../../records/families/spf/evaluate/check-host.js'
import { dnsOf, type Zones } from './zones.js'

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const check = (record: string, zones: Zones = {}, ip = '192.0.2.1') =>
  checkHost({ ip, mailFrom: 'joe@example.com', helo: 'mail.example.net' }, dnsOf({ 'example.com': [record], ...zones }))

/** Hosts h1, h2 … that exist, with other addresses than the client's. */
const hosts: Zones = Object.fromEntries(
  numbers(12).map((n) => [`h${n}.example.net`, [`A 198.51.100.${n}`, `AAAA 2001:db8::${n}`]]),
)
const terms = (count: number, write: (n: number) => string) => numbers(count).map(write).join(' ')

describe('ten look-ups (RFC 7208 §4.6.4)', () => {
  const leaf = { 'leaf.example.net': ['v=spf1 ?all'], 'mx.example.net': ['MX 10 h1.example.net'] }
  const all = { ...hosts, ...leaf, '1.2.0.192.in-addr.arpa': ['PTR h1.example.net'] }
  test.each([
    [(n: number) => `a:h${n}.example.net`],
    [() => 'mx:mx.example.net'],
    [() => 'ptr'],

    [() => 'include:leaf.example.net'],
  ])('ten of a term are allowed, eleven are a permerror: %s', async (write) => {
    expect(await check(`v=spf1 ${terms(10, write)} ip4:192.0.2.1 -all`, all)).toMatchObject({
      result: 'pass',
      lookups: 10,
    })
    const over = await check(`v=spf1 ${terms(11, write)} ip4:192.0.2.1 -all`, all)
    expect(over).toMatchObject({ result: 'permerror', lookups: 11 })
    expect(over.tree.why).toContain('it is look-up 11, and 10 are allowed (RFC 7208 §4.6.4)')
  })

  test('exists counts too', async () => {
    const deep = { 'deny.example.net': ['v=spf1 -exists:h1.example.net'] }
    const record = `v=spf1 ${terms(5, () => 'include:deny.example.net')}`
    expect(await check(`${record} ip4:192.0.2.1 -all`, { ...hosts, ...deep })).toMatchObject({
      result: 'pass',
      lookups: 10,
    })
    expect((await check(`${record} exists:h1.example.net -all`, { ...hosts, ...deep })).result).toBe('permerror')
  })

  test('redirect counts, and the look-ups of all records together', async () => {
    const zones = {
      ...hosts,
      'five.example.net': [`v=spf1 ${terms(4, (n) => `a:h${n}.example.net`)} redirect=end.example.net`],
      'end.example.net': ['v=spf1 ?all'],
    }
    expect(
      await check('v=spf1 a:h1.example.net a:h2.example.net include:five.example.net redirect=end.example.net', zones),
    ).toMatchObject({
      result: 'neutral',
      lookups: 9,
    })
    expect(
      (
        await check(
          `v=spf1 ${terms(4, (n) => `a:h${n}.example.net`)} include:five.example.net redirect=end.example.net`,
          zones,
        )
      ).result,
    ).toBe('permerror')
  })

  test('ip4, ip6 and all cost nothing, and what stands after the match is not asked', async () => {
    const record = `v=spf1 ${terms(12, (n) => `ip4:203.0.113.${n}`)} ip4:192.0.2.1 ${terms(12, (n) => `a:h${n}.example.net`)} -all`
    expect(await check(record)).toMatchObject({ result: 'pass', lookups: 0, voids: 0 })
  })

  test.each([
    ['a record that includes itself', { 'loop.example.net': ['v=spf1 include:loop.example.net -all'] }],
    [
      'a circle of redirects',
      {
        'loop.example.net': ['v=spf1 redirect=loop2.example.net'],
        'loop2.example.net': ['v=spf1 redirect=loop.example.net'],
      },
    ],
  ])('%s is a permerror after ten', async (_, zones) => {
    expect(await check('v=spf1 include:loop.example.net -all', zones)).toMatchObject({
      result: 'permerror',
      lookups: 11,
    })
  })
})

describe('two look-ups that find nothing (RFC 7208 §4.6.4)', () => {
  const nothing = (count: number, write = (n: number) => `a:v${n}.example.org`) => `v=spf1 ${terms(count, write)}`
  test.each([
    ['a name that does not exist', (n: number) => `a:v${n}.example.org`, {}],
    [
      'a name without that type',
      (n: number) => `a:v${n}.example.org`,
      Object.fromEntries(numbers(3).map((n) => [`v${n}.example.org`, ['TXT x']])),
    ],
    ['the same name each time', () => 'a:v.example.org', {}],
    ['an MX', (n: number) => `mx:v${n}.example.org`, {}],
    ['exists', (n: number) => `exists:v${n}.example.org`, {}],
    ['the PTR', () => 'ptr', {}],
  ])('%s: two are allowed, three are a permerror', async (_, write, zones) => {
    expect(await check(`${nothing(2, write)} ip4:192.0.2.1 -all`, zones)).toMatchObject({ result: 'pass', voids: 2 })
    const over = await check(`${nothing(3, write)} ip4:192.0.2.1 -all`, zones)
    expect(over).toMatchObject({ result: 'permerror', voids: 3 })
    expect(over.tree.why).toContain('it is look-up 3 that finds nothing, and 2 are allowed (RFC 7208 §4.6.4)')
  })

  test('those of an included record count', async () => {
    const zones = { 'leaf.example.net': [`${nothing(2)} -all`] }
    expect((await check('v=spf1 include:leaf.example.net a:v9.example.org ip4:192.0.2.1 -all', zones)).result).toBe(
      'permerror',
    )
  })

  test('a term counts once: exchanges without the client’s type of address do not count', async () => {
    const zones = { ...hosts, 'example.net': numbers(5).map((n) => `MX ${n} only4-${n}.example.net`) }
    const four = Object.fromEntries(numbers(5).map((n) => [`only4-${n}.example.net`, [`A 198.51.100.${n}`]]))
    expect(
      await check('v=spf1 mx:example.net ip6:2001:db8::/32 -all', { ...zones, ...four }, '2001:db8::99'),
    ).toMatchObject({
      result: 'pass',
      voids: 0,
    })
  })

  test('what is no name is not looked up', async () => {
    expect(
      await check('v=spf1 a:%{h1} a:..example.com exists:%{l}..example.com mx:a..b.c ip4:192.0.2.1 -all'),
    ).toMatchObject({
      result: 'pass',
      lookups: 4,
      voids: 1,
    })
  })
})

describe('ten names of an MX or a PTR (RFC 7208 §4.6.4)', () => {
  test('the addresses of ten exchanges cost none of the ten look-ups', async () => {
    const zones = { ...hosts, 'ten.example.net': numbers(10).map((n) => `MX ${n} h${n}.example.net`) }
    expect(await check('v=spf1 mx:ten.example.net -all', zones, '198.51.100.10')).toMatchObject({
      result: 'pass',
      lookups: 1,
    })
  })

  test('eleven exchanges are a permerror, wherever the client is among them', async () => {
    const zones = { ...hosts, 'eleven.example.net': numbers(11).map((n) => `MX ${n} h${n}.example.net`) }
    for (const ip of ['198.51.100.1', '198.51.100.11', '192.0.2.1'])
      expect((await check('v=spf1 mx:eleven.example.net -all', zones, ip)).result).toBe('permerror')
  })

  test('of a client’s names the first ten are looked at, the others ignored', async () => {
    const names = (mine: number) =>
      Object.fromEntries([
        ['1.2.0.192.in-addr.arpa', numbers(12).map((n) => `PTR p${n}.example.com`)],
        ...numbers(12).map((n) => [`p${n}.example.com`, [n === mine ? 'A 192.0.2.1' : 'A 198.51.100.1']]),
      ]) as Zones
    expect((await check('v=spf1 ptr -all', names(10))).result).toBe('pass')
    expect((await check('v=spf1 ptr -all', names(11))).result).toBe('fail')
    const dns = dnsOf({ 'example.com': ['v=spf1 exists:%{p}.list.example -all'], ...names(11) })
    await checkHost({ ip: '192.0.2.1', mailFrom: 'joe@example.com' }, dns)
    expect(dns.asked.at(-1)).toBe('A unknown.list.example')
  })
})

describe('the tree', () => {
  test('has every term with its cost, those of included records within', async () => {
    const zones = {
      ...hosts,
      '_spf.example.net': ['v=spf1 a:h1.example.net a:gone.example.net ip4:192.0.2.0/24 a:h2.example.net ~all'],
    }
    const { tree, ...rest } = await check('v=spf1 mx ?include:_spf.example.net a:h3.example.net -all', zones)
    expect(rest).toEqual({ result: 'neutral', lookups: 4, voids: 2 })
    expect(tree).toEqual({
      domain: 'example.com',
      record: 'v=spf1 mx ?include:_spf.example.net a:h3.example.net -all',
      result: 'neutral',
      terms: [
        { term: 'mx', outcome: 'no match', target: 'example.com.', lookups: 1, voids: 1 },
        {
          term: '?include:_spf.example.net',
          outcome: 'match',
          target: '_spf.example.net.',
          lookups: 3,
          voids: 1,
          record: {
            domain: '_spf.example.net',
            record: 'v=spf1 a:h1.example.net a:gone.example.net ip4:192.0.2.0/24 a:h2.example.net ~all',
            result: 'pass',
            terms: [
              { term: 'a:h1.example.net', outcome: 'no match', target: 'h1.example.net.', lookups: 1, voids: 0 },
              { term: 'a:gone.example.net', outcome: 'no match', target: 'gone.example.net.', lookups: 1, voids: 1 },
              { term: 'ip4:192.0.2.0/24', outcome: 'match', lookups: 0, voids: 0 },
              { term: 'a:h2.example.net', outcome: 'not reached', lookups: 0, voids: 0 },
              { term: '~all', outcome: 'not reached', lookups: 0, voids: 0 },
            ],
          },
        },
        { term: 'a:h3.example.net', outcome: 'not reached', lookups: 0, voids: 0 },
        { term: '-all', outcome: 'not reached', lookups: 0, voids: 0 },
      ],
    })
  })
})
