import { describe, expect, test } from 'vitest'
import type { Purpose } from '../../records/families/mail-record.js'
import { diffValues } from '../../src/render/value/value-diff.js'

const SIGN = { added: '+', removed: '-', kept: '' }

/** Each value's diff as one line: its state, its signed tokens, and what else differs. */
function told(purpose: Purpose, before: readonly string[], after: readonly string[]): string[] {
  return diffValues(purpose, before, after).map(({ state, tokens, separator, differs }) => {
    const words = tokens.map((token) => `${SIGN[token.state]}${token.text}`).join(separator)
    return `${state}: ${words}${differs ? ` (${differs})` : ''}`
  })
}

describe('SPF is compared by its terms', () => {
  test('an address more', () => {
    const before = ['v=spf1 ip4:192.0.2.10 ~all']
    const after = ['v=spf1 ip4:192.0.2.10 ip4:198.51.100.7 ~all']
    expect(told('spf', before, after)).toEqual(['changed: v=spf1 ip4:192.0.2.10 +ip4:198.51.100.7 ~all'])
  })

  test('a term that goes stays where it was', () => {
    const before = ['v=spf1 ip4:192.0.2.1 include:_spf.old.example ip4:192.0.2.2 ~all']
    const after = ['v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 -all']
    expect(told('spf', before, after)).toEqual([
      'changed: v=spf1 ip4:192.0.2.1 -include:_spf.old.example ip4:192.0.2.2 -~all +-all',
    ])
  })

  test('terms in another order are the same terms, and the order is told', () => {
    const before = ['v=spf1 include:a.example ip4:192.0.2.1 ~all']
    const after = ['v=spf1 ip4:192.0.2.1 include:a.example ~all']
    expect(told('spf', before, after)).toEqual(['changed: v=spf1 ip4:192.0.2.1 include:a.example ~all (order)'])
  })

  test('blanks more are only another spelling', () => {
    expect(told('spf', ['v=spf1  a  -all '], ['v=spf1 a -all'])).toEqual(['changed: v=spf1 a -all (spelling)'])
  })

  test('a term that stood there twice goes once', () => {
    expect(told('spf', ['v=spf1 a a -all'], ['v=spf1 a -all'])).toEqual(['changed: v=spf1 a -a -all'])
  })

  test('two records at once become one: both go whole', () => {
    expect(told('spf', ['v=spf1 a -all', 'v=spf1 mx -all'], ['v=spf1 -all'])).toEqual([
      'removed: -v=spf1 -a --all',
      'removed: -v=spf1 -mx --all',
      'added: +v=spf1 +-all',
    ])
  })
})

describe('DMARC and DKIM are compared by their tags', () => {
  test('the old tag stands beside the new one of its name', () => {
    const before = ['v=DMARC1; p=none; rua=mailto:a@example.com']
    const after = ['v=DMARC1; p=reject; np=reject; rua=mailto:a@example.com']
    expect(told('dmarc', before, after)).toEqual([
      'changed: v=DMARC1; -p=none; +p=reject; +np=reject; rua=mailto:a@example.com',
    ])
  })

  test('a tag that goes stays where it was', () => {
    expect(told('dmarc', ['v=DMARC1; p=none; pct=50; fo=1'], ['v=DMARC1; p=none; fo=1'])).toEqual([
      'changed: v=DMARC1; p=none; -pct=50; fo=1',
    ])
  })

  test('tags have no order; a last semicolon is spelling', () => {
    expect(
      told('dmarc', ['v=DMARC1;rua=mailto:a@b.example;p=none;'], ['v=DMARC1; p=none; rua=mailto:a@b.example']),
    ).toEqual(['changed: v=DMARC1; p=none; rua=mailto:a@b.example (spelling)'])
  })

  test('a key that is revoked loses its p', () => {
    expect(told('dkim', ['v=DKIM1; k=rsa; p=AAAA'], ['v=DKIM1; k=rsa; p='])).toEqual([
      'changed: v=DKIM1; k=rsa; -p=AAAA; +p=',
    ])
  })
})

describe('addresses, names and MX are compared whole', () => {
  test('what goes comes first, then all that will stand', () => {
    expect(told('host', ['192.0.2.1', '192.0.2.2'], ['192.0.2.2', '192.0.2.3'])).toEqual([
      'removed: -192.0.2.1',
      'kept: 192.0.2.2',
      'added: +192.0.2.3',
    ])
  })

  test('another preference is another value', () => {
    expect(told('mx', ['10 mail.example.com.'], ['20 mail.example.com.'])).toEqual([
      'removed: -10 mail.example.com.',
      'added: +20 mail.example.com.',
    ])
  })

  test('the same values differ in nothing', () => {
    expect(told('host', ['192.0.2.1'], ['192.0.2.1'])).toEqual(['kept: 192.0.2.1'])
  })
})

test('a hostile value of thirty thousand terms is compared before the test times out', () => {
  const before = `v=spf1 ${Array.from({ length: 30_000 }, (_, index) => `a${index}`).join(' ')}`
  expect(diffValues('spf', [before], ['v=spf1 -all'])[0]?.tokens).toHaveLength(30_002)
  expect(diffValues('dmarc', [before.replaceAll(' ', ';')], ['v=DMARC1; p=none'])[0]?.tokens).toHaveLength(30_003)
})
