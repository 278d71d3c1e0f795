import { describe, expect, test } from 'vitest'
import { load, problemsOf } from '../load.js'

const spec = (dkim: string, defaults = '{}'): string => `providers: { dns: { class: yaml } }
zones: { example.com: { targets: [dns] }, keys.example.net: { targets: [dns] } }
domains: { example.com: { dkim: ${dkim} } }
defaults: { dkim: ${defaults} }
`
const zoneOf = async (dkim: string, defaults?: string) => {
  const { spec: read, problems } = await load(spec(dkim, defaults))
  expect(problems).toEqual([])
  const found = read?.domains[0]?.dkim
  return found ? found.zone && { name: found.zone.name, selectors: found.zone.selectors.join(' ') } : undefined
}
const told = async (dkim: string, defaults?: string) =>
  (await problemsOf(spec(dkim, defaults))).map((line) => line.replace(/^mailsync\.yaml:/, ''))

describe('a zone for keys', () => {
  test('is a name, with eight fixed selectors', async () => {
    const usual = { name: 'keys.example.net.', selectors: 'r1 r2 r3 r4 r5 r6 r7 r8' }
    expect(await zoneOf('{ zone: keys.example.net }')).toEqual(usual)
    expect(await zoneOf('{ zone: Keys.Example.NET. }')).toEqual(usual)
  })

  test('may stand in the defaults, with its selectors, and a domain may have none all the same', async () => {
    const usual = '{ zone: keys.example.net, selectors: [a, b] }'
    expect(await zoneOf('{}', usual)).toEqual({ name: 'keys.example.net.', selectors: 'a b' })
    expect(await zoneOf('{ zone: false }', usual)).toBeUndefined()
    expect(await zoneOf('{ selectors: [a, b] }', '{ zone: keys.example.net }')).toMatchObject({ selectors: 'a b' })
  })

  test('lets the pattern in the defaults be that of domains without one', async () => {
    expect(await zoneOf('{ zone: keys.example.net }', '{ selector: "s%Y" }')).toMatchObject({
      name: 'keys.example.net.',
    })
  })
})

describe('what is wrong with a zone for keys is told at its place', () => {
  test.each([
    [
      'the domain itself',
      '{ zone: example.com }',
      '3:41 dkim-zone: example.com is this domain itself, and a selector cannot lead to itself',
    ],
    [
      'a pattern',
      '{ zone: keys.example.net, selector: "s%Y%m" }',
      '3:59 dkim-zone: with dkim.zone selectors are fixed, as they are led there once: a pattern for new ones means nothing',
    ],
    [
      'selectors without it',
      '{ selectors: [a, b] }',
      '3:35 dkim-zone: fixed selectors are those of a dkim.zone, and this domain has none',
    ],
    ['a selector twice', '{ zone: keys.example.net, selectors: [a, b, a] }', '3:77 dkim-zone: a is listed twice'],
    [
      'a whole key name',
      '{ zone: r1._domainkey.keys.example.net }',
      'write what stands after ._domainkey alone: keys.example.net',
    ],
    ['an address', '{ zone: 192.0.2.1 }', '3:41 name: "192.0.2.1" is not a name: it ends in a number'],
    ['no selector', '{ zone: keys.example.net, selectors: [] }', '3:70 spec-value: the list is empty'],
    [
      'a selector with a dot',
      '{ zone: keys.example.net, selectors: [a.b] }',
      'a fixed selector has up to 40 lower-case letters',
    ],
    ['no algorithms', '{ zone: keys.example.net, algorithms: [] }', 'with algorithms: [] mailsync makes no keys'],
    [
      'keys that a mail server keeps',
      '{ zone: keys.example.net, from: { class: opendkim, key_table: /etc/opendkim/KeyTable } }',
      'with the keys of dkim.from mailsync makes no keys for this domain',
    ],
    ['true', '{ zone: true }', '3:41 spec-type: expected text or false, found the boolean true'],
  ])('%s', async (_, dkim, expected) => {
    expect((await told(dkim)).join('\n')).toContain(expected)
  })

  test('all at once', async () => {
    expect(await told('{ zone: example.com, selector: x, selectors: [a, a] }')).toHaveLength(3)
  })
})
