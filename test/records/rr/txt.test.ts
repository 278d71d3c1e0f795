import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeOctets, encodeOctets, octetLength } from '../../../records/rr/octets.js'
import { joinedTxt, quoteTxt, splitTxt, stringsOf, txtOf, txtWireLength, unquoteTxt } from '../../../records/rr/txt.js'

/** A logical string, binary ones and long ones among them. */
const value = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.uint8Array({ maxLength: 600 }).map(decodeOctets),
  fc
    .tuple(fc.constantFrom('a', 'ä', '€', '😀', '\\', '"', ';', ' '), fc.integer({ min: 250, max: 520 }))
    .map(([char, length]) => char.repeat(length)),
)

describe('a logical string', () => {
  test.each([
    [0, 1],
    [254, 1],
    [255, 1],
    [256, 2],
    [510, 2],
    [511, 3],
    [765, 3],
    [766, 4],
  ])('of %d octets is %d character-strings', (length, count) => {
    expect(splitTxt('x'.repeat(length))).toHaveLength(count)
    expect(txtWireLength('x'.repeat(length))).toBe(length + count)
  })

  test('is cut into strings of at most 255 octets, none inside a character', () => {
    fc.assert(
      fc.property(value, (text) => {
        const chunks = splitTxt(text)
        expect(chunks.join('')).toBe(text)
        expect(Math.max(...chunks.map(octetLength))).toBeLessThanOrEqual(255)
        expect(Buffer.concat(chunks.map(encodeOctets)).equals(Buffer.from(encodeOctets(text)))).toBe(true)
      }),
    )
  })

  test('written for a zone file is printable ASCII, and reads back byte for byte', () => {
    fc.assert(
      fc.property(value, (text) => {
        const quoted = quoteTxt(text)
        expect(quoted).toMatch(/^[ -~]*$/)
        expect(unquoteTxt(quoted)).toBe(text)
      }),
      { numRuns: 500 },
    )
  })
})

describe('what a zone file or an API writes', () => {
  test.each([
    ['""', ''],
    ['', ''],
    ['v=spf1', 'v=spf1'],
    ['"v=spf1 -all"', 'v=spf1 -all'],
    ['"a" "b"', ['a', 'b']],
    ['"a""b"', ['a', 'b']],
    ['a b', ['a', 'b']],
    ['"path=/a" "q=1" ""', ['path=/a', 'q=1', '']],
    [`"${'x'.repeat(255)}" "${'y'.repeat(10)}"`, 'x'.repeat(255) + 'y'.repeat(10)],
    ['"a ;b"', 'a ;b'],
    ['"say \\"hi\\""', 'say "hi"'],
    ['"back\\\\slash"', 'back\\slash'],
    ['"\\195\\164"', 'ä'],
    ['"\\059"', ';'],
    ['"\\;"', ';'],
    ['"ä"', 'ä'],
    ['"\\ä😀"', 'ä😀'],
    ['"  two  "', '  two  '],
  ])('%s is %j', (written, text) => {
    expect(unquoteTxt(written)).toEqual(text)
  })

  test('in whatever strings a stranger cut it, means the joined octets, and goes back with the same borders', () => {
    const strings = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(strings, (parts) => {
        const txt = txtOf(parts.map(decodeOctets))
        expect(Buffer.from(encodeOctets(joinedTxt(txt)))).toEqual(Buffer.concat(parts))
        expect(unquoteTxt(quoteTxt(txt))).toEqual(txt)
        expect(stringsOf(txt).map((part) => Buffer.from(encodeOctets(part)))).toEqual(
          typeof txt === 'string' ? [Buffer.concat(parts)] : parts.map((part) => Buffer.from(part)),
        )
      }),
    )
  })

  test('octets that are no text are escaped, and quotes and backslashes are', () => {
    expect(quoteTxt(decodeOctets(Uint8Array.from([0xff, 0x00, 0x22, 0x5c, 0x3b])))).toBe('"\\255\\000\\"\\\\;"')
  })
})
