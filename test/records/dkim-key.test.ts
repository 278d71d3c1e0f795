import { expect, test } from 'vitest'
import { expandSelector, withSelectors } from '../../records/families/dkim/dkim-key.js'
import { keyOf } from './compile/compiled.js'

const TODAY = '2026-11-22'
const need = (selector: string, domain = 'example.com.') => keyOf(domain, selector)
const selectors = (needs: ReturnType<typeof need>[], ...used: string[]) =>
  withSelectors(
    needs,
    used.map((selector) => keyOf('example.com.', selector)),
    TODAY,
  ).map(({ selector }) => selector)

test.each([
  ['s%Y%m', 's202611'],
  ['%a-%Y', 'rsa2048-2026'],
  ['%Y%m%d', '20261107'],
  ['mail', 'mail'],
  ['m%m-ed25519', 'm11-ed25519'],
])('on 7 November 2026 the selector %s is %s', (pattern, selector) => {
  expect(expandSelector(pattern, '2026-11-07', 'rsa-2048')).toBe(selector)
})

test('a selector the domain has used is followed by the first letter that is free', () => {
  expect(selectors([need('s%Y%m')], 's202611')).toEqual(['s202611b'])
  expect(selectors([need('s%Y%m')], 's202611', 's202611c', 's202611b')).toEqual(['s202611d'])
  expect(selectors([need('s1-ed25519')], 's1', 's1-ed25519')).toEqual(['s1-ed25519b'])
})

test('what another domain has used is free', () => {
  expect(selectors([need('s%Y%m', 'example.net.')], 's202611')).toEqual(['s202611'])
})

test('two keys that are made together have a selector each', () => {
  expect(selectors([need('s1'), need('s1')])).toEqual(['s1', 's1b'])
})

test('there is always one more', () => {
  const letters = [...'bcdefghijklmnopqrstuvwxyz'].map((letter) => `s1${letter}`)
  expect(selectors([need('s1')], 's1', ...letters)).toEqual(['s1zb'])
})
