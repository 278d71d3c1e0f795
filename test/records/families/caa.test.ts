import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caa } from '../../../records/families/caa/caa.js'

describe('CAA values that mean the same', () => {
  test.each([
    ['0 issue "letsencrypt.org"', '0 ISSUE "letsencrypt.org"'],
    ['0 issue "letsencrypt.org"', '0 issue " LetsEncrypt.org ; "'],
    ['0 issue "letsencrypt.org"', '1 issue "letsencrypt.org"'],
    ['0 issue ";"', '0 issue ""'],
    [
      '0 issue "a.example; accounturi=https://a.example/1; validationmethods=dns-01"',
      '0 issue "a.example;validationmethods = dns-01;accounturi=https://a.example/1"',
    ],
    ['128 issuewild ";"', '129 IssueWild " ;"'],
    ['0 contactemail "a@example.com"', '0 ContactEmail "a@example.com"'],
  ])('%s and %s', (a, b) => {
    expect(caa.same(a, b)).toBe(true)
  })

  test.each([
    ['the critical bit', '0 issue "a.example"', '128 issue "a.example"'],
    ['another CA', '0 issue "a.example"', '0 issue "b.example"'],
    ['wildcards', '0 issue "a.example"', '0 issuewild "a.example"'],
    ['an account', '0 issue "a.example"', '0 issue "a.example; accounturi=https://a.example/1"'],
    ['the case of an account', '0 issue "a.example; x=A"', '0 issue "a.example; x=a"'],
    ['the case of an address', '0 iodef "mailto:A@example.com"', '0 iodef "mailto:a@example.com"'],
    ['nobody, and what no CA can read', '0 issue ";"', '0 issue "a b"'],
  ])('not: %s', (_, a, b) => {
    expect(caa.same(a, b)).toBe(false)
  })
})

test.each([
  ['issue "x"', 'RFC 8659 §4.1'],
  ['256 issue "x"', 'RFC 8659 §4.1'],
  ['0 is-sue "x"', 'RFC 8659 §4.1'],
  ['0 issue "let sencrypt.org"', 'RFC 8659 §4.2'],
  ['0 issue "-letsencrypt.org"', 'RFC 8659 §4.2'],
  ['0 issue "a..example"', 'RFC 8659 §4.2'],
  ['0 issuewild "a.example; accounturi"', 'RFC 8659 §4.3'],
  ['0 issue "a.example; ; b=c"', 'RFC 8659 §4.2'],
  ['0 issuemail "a.example; b=c d"', 'RFC 9495 §3'],
  ['0 issue "a.example; accounturi=12"', 'RFC 8657 §3'],
  ['0 issue "a.example; accounturi=https://a/1; accounturi=https://a/2"', 'RFC 8657 §3'],
  ['0 issue "a.example; validationmethods=dns_01"', 'RFC 8657 §4'],
  ['0 iodef "pki@example.com"', 'RFC 8659 §4.4'],
])('%s is wrong, and %s says so', (text, section) => {
  expect(caa.read(text).faults).toEqual([expect.objectContaining({ section })])
})

test('what is read means the same once it is written', () => {
  const part = fc.constantFrom(
    ...['0', '128', ' ', 'issue', 'ISSUEMAIL', 'iodef', '"', ';', '=', 'letsencrypt.org', 'accounturi', 'https://a/1'],
    ...['mailto:a@b.example', '\\"', '\\200', 'validationmethods=dns-01', '-', ' "'],
  )
  const text = fc.oneof(
    fc.array(part, { maxLength: 10 }).map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom('0', '128', '7'), fc.constantFrom('issue', 'IssueWild', 'iodef', 'x1'), fc.array(part))
      .map(([flags, tag, parts]) => `${flags} ${tag} "${parts.join('').replaceAll('"', '')}"`),
  )
  fc.assert(
    fc.property(text, (value) => {
      const read = caa.read(value)
      if (read.value === undefined || read.faults.length > 0) return
      expect(caa.same(caa.write(read.value), value)).toBe(true)
    }),
  )
})
