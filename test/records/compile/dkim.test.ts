import { describe, expect, test } from 'vitest'
import { compiled, keyOf, serving } from './compiled.js'

const HEAD = `${serving('example.com')}
hosts:
  mail.example.com: { addresses: [192.0.2.10], helo_spf: false, reverse: false }
  nat.example.com: { egress: [203.0.113.5] }
domains:
`
const example = (domain: string, ...keys: ReturnType<typeof keyOf>[]) =>
  compiled(`${HEAD}  example.com: ${domain}`, keys)
const needs = async (domain: string, ...keys: ReturnType<typeof keyOf>[]) =>
  (await example(domain, ...keys)).neededKeys.map(({ algorithm, selector }) => `${selector} ${algorithm}`)

describe('DKIM is on', () => {
  test.each([
    ['by default where a host of ours receives, and so sends', '{ mx: [mail.example.com] }'],
    ['by default where a host of ours only sends', '{ spf: { hosts: [nat.example.com] } }'],
    ['where the spec asks for it, whoever sends', '{ spf: { include: [_spf.google.com] }, dkim: {} }'],
  ])('%s', async (_, domain) => {
    expect(await needs(domain)).toEqual(['s%Y%m rsa-2048', 's%Y%m-ed25519 ed25519'])
  })
})

describe('DKIM is off', () => {
  test.each([
    ['where only relays send', '{ mx: [mx.example.org], spf: { include: [_spf.google.com] } }', ['dkim-relays-only']],
    [
      'where the MX hosts do not send',
      '{ mx: [mail.example.com], spf: { mx: false, include: [_spf.google.com] } }',
      ['dkim-relays-only'],
    ],
    ['where nobody sends', '{ mx: none, spf: { all: fail } }', []],
    [
      'where the spec says so, without a word',
      '{ mx: [mail.example.com], spf: { include: [x.example] }, dkim: false }',
      [],
    ],
    ['for a parked domain', '{ mail: none }', []],
  ])('%s', async (_, domain, notes) => {
    const { neededKeys, rules, records } = await example(domain, keyOf('example.com.', 'old'))
    expect(neededKeys).toEqual([])
    expect(records('dkim').filter((record) => record.includes('old'))).toEqual([])
    expect(rules.filter((rule) => rule.startsWith('dkim'))).toEqual(notes)
  })

  test('by default for all, and on where a domain asks', async () => {
    const { neededKeys } = await compiled(`${HEAD.replace('domains:', 'defaults: { dkim: false }\ndomains:')}
  example.com: { mx: [mail.example.com] }
  a.example.com: { mx: [mail.example.com], dkim: {} }`)
    expect([...new Set(neededKeys.map(({ domain }) => domain))]).toEqual(['a.example.com.'])
  })
})

describe('the keys of a domain', () => {
  test('are all in DNS, RSA and Ed25519 side by side, whatever their state', async () => {
    const { records } = await example(
      '{ mx: [mail.example.com] }',
      keyOf('example.com.', 's2', { algorithm: 'ed25519', publicKey: 'AAAA' }),
      keyOf('example.com.', 's1', { publicKey: 'MIIB' }),
      keyOf('example.com.', 's3', { publicKey: 'MIIC', state: 'published' }),
    )
    expect(records('dkim')).toEqual([
      's1._domainkey.example.com. TXT v=DKIM1; k=rsa; p=MIIB',
      's2._domainkey.example.com. TXT v=DKIM1; k=ed25519; p=AAAA',
      's3._domainkey.example.com. TXT v=DKIM1; k=rsa; p=MIIC',
    ])
  })

  test('that are revoked have an empty p, and are made anew', async () => {
    const revoked = keyOf('example.com.', 's1', { state: 'revoked' })
    const { records, neededKeys } = await example('{ mx: [mail.example.com] }', revoked)
    expect(records('dkim')).toEqual(['s1._domainkey.example.com. TXT v=DKIM1; k=rsa; p='])
    expect(neededKeys.map(({ algorithm }) => algorithm)).toEqual(['rsa-2048', 'ed25519'])
  })

  test('are its own: those of another domain count for nothing', async () => {
    const { records } = await example('{ mx: [mail.example.com] }', keyOf('example.net.', 's1'))
    expect(records('dkim')).toEqual([])
    expect(await needs('{ mx: [mail.example.com] }', keyOf('example.net.', 's1'))).toHaveLength(2)
  })

  test('are made where an algorithm has none', async () => {
    expect(await needs('{ mx: [mail.example.com] }', keyOf('example.com.', 'old'))).toEqual(['s%Y%m-ed25519 ed25519'])
    expect(
      await needs(
        '{ mx: [mail.example.com] }',
        keyOf('example.com.', 'old'),
        keyOf('example.com.', 'ed', { algorithm: 'ed25519' }),
      ),
    ).toEqual([])
  })

  test('have selectors from the pattern: the first algorithm alone, the others with their name', async () => {
    const domain = '{ mx: [mail.example.com], dkim: { algorithms: [ed25519, rsa-4096, ed25519], selector: "m%Y" } }'
    expect(await needs(domain)).toEqual(['m%Y ed25519', 'm%Y-rsa-4096 rsa-4096'])
  })
})
