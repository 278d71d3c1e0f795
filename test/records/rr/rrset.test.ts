import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { canonical, compareRRsets, type RRset, sameRRset } from '../../../records/rr/rrset.js'
import { rrset } from '../zone-fixtures.js'

const name = 'Example.COM.' as Name

describe('the canonical form', () => {
  test.each<[string, RRset, unknown[]]>([
    [
      'sorts values and drops repeated ones',
      { type: 'A', name, ttl: 1, rdata: ['192.0.2.2', '192.0.2.1', '192.0.2.2'] },
      ['192.0.2.1', '192.0.2.2'],
    ],
    [
      'writes IPv6 as RFC 5952 does',
      { type: 'AAAA', name, ttl: 1, rdata: ['2001:DB8:0:0::1', '2001:db8::1'] },
      ['2001:db8::1'],
    ],
    [
      'sorts MX by preference, as a number',
      {
        type: 'MX',
        name,
        ttl: 1,
        rdata: [
          { preference: 100, exchange: 'A.example.' as Name },
          { preference: 9, exchange: 'b.example.' as Name },
        ],
      },
      [
        { preference: 9, exchange: 'b.example.' },
        { preference: 100, exchange: 'a.example.' },
      ],
    ],
    ['has names in lower case', { type: 'PTR', name, ttl: 1, rdata: ['MAIL.example.' as Name] }, ['mail.example.']],
    ['leaves TXT values as they are', { type: 'TXT', name, ttl: 1, rdata: ['B', 'a', 'B '] }, ['B', 'B ', 'a']],
  ])('%s', (_, given, rdata) => {
    expect(canonical(given)).toEqual({ ...given, name: 'example.com.', rdata })
  })

  test('is its own canonical form', () => {
    const values = fc.array(fc.oneof(fc.ipV6(), fc.string()), { maxLength: 5 })
    fc.assert(
      fc.property(fc.constantFrom('A', 'AAAA', 'TXT'), values, (type, rdata) => {
        const once = canonical({ type, name, ttl: 1, rdata })
        expect(canonical(once)).toEqual(once)
        expect(canonical({ ...once, rdata: [...once.rdata].reverse() as string[] })).toEqual(once)
      }),
    )
  })
})

describe('two RRsets are the same', () => {
  const one = rrset('@ 60 TXT a | b')

  test('whatever the order of their values', () => {
    expect(sameRRset(one, { ...one, rdata: [...one.rdata].reverse() } as RRset)).toBe(true)
  })

  test.each(['@ 61 TXT a | b', '@ 60 TXT a', '@ 60 TXT a | b | c', '@ 60 TXT a | B', 'www 60 TXT a | b'])(
    'and not if one is %s',
    (other) => {
      expect(sameRRset(one, rrset(other))).toBe(false)
    },
  )
})

test('a zone is listed by name, then type', () => {
  const lines = ['www 1 A 192.0.2.1', '@ 1 TXT x', '@ 1 MX 10 a.example.', '_dmarc 1 TXT y']
  expect(
    lines
      .map(rrset)
      .sort(compareRRsets)
      .map(({ name: owner, type }) => `${owner} ${type}`),
  ).toEqual(['example.com. MX', 'example.com. TXT', '_dmarc.example.com. TXT', 'www.example.com. A'])
})
