import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeTxt, encodeTxt } from '../../../providers/yaml/txt-value.js'

/** Texts in which what octoDNS treats specially is common. */
const hard = fc.string({ unit: fc.constantFrom('"', ' ', ';', '\\', 'a', 'é', '\n'), maxLength: 12 })

test('every value comes back as it was', () => {
  fc.assert(
    fc.property(hard, fc.boolean(), (value, escaped) => {
      expect(decodeTxt(encodeTxt(value, escaped), escaped)).toBe(value)
    }),
    { numRuns: 2000 },
  )
})

test('mail values are written as octoDNS’s documentation writes them', () => {
  expect(encodeTxt('v=DKIM1; k=rsa; p=MIIB', true)).toBe('v=DKIM1\\; k=rsa\\; p=MIIB')
  expect(encodeTxt('v=spf1 ip4:192.0.2.10 ~all', true)).toBe('v=spf1 ip4:192.0.2.10 ~all')
})

test('octoDNS’s own quoting is undone', () => {
  expect(decodeTxt('"v=DKIM1\\; " "p=abc"', true)).toBe('v=DKIM1; p=abc')
})
