import { expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'

const cname = { type: 'CNAME', name: '*.example.com.' as Name, ttl: 60, rdata: ['www.example.net.' as Name] } as RRset
const zone = zoneWith('example.com.' as Name, [cname])

test.each([
  ['www.example.com.', '*.example.com.'],
  ['a.b.example.com.', '*.example.com.'],
  ['example.com.', 'example.com.'],
  ['mx.example.org.', 'mx.example.org.'],
  ['com.', 'com.'],
])('the answer for %s comes from %s', (name, source) => {
  expect(zone.source(name as Name)).toBe(source)
})
