import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseName } from '../../../records/rr/name.js'
import { parseRdata, presentation, type RRType, rdataKey, rdataText, targetOf } from '../../../records/rr/rdata.js'
import { typedRdata } from './any-rdata.js'

describe('rdata', () => {
  test('of any type in presentation form is printable, and is read back the same', () => {
    fc.assert(
      fc.property(typedRdata, ([type, rdata]) => {
        const text = presentation(type, rdata)
        expect(text).toMatch(/^[ -~]+$/)
        expect(parseRdata(type, text)).toEqual(rdata)
        if (type !== 'TXT') expect(rdataText(type, rdata)).toBe(text)
      }),
      { numRuns: 300 },
    )
  })

  test('differs in its key where it differs', () => {
    fc.assert(
      fc.property(typedRdata, typedRdata, ([type, rdata], [other, rival]) => {
        fc.pre(type === other)
        expect(rdataKey(type, rdata) === rdataKey(type, rival)).toBe(JSON.stringify(rdata) === JSON.stringify(rival))
      }),
    )
  })

  test('leads to a name that can be written', () => {
    fc.assert(
      fc.property(typedRdata, ([type, rdata]) => {
        const target = targetOf(type, rdata)
        expect(target === undefined).toBe(['A', 'AAAA', 'CAA', 'TLSA', 'TXT'].includes(type))
        if (target !== undefined) expect(parseName(target)).toBe(target)
      }),
    )
  })

  test.each<[RRType, string, unknown]>([
    ['SRV', '0 0 0 .', { priority: 0, weight: 0, port: 0, target: '.' }],
    ['SRV', ' 10\t5  993 Mail.Example.COM. ', { priority: 10, weight: 5, port: 993, target: 'mail.example.com.' }],
    ['CAA', '128 Issue "ca.example.net; account=1"', { flags: 128, tag: 'Issue', value: 'ca.example.net; account=1' }],
    ['CAA', '0 issue ";"', { flags: 0, tag: 'issue', value: ';' }],
    ['CAA', '0 issue ""', { flags: 0, tag: 'issue', value: '' }],
    ['CAA', '0 issue letsencrypt.org', { flags: 0, tag: 'issue', value: 'letsencrypt.org' }],
    ['CAA', '0 issue "a\\"b\\\\c\\059"', { flags: 0, tag: 'issue', value: 'a"b\\c;' }],
    ['TLSA', '3 1 1 ABCD ef01', { usage: 3, selector: 1, matching: 1, data: 'abcdef01' }],
    ['MX', '0 .', { preference: 0, exchange: '.' }],
  ])('%s %j is read', (type, text, rdata) => expect(parseRdata(type, text)).toEqual(rdata))

  test.each<[RRType, string]>([
    ['SRV', '0 0 993'],
    ['SRV', '0 0 65536 mail.example.com.'],
    ['SRV', '0 0 993 mail.example.com'],
    ['SRV', '0 0 993 mail.example.com. more'],
    ['SRV', '-1 0 993 mail.example.com.'],
    ['CAA', '256 issue "x"'],
    ['CAA', '0 is-sue "x"'],
    ['CAA', '0 issue'],
    ['CAA', '0 issue ca.example.net account'],
    ['CAA', '0 issue "one" "two"'],
    ['TLSA', '3 1 1'],
    ['TLSA', '3 1 1 abc'],
    ['TLSA', '3 1 1 xyz0'],
    ['TLSA', '256 1 1 ab'],
    ['MX', 'mail.example.com.'],
    ['MX', '10 mail.example.com. extra.'],
    ['A', '2001:db8::1'],
    ['CNAME', 'two words.'],
  ])('%s %j is none', (type, text) => expect(parseRdata(type, text)).toBeUndefined())
})
