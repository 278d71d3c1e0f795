import { describe, expect, test } from 'vitest'
import {
  compareNames,
  displayName,
  joinName,
  type Name,
  parentOf,
  parseHostname,
  parseName,
  ROOT,
  relativeTo,
  zoneOf,
} from '../../../records/rr/name.js'

const n = (text: string) => text as Name

describe('a name as a user writes it', () => {
  test.each([
    ['mail.example.com', 'mail.example.com.'],
    ['MAIL.Example.COM.', 'mail.example.com.'],
    ['bücher.example', 'xn--bcher-kva.example.'],
    ['BÜCHER.example', 'xn--bcher-kva.example.'],
    ['bu\u0308cher.example', 'xn--bcher-kva.example.'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example.'],
    ['faß.example', 'xn--fa-hia.example.'],
    ['例え。テスト', 'xn--r8jz45g.xn--zckzah.'],
    ['_dmarc.example.com', '_dmarc.example.com.'],
    ['*.example.com', '*.example.com.'],
    ['0/25.2.0.192.in-addr.arpa', '0/25.2.0.192.in-addr.arpa.'],
    ['a--b.example', 'a--b.example.'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example.`],
    ['.', '.'],
  ])('%s is %s', (text, name) => {
    expect(parseName(text)).toBe(name)
  })

  test.each([
    ['', 'a name is missing'],
    ['mail..example.com', 'empty label'],
    ['.example.com', 'empty label'],
    ['mail.example.com..', 'empty label'],
    ['mail example.com', 'white space'],
    ['mail.example.com\n', 'white space'],
    ['mail@example.com', 'a character that DNS names here cannot have'],
    ['a\\.b.example', 'a character that DNS names here cannot have'],
    ['xn--a.example', 'no valid IDNA label'],
    ['www.*.example.com', 'stands alone in the first label'],
    ['a*.example.com', 'stands alone in the first label'],
    [`${'a'.repeat(64)}.example`, 'longer than 63 octets'],
    [`${'ü'.repeat(60)}.example`, 'longer than 63 octets'],
    [`${'abcdefg.'.repeat(31)}example`, 'longer than 253 octets'],
  ])('%j is none: %s', (text, error) => {
    expect(parseName(text)).toMatchObject({ rule: 'name', error: expect.stringContaining(error) })
  })

  test('253 octets are enough, 254 are not', () => {
    const longest = `${'abcdefg.'.repeat(31)}abcde`
    expect(longest).toHaveLength(253)
    expect(parseName(longest)).toBe(`${longest}.`)
    expect(parseName(`${longest}f`)).toMatchObject({ rule: 'name' })
  })
})

describe('the name of a host', () => {
  test.each([
    ['localhost', 'a single label'],
    ['.', 'a single label'],
    ['_dmarc.example.com', '"_dmarc" has more'],
    ['*.example.com', '"*" has more'],
    ['-a.example.com', '"-a" has more'],
    ['a-.example.com', '"a-" has more'],
    ['192.0.2', 'it ends in a number'],
    ['10.2.0.192.in-addr.arpa', 'a reverse name'],
    ['8.b.d.0.1.0.0.2.ip6.arpa.', 'a reverse name'],
  ])('is not %s: %s', (text, error) => {
    expect(parseHostname(text)).toMatchObject({ rule: 'name', error: expect.stringContaining(error) })
  })

  test('may begin with a digit', () => {
    expect(parseHostname('3com.example')).toBe('3com.example.')
  })
})

test('the zone of a name is the longest that holds it', () => {
  const zones = new Map([n('example.com.'), n('eu.example.com.'), n('com.')].map((zone) => [zone, zone]))
  expect(zoneOf(n('mail.eu.example.com.'), zones)).toBe('eu.example.com.')
  expect(zoneOf(n('eu.example.com.'), zones)).toBe('eu.example.com.')
  expect(zoneOf(n('mail.neu.example.com.'), zones)).toBe('example.com.')
  expect(zoneOf(n('notexample.com.'), zones)).toBe('com.')
  expect(zoneOf(n('example.net.'), zones)).toBeUndefined()
  expect(zoneOf(n('example.net.'), new Map([[ROOT, 1]]))).toBe('.')
})

test('people see U-labels and no dot at the end', () => {
  expect(displayName(n('mail.xn--bcher-kva.example.'))).toBe('mail.bücher.example')
  expect(displayName(n('mail.example.com.'))).toBe('mail.example.com')
  expect(displayName(ROOT)).toBe('.')
})

test('the root has no parent but itself, and holds everything', () => {
  expect(parentOf(n('com.'))).toBe('.')
  expect(parentOf(ROOT)).toBe('.')
  expect(joinName('com', ROOT)).toBe('com.')
  expect(relativeTo(ROOT, n('example.com.'))).toBe('example.com')
})

test('zones are listed parents first, then siblings by label, numbers by their value', () => {
  const names = ['b.example.', '10.example.', 'a.b.example.', '9.example.', 'example.', '1a.example.', 'a.example.']
  expect(names.map(n).sort(compareNames)).toEqual([
    'example.',
    '9.example.',
    '10.example.',
    '1a.example.',
    'a.example.',
    'b.example.',
    'a.b.example.',
  ])
})

test('quotation marks and dashes that a word processor made are no part of a name; letters and emoji are', () => {
  for (const text of ['“mail.example.com”', 'mail–1.example.com', '‘a’.example.com'])
    expect(parseName(text)).toMatchObject({ rule: 'name', error: expect.stringContaining('which no name has') })
  for (const text of ['bücher.example', '☕.example', 'l·l.example', 'xn--mail-oy3b.example'])
    expect(typeof parseName(text), text).toBe('string')
})

test('a name that is no end of addresses in one another is none, with no hint', () => {
  for (const text of ['mailto:a@'.repeat(6_000), 'a@'.repeat(30_000), '"'.repeat(60_000), 'x@b.example '.repeat(9_000)])
    expect(parseName(text)).toEqual({ rule: 'name', error: expect.any(String) })
  expect(parseName('info@b.example')).toMatchObject({ hint: 'write the name alone: b.example' })
})

test('a path is no name, and nothing that is one is made of it', async () => {
  expect(parseName('a/../b.example.com')).not.toHaveProperty('hint')
  expect(parseName('../../example.com')).not.toHaveProperty('hint')
})
