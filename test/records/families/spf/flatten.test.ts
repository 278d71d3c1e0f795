import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkHost } from '../../../../records/families/spf/evaluate/check-host.js'
import { flattenInclude } from '../../../../records/families/spf/evaluate/flatten.js'
import type { Name } from '../../../../records/rr/name.js'
import { parseName } from '../../../../records/rr/name.js'
import { dnsOfCase } from './oracles/oracles.js'
import { randomCase } from './oracles/random-case.js'
import { dnsOf, type Zones } from './zones.js'

const flat = (zones: Zones) => flattenInclude(parseName('relay.example') as Name, dnsOf(zones))

describe('an include as what it means', () => {
  test.each<[string, Zones, readonly string[], readonly string[]]>([
    [
      'networks, the fewest',
      {
        'relay.example': [
          'v=spf1 ip4:192.0.2.0/25 ip4:192.0.2.128/25 ip4:192.0.2.7 ip6:2001:db8::/33 ip6:2001:db8:8000::/33 -all',
        ],
      },
      ['ip4:192.0.2.0/24', 'ip6:2001:db8::/32'],
      [],
    ],
    [
      'what is said of everybody else does not count',
      { 'relay.example': ['v=spf1 ip4:192.0.2.1 ?all'] },
      ['ip4:192.0.2.1'],
      [],
    ],
    [
      'nothing stands after all',
      { 'relay.example': ['v=spf1 ip4:192.0.2.1 ~all ip4:192.0.2.2'] },
      ['ip4:192.0.2.1'],
      [],
    ],
    [
      'what other than passes is taken out of what follows',
      { 'relay.example': ['v=spf1 -ip4:192.0.2.1 ip4:192.0.2.0/30 -all'] },
      ['ip4:192.0.2.0', 'ip4:192.0.2.2/31'],
      [],
    ],
    [
      'and not of what stands before',
      { 'relay.example': ['v=spf1 ip4:192.0.2.0/30 -ip4:192.0.2.1 -all'] },
      ['ip4:192.0.2.0/30'],
      [],
    ],
    [
      'nested includes',
      {
        'relay.example': ['v=spf1 include:_a.relay.example -include:_b.relay.example ip4:198.51.100.0/31 -all'],
        '_a.relay.example': ['v=spf1 ip4:192.0.2.1 -all'],
        '_b.relay.example': ['v=spf1 ip4:198.51.100.0 -all'],
      },
      ['ip4:192.0.2.1', 'ip4:198.51.100.1'],
      [],
    ],
    [
      'redirect',
      {
        'relay.example': ['v=spf1 -ip4:192.0.2.0 redirect=_a.relay.example'],
        '_a.relay.example': ['v=spf1 ip4:192.0.2.0/31 ~all'],
      },
      ['ip4:192.0.2.1'],
      [],
    ],
    [
      'redirect beside all',
      { 'relay.example': ['v=spf1 ip4:192.0.2.0 -all redirect=_a.relay.example'] },
      ['ip4:192.0.2.0'],
      [],
    ],
    [
      'a and mx, of the included domain too',
      {
        'relay.example': ['v=spf1 a/31 mx a:h.relay.example//64 -all', 'A 192.0.2.4', 'MX 10 m.relay.example'],
        'm.relay.example': ['A 192.0.2.9', 'AAAA 2001:db8::9'],
        'h.relay.example': ['AAAA 2001:db8:1::1'],
      },
      ['ip4:192.0.2.4/31', 'ip4:192.0.2.9', 'ip6:2001:db8::9', 'ip6:2001:db8:1::/64'],
      [],
    ],
    [
      'exists, ptr and macros stay, for the domain they stood in',
      {
        'relay.example': ['v=spf1 ip4:192.0.2.1 exists:%{i}._i.%{d} ptr a:%{l}.%{d2}/24 include:%{d1r}.x.example -all'],
      },
      ['ip4:192.0.2.1'],
      ['exists:%{i}._i.relay.example', 'ptr:relay.example', 'a:%{l}.relay.example/24', 'include:relay.x.example'],
    ],
    [
      'an include that lets all pass stays',
      { 'relay.example': ['v=spf1 include:_a.relay.example ip4:192.0.2.1 -all'], '_a.relay.example': ['v=spf1 +all'] },
      ['ip4:192.0.2.1'],
      ['include:_a.relay.example'],
    ],
    [
      'a macro behind what does not pass cannot be moved',
      { 'relay.example': ['v=spf1 -ip4:192.0.2.1 exists:%{i}.x.example -all'] },
      [],
      ['include:relay.example'],
    ],
  ])('%s', async (_, zones, networks, terms) => {
    expect(await flat(zones)).toEqual({ networks, terms })
  })

  test.each<[string, Zones]>([
    ['relay.example has no SPF', {}],
    [
      'the SPF of relay.example is wrong: "ipv4:1": RFC 7208 knows no such term (RFC 7208 §4.6.1)',
      { 'relay.example': ['v=spf1 ipv4:1 -all'] },
    ],
    ['relay.example includes itself (RFC 7208 §4.6.4)', { 'relay.example': ['v=spf1 include:relay.example -all'] }],
    [
      'A of h.example could not be looked up: SERVFAIL',
      { 'relay.example': ['v=spf1 a:h.example -all'], 'h.example': ['failure'] },
    ],
    [
      '%{p} in the SPF of relay.example cannot be moved to another domain',
      { 'relay.example': ['v=spf1 exists:%{p}.x.example -all'] },
    ],
  ])('is not told where %s', async (fault, zones) => {
    expect(await flat(zones)).toEqual({ fault })
  })
})

test('whoever sends: the terms that replace an include give the result that it gives', async () => {
  let compared = 0
  await fc.assert(
    fc.asyncProperty(randomCase, fc.constantFrom('', '-', '?'), async (one, after) => {
      const dns = dnsOfCase(one)
      const found = await flattenInclude('a.example.net.' as Name, dns)
      if ('fault' in found) return
      const result = (terms: readonly string[]) => {
        const record = ['v=spf1', ...terms, `${after}ip4:192.0.2.0/24`, '~all'].join(' ')
        return checkHost({ ...one, mailFrom: 'joe@test.example' }, async (name, type) =>
          name === 'test.example.' && type === 'TXT'
            ? ({ kind: 'answer', records: [record] } as never)
            : dns(name, type),
        )
      }
      const original = await result(['include:a.example.net'])
      // One that is over a limit, or fails, may be within it when it is flat.
      if (original.result === 'permerror' || original.result === 'temperror') return
      compared++
      expect((await result([...found.networks, ...found.terms])).result).toBe(original.result)
    }),
    { numRuns: 3000 },
  )
  expect(compared).toBeGreaterThan(500)
})
