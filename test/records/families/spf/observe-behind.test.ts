import { describe, expect, test } from 'vitest'
import { findingsOf, told, txt } from '../told.js'

const including = 'domains: { example.com: { spf: { include: [a.example.com] }, dmarc: false } }\n'
const none = 'domains: { example.com: { spf: false, dmarc: false } }\n'

describe('what the SPF of somebody else, in the zone that was read, leads to', () => {
  test('a circle that our name is not in', async () => {
    const zone = [txt('a', 'v=spf1 include:b.example.com -all'), txt('b', 'v=spf1 redirect=a.example.com')]
    const circle =
      'the SPF of a.example.com includes b.example.com, which includes it again: receivers answer permerror'
    expect(await told(including, zone)).toEqual([
      `warning spf-include-loop: the SPF of example.com includes a.example.com, and ${circle} (RFC 7208 §4.6.4)`,
    ])
  })

  test.each([
    ['a name without SPF', [], 'which has no SPF in the zone that was read'],
    ['a name with two', [txt('b', 'v=spf1 -all', 'v=spf1 a -all')], 'which has 2 SPF values'],
    ['one that is wrong', [txt('b', 'v=spf1 ip4:1')], 'whose SPF is wrong (RFC 7208 §5.6)'],
  ])('%s', async (_, besides, why) => {
    expect(await told(including, [txt('a', 'v=spf1 include:b.example.com -all'), ...besides])).toEqual([
      expect.stringContaining(
        `warning spf-include-without-spf: the SPF of example.com includes a.example.com, which includes b.example.com, ${why}`,
      ),
    ])
  })

  test('everybody', async () => {
    const all = 'the SPF of example.com asks that of a.example.com, which lets everybody send in its name: +all'
    expect(await told(including, [txt('a', 'v=spf1 ip4:9.9.9.9 +all')])).toEqual([`warning spf-everybody: ${all}`])
  })

  test('everybody, behind two includes, is told with the names that lead there and where the first is asked for', async () => {
    const zone = [
      txt('a', 'v=spf1 include:b.example.com -all'),
      txt('b', 'v=spf1 redirect=c.example.com'),
      txt('c', 'v=spf1 +all'),
    ]
    const way = 'a.example.com, which asks that of b.example.com, which asks that of c.example.com, which'
    const [found, ...more] = await findingsOf(including, zone)
    expect(more).toEqual([])
    expect(found).toMatchObject({
      rule: 'spf-everybody',
      from: ['domains', 'example.com', 'spf', 'include', 0],
      message: `the SPF of example.com asks that of ${way} lets everybody send in its name: +all`,
    })
  })

  test('nobody too many, behind names that all include each other', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`)
    const text = `v=spf1 ${names.map((name) => `include:${name}.example.com`).join(' ')} -all`
    const findings = await told(including, [txt('a', text), ...names.map((name) => txt(name, text))])
    expect(findings).not.toContainEqual(expect.stringContaining('spf-everybody'))
  })
})

describe('an SPF that stands where the spec asks for none', () => {
  test('that is wrong', async () => {
    expect(await told(none, [txt('@', 'v=spf1 ip4:9.9.9.9 foo -all')])).toEqual([
      expect.stringContaining(
        'warning spf-broken: the SPF of example.com is wrong, so receivers heed nothing of it: "foo"',
      ),
    ])
  })

  test('that costs too many look-ups', async () => {
    const terms = Array.from({ length: 11 }, (_, index) => `include:_${index}.example.org`)
    expect(await told(none, [txt('@', `v=spf1 ${terms.join(' ')} -all`)])).toEqual([
      expect.stringContaining('warning spf-lookups: the SPF of example.com needs at least 11'),
    ])
  })

  test('that lets everybody send', async () => {
    expect(await told(none, [txt('@', 'v=spf1 all')])).toEqual([
      'warning spf-everybody: the SPF of example.com lets everybody send in its name: all',
    ])
  })

  test('that is in order', async () => {
    expect(await told(none, [txt('@', 'v=spf1 ip4:9.9.9.9 -all')])).toEqual([])
  })
})

describe('who may send by networks', () => {
  const standing = (terms: string) => told(none, [txt('@', `v=spf1 ${terms} -all`)])

  test.each([
    'ip4:0.0.0.0/0',
    'ip4:0.0.0.0/1',
    'ip4:0.0.0.0/2 ip4:128.0.0.0/2',
    'ip6:2000::/3',
    'ip6:2000::/5 ip6:2800::/5',
    'ip6:::/0',
    'mx:example.org/0',
    'a:a.example.org//3',
  ])('%s', async (terms) => {
    expect(await standing(terms)).toEqual([
      `warning spf-everybody: the SPF of example.com lets half of the Internet or more send in its name: ${terms}`,
    ])
  })

  test.each([
    'ip4:17.0.0.0/8 ip4:128.0.0.0/2',
    'ip4:0.0.0.0/2 ip4:0.0.0.0/3 ip4:32.0.0.0/3 ip4:0.0.0.0/2',
    '-ip4:0.0.0.0/0 ip4:9.9.9.9',
    'ip6:2a00::/8 ip6:8000::/1',
  ])('%s: few enough', async (terms) => {
    expect(await standing(terms)).toEqual([])
  })
})
