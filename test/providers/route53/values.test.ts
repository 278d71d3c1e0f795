import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { a, txt } from '../../../conformance/rrsets.js'

import { plugin } from '../../../providers/route53/index.js'
import { fromNativeName, fromValue, toNativeName, toValue } from '../../../providers/route53/spelling.js'
import type { Name } from '../../../records/rr/name.js'
import { decodeOctets } from '../../../records/rr/octets.js'
import { txtOf } from '../../../records/rr/txt.js'

describe('names as Route 53 spells them', () => {
  test.each([
    ['mail.example.com.', 'mail.example.com.'],
    ['*.example.com.', '\\052.example.com.'],
    ['0/25.2.0.192.in-addr.arpa.', '0\\05725.2.0.192.in-addr.arpa.'],
    ['_dmarc.xn--bcher-kva.example.', '_dmarc.xn--bcher-kva.example.'],
    ['a\\.b.example.com.', 'a\\056b.example.com.'],
    ['sp\\032ace.example.com.', 'sp\\040ace.example.com.'],
    ['back\\\\slash.example.com.', 'back\\134slash.example.com.'],
    ['ex\\228mple.com.', 'ex\\344mple.com.'],
    ['.', '.'],
  ])('%s is %s', (name, native) => {
    expect(toNativeName(name as Name)).toBe(native)
    expect(fromNativeName(native)).toBe(name)
  })

  test('a value typed without the trailing dot, or in capitals, is the same name', () => {
    expect(fromNativeName('Mail.Example.COM')).toBe('mail.example.com.')
    expect(fromNativeName('\\101.example.com')).toBe('a.example.com.')
    expect(fromNativeName('a\\056')).toBe('a\\..')
  })
})

describe('TXT as Route 53 spells it', () => {
  test.each([
    ['v=spf1 -all', '"v=spf1 -all"'],
    ['', '""'],
    ['say "hi" \\ there', '"say \\"hi\\" \\\\ there"'],
    ['grüße', '"gr\\303\\274\\303\\237e"'],
    ['tab\there', '"tab\\011here"'],
    ['x'.repeat(256), `"${'x'.repeat(255)}" "x"`],
  ])('%j is %s', (text, value) => {
    expect(toValue('TXT', text)).toBe(value)
    expect(fromValue('TXT', value)).toBe(text)
  })

  test.each([
    ['"a""b"', ['a', 'b']],
    ['"a" "b"', ['a', 'b']],
    ['"\\141\\\\101"', 'a\\101'],
    ['"\\"\\042"', '""'],
  ])('%s is read as %j', (value, text) => expect(fromValue('TXT', value)).toEqual(text))

  test('no octet and no border of any value is lost', () => {
    const strings = fc.array(fc.uint8Array({ maxLength: 255 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(strings, (octets) => {
        const value = txtOf(octets.map(decodeOctets))
        expect(fromValue('TXT', toValue('TXT', value))).toEqual(value)
      }),
    )
  })

  test('no octet of any value is lost', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (octets) => {
        const text = decodeOctets(octets)
        expect(fromValue('TXT', toValue('TXT', text))).toBe(text)
      }),
    )
  })
})

describe('what Route 53 cannot hold', () => {
  test('a value over 4,000 characters, quotes and escapes included', () => {
    const fits = 'x'.repeat(3953)
    expect(toValue('TXT', fits)).toHaveLength(4000)
    expect(plugin.rejects?.(txt('t', [fits]))).toBeUndefined()
    expect(plugin.rejects?.(txt('t', [`${fits}x`]))).toMatch(/4001 characters.*4000/)
    expect(plugin.rejects?.(txt('t', ['é'.repeat(600)]))).toMatch(/characters/)
  })

  test('an RRset that is too large for one request', () => {
    const values = Array.from({ length: 1001 }, (_, index) => `10.0.${index >> 8}.${index & 255}`)
    expect(plugin.rejects?.(a('many', values))).toMatch(/1001 values/)
    expect(plugin.rejects?.(a('many', values.slice(1)))).toBeUndefined()
    const long = Array.from({ length: 9 }, (_, index) => `${index}${'x'.repeat(3800)}`)
    expect(plugin.rejects?.(txt('t', long))).toMatch(/32000 characters/)
    expect(plugin.rejects?.(txt('t', long.slice(1)))).toBeUndefined()
  })
})
