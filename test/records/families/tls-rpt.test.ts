import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { families } from '../../../records/families/index.js'
import { readTlsRpt, writeTlsRpt } from '../../../records/families/tls-rpt/read-tls-rpt.js'

const faultsOf = (text: string) => readTlsRpt(text).faults.map(({ section, message }) => `${section}: ${message}`)

describe('the TXT of _smtp._tls (RFC 8460 §3)', () => {
  test.each([
    ['v=TLSRPTv1;rua=mailto:reports@example.com', ['mailto:reports@example.com']],
    ['v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt;', ['https://reporting.example.com/v1/tlsrpt']],
    [
      'v=TLSRPTv1; rua=mailto:a@example.com \t,\t https://b.example/?c=d',
      ['mailto:a@example.com', 'https://b.example/?c=d'],
    ],
    ['v=TLSRPTv1; x=1; rua=mailto:a%21b@example.com?subject=x', ['mailto:a%21b@example.com?subject=x']],
  ])('%j', (text, rua) => {
    expect(readTlsRpt(text)).toMatchObject({ value: { rua }, faults: [] })
  })

  test.each([
    ['rua=mailto:a@example.com; v=TLSRPTv1', 'it does not begin with "v=TLSRPTv1;", so senders discard it'],
    ['v=TLSRPTv1 ;rua=mailto:a@example.com', 'it does not begin with "v=TLSRPTv1;", so senders discard it'],
    ['v=tlsrptv1; rua=mailto:a@example.com', 'it does not begin with "v=TLSRPTv1;", so senders discard it'],
    ['v=TLSRPTv1; RUA=mailto:a@example.com', 'there is no rua='],
    ['v=TLSRPTv1; rua=', 'an empty address in rua: it is no URI with , ! and ; percent-encoded'],
    ['v=TLSRPTv1; rua=a@example.com', 'a@example.com in rua: it is no URI with , ! and ; percent-encoded'],
    [
      'v=TLSRPTv1; rua=mailto:a@example.com!10m',
      'mailto:a@example.com!10m in rua: it is no URI with , ! and ; percent-encoded',
    ],
    ['v=TLSRPTv1; rua=mailto:a@example.com,', 'an empty address in rua: it is no URI with , ! and ; percent-encoded'],
    [
      'v=TLSRPTv1; rua=https://a.example/b c',
      'https://a.example/b c in rua: it is no URI with , ! and ; percent-encoded',
    ],
    ['v=TLSRPTv1; rua=http://a.example/', 'http://a.example/ in rua: reports go to mailto: and https: only'],
    ['v=TLSRPTv1; rua=https:///t', 'https:///t in rua: reports go to mailto: and https: only'],
    ['v=TLSRPTv1; rua=mailto:example.com', 'mailto:example.com in rua: reports go to mailto: and https: only'],
    ['v=TLSRPTv1; rua=mailto:a@example.com; x=a b', 'the field x has a value that no field can have'],
  ])('%j is none: %s', (text, fault) => {
    expect(readTlsRpt(text).value).toBeUndefined()
    expect(faultsOf(text)).toContain(`RFC 8460 §3: ${fault}`)
  })

  test('where only one of several can be used, that one is', () => {
    const text = 'v=TLSRPTv1; rua=ftp://a.example/,mailto:a@example.com'
    expect(readTlsRpt(text).value?.rua).toEqual(['mailto:a@example.com'])
    expect(faultsOf(text)).toHaveLength(1)
  })

  test('means the same in another order, and another case of what has none', () => {
    const { same } = families.tlsrpt
    const text = 'v=TLSRPTv1; rua=mailto:A@example.com,https://b.example/T;'
    expect(same(text, 'v=TLSRPTv1;x=1;rua=HTTPS://B.example/T , MAILTO:A@Example.COM')).toBe(true)
    expect(same(text, text.replace('A@', 'a@'))).toBe(false)
    expect(same(text, text.replace('/T', '/t'))).toBe(false)
    expect(same(text, text.replace('mailto:A@example.com,', ''))).toBe(false)
  })
})

test('what is written is read as it was', () => {
  const part = fc.stringMatching(/^[a-zA-Z0-9.%20_-]{1,12}$/).map((text) => text.replaceAll('%', 'x'))
  const uri = fc.oneof(
    part.map((local) => `mailto:${local}@example.com`),
    part.map((path) => `https://example.com/${path}?a=b&c=d`),
  )
  fc.assert(
    fc.property(fc.array(uri, { minLength: 1, maxLength: 4 }), (rua) => {
      const record = { rua, extensions: [{ name: 'x', value: '1' }] }
      expect(readTlsRpt(writeTlsRpt(record))).toEqual({ value: record, faults: [] })
    }),
  )
})
