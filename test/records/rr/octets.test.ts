import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeOctets, encodeOctets, octetLength } from '../../../records/rr/octets.js'

/** Octets as they are met: any, or UTF-8 with pieces of it broken off. */
const octets = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc
    .tuple(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.nat(20), fc.nat(20))
    .map(([text, from, length]) => Uint8Array.from(Buffer.from(text).subarray(from, from + length))),
)

describe('octets as text', () => {
  test('come back byte for byte, whatever they are', () => {
    fc.assert(
      fc.property(octets, (value) => {
        expect([...encodeOctets(decodeOctets(value))]).toEqual([...value])
        expect(octetLength(decodeOctets(value))).toBe(value.length)
      }),
      { numRuns: 2000 },
    )
  })

  test('two values are equal as text only where they are equal', () => {
    fc.assert(
      fc.property(octets, octets, (one, other) => {
        expect(decodeOctets(one) === decodeOctets(other)).toBe(Buffer.compare(one, other) === 0)
      }),
    )
  })

  test('are the text itself where they are UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(decodeOctets(Buffer.from(text))).toBe(text)
      }),
    )
  })

  test.each([
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61]],
    ['an encoded surrogate', [0xed, 0xb2, 0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a code point beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['half a character between whole ones', [0x61, 0xe2, 0x82, 0xc3, 0xa4, 0xff]],
  ])('%s is kept', (_, value) => {
    expect([...encodeOctets(decodeOctets(Uint8Array.from(value)))]).toEqual(value)
  })

  test('survive JSON, in which a plan is saved', () => {
    fc.assert(
      fc.property(octets, (value) => {
        const saved = Buffer.from(JSON.stringify(decodeOctets(value)), 'utf8').toString('utf8')
        expect([...encodeOctets(JSON.parse(saved))]).toEqual([...value])
      }),
    )
  })
})
