import { expect, test } from 'vitest'
import { diffValues } from '../../src/render/value/value-diff.js'

/** A record of strangers in a zone file may be as long; time that grows by the square of it would be hours. */
const TOKENS = 300_000

test.each([
  ['the same term again and again', (_: number) => 'a'],
  ['terms of which none is there twice', (index: number) => `ip4:${index}`],
])('a value of 300,000 terms is compared with ours: %s', (_, term) => {
  const long = Array.from({ length: TOKENS }, (_, index) => term(index))
  const [diff] = diffValues('spf', [`v=spf1 ${long.join(' ')}`], ['v=spf1 -all'])
  expect(diff?.tokens.map(({ state }) => state).filter((state) => state === 'removed')).toHaveLength(TOKENS)
})

test('of two such values, what both have is found', () => {
  const long = Array.from({ length: TOKENS }, () => 't=1').join('; ')
  const [diff] = diffValues('dmarc', [`v=DMARC1; p=none; ${long}`], [`v=DMARC1; p=reject; ${long}`])
  expect(diff?.tokens.slice(0, 4)).toEqual([
    { text: 'v=DMARC1', state: 'kept' },
    { text: 'p=none', state: 'removed' },
    { text: 'p=reject', state: 'added' },
    { text: 't=1', state: 'kept' },
  ])
  expect(diff?.tokens).toHaveLength(TOKENS + 3)
})
