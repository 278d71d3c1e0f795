import { expect, test } from 'vitest'
import { expandSelector } from '../../records/dkim-key.js'

test.each([
  ['s%Y%m', 's202611'],
  ['%Y%m%d', '20261107'],
  ['mail', 'mail'],
  ['m%m-ed25519', 'm11-ed25519'],
])('on 7 November 2026 the selector %s is %s', (pattern, selector) => {
  expect(expandSelector(pattern, '2026-11-07')).toBe(selector)
})
