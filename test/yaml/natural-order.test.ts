import { expect, test } from 'vitest'
import { compareNatural, naturalOrder } from '../../yaml/edit/natural-order.js'

// The order that natsort 8.4 gives these names, which octoDNS 1.22 enforces.
const sorted = [
  '',
  '1e3',
  '2',
  '10',
  '10a',
  '*',
  '-x',
  '_dmarc',
  'a',
  'a1',
  'a2',
  'a10',
  'a10.b',
  'a10.b9',
  'a10.b10',
  'ä',
  'b',
  'xn--a',
]

test('names are in natsort’s order', () => {
  expect([...sorted].reverse().sort(compareNatural)).toEqual(sorted)
})

test('leading zeros do not count', () => {
  expect(compareNatural('a007', 'a7')).toBe(0)
  expect(compareNatural('a00100', 'a99')).toBeGreaterThan(0)
})

test('a name belongs behind its equals, before what is greater', () => {
  const place = naturalOrder(['a', 'a2', 'a02', 'a10'])
  expect(['', 'a2', 'a3', 'z'].map((key) => place?.(key))).toEqual([0, 3, 3, 4])
})

test('a name belongs nowhere in a file without order', () => {
  expect(naturalOrder(['a10', 'a2'])).toBeUndefined()
})
