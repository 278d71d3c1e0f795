import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unicodeNames, withUnicode } from '../../src/render/value/unicode-names.js'

describe('a sentence has the Unicode form of a name behind its A-labels', () => {
  test.each([
    ['xn--h32bq4v.example has no MX', 'xn--h32bq4v.example (메일.example) has no MX'],
    ['the zone is xn--80a1acny.example.', 'the zone is xn--80a1acny.example (почта.example).'],
    ['xn--80a1acny.example.: refused', 'xn--80a1acny.example. (почта.example): refused'],
    ['see https://XN--H32BQ4V.example/a/b, please', 'see https://XN--H32BQ4V.example/a/b (메일.example), please'],
    ['mail to a@xn--h32bq4v.example fails', 'mail to a@xn--h32bq4v.example (메일.example) fails'],
    ['_dmarc.xn--h32bq4v.example. is theirs', '_dmarc.xn--h32bq4v.example. (_dmarc.메일.example) is theirs'],
  ])('%s', (sentence, shown) => {
    expect(withUnicode(sentence)).toBe(shown)
  })

  test('once', () => {
    expect(withUnicode('xn--h32bq4v.kr and xn--h32bq4v.kr')).toBe('xn--h32bq4v.kr (메일.kr) and xn--h32bq4v.kr')
    expect(withUnicode('xn--h32bq4v.kr (메일.kr)')).toBe('xn--h32bq4v.kr (메일.kr)')
  })

  test.each(['xn--.example', 'axn--h32bq4v.example', 'xn--zzzzzz99999.example'])(
    'and not where there is none: %s',
    (name) => {
      expect(unicodeNames(name)).toEqual([])
      expect(withUnicode(name)).toBe(name)
    },
  )

  test('and loses nothing of any text', () => {
    const part = fc.oneof(
      fc.constantFrom('xn--h32bq4v.kr', ' ', '.', ':', '/', '('),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    )
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('')
        const shown = withUnicode(text)
        expect(shown.replaceAll(/ \([^()]*메일\.kr[^()]*\)/g, '')).toBe(
          text.replaceAll(/ \([^()]*메일\.kr[^()]*\)/g, ''),
        )
      }),
    )
  })
})
