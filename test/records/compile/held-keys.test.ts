import { describe, expect, test } from 'vitest'
import { ED25519_KEY, RSA_KEYS } from '../../fixtures/dkim-keys.js'
import { compiled, keyOf, serving } from './compiled.js'

const rsa = (bits: keyof typeof RSA_KEYS, tags = ''): string => `v=DKIM1; k=rsa; ${tags}p=${RSA_KEYS[bits]}`
const HEAD = `${serving('example.com', 'keys.example')}
hosts:
  mail.example.com: { addresses: [192.0.2.10], helo_spf: false, reverse: false }
domains:
`
const example = (domain: string, ...keys: ReturnType<typeof keyOf>[]) =>
  compiled(`${HEAD}  example.com: ${domain}`, keys)
const withKey = (text: string) =>
  example(`{ spf: { include: [relay.example] }, dkim: { keys: { s1: { txt: "${text}" } } } }`)

describe('a key that others hold', () => {
  test('is a CNAME or a TXT at its selector, as it was given, and keeps its tags', async () => {
    const text = `v=DKIM1; h=sha256; t=s; n=ours; k=ed25519; p=${ED25519_KEY}`
    const { records } = await example(`{ dkim: { keys: { s1: { cname: s1.relay.example }, s2: { txt: "${text}" } } } }`)
    expect(records('dkim')).toEqual([
      's1._domainkey.example.com. CNAME s1.relay.example.',
      `s2._domainkey.example.com. TXT ${text}`,
    ])
  })

  test.each([
    [
      'where only a relay sends',
      '{ spf: { include: [relay.example] }, dkim: { keys: { s1: { cname: a.example } } } }',
      0,
    ],
    ['where a host of ours sends too', '{ mx: [mail.example.com], dkim: { keys: { s1: { cname: a.example } } } }', 2],
    [
      'and that is turned off',
      '{ mx: [mail.example.com], dkim: { algorithms: [], keys: { s1: { cname: a.example } } } }',
      0,
    ],
    [
      'where own keys are asked for beside it',
      '{ spf: { include: [relay.example] }, dkim: { algorithms: [rsa-2048], keys: { s1: { cname: a.example } } } }',
      1,
    ],
  ])('makes no key of our own: %s', async (_, domain, count) => {
    const { neededKeys, rules } = await example(domain)
    expect(neededKeys).toHaveLength(count)
    expect(rules).not.toContain('dkim-relays-only')
  })

  test('stands beside keys of our own', async () => {
    const { records } = await example(
      '{ mx: [mail.example.com], dkim: { keys: { s1: { cname: a.example } } } }',
      keyOf('example.com.', 'own'),
    )
    expect(records('dkim').map((record) => record.split(' ').slice(0, 2).join(' '))).toEqual([
      'own._domainkey.example.com. TXT',
      's1._domainkey.example.com. CNAME',
    ])
  })

  test('cannot share its selector with one of our own', async () => {
    const { finding, rules } = await example(
      '{ mx: [mail.example.com], dkim: { keys: { own: { txt: "v=DKIM1; p=" } } } }',
      keyOf('example.com.', 'own'),
    )
    expect(finding('dkim-selector-twice')).toMatchObject({
      severity: 'error',
      from: ['domains', 'example.com', 'dkim', 'keys', 'own'],
    })
    expect(rules).not.toContain('record-twice')
  })

  test('signs, so a policy to reject is no danger', async () => {
    const rulesOf = async (key: string) =>
      (await example(`{ spf: { include: [r.example] }, dmarc: { policy: reject }, dkim: { keys: { a: ${key} } } }`))
        .rules
    expect(await rulesOf('{ cname: a.example }')).not.toContain('dmarc-reject-without-dkim')
    expect(await rulesOf(`{ txt: "${rsa(2048)}" }`)).not.toContain('dmarc-reject-without-dkim')
    expect(await rulesOf('{ txt: "v=DKIM1; p=" }')).toContain('dmarc-reject-without-dkim')
    expect(await rulesOf(`{ txt: "${rsa(2048, 't=y; ')}" }`)).toContain('dmarc-reject-without-dkim')
  })
})

describe('what is said of the text of a key', () => {
  test.each([
    ['512 bits', rsa(512), 'dkim-key-weak', 'error'],
    ['1024 bits', rsa(1024), 'dkim-rsa-short', 'warning'],
    ['revoked', 'v=DKIM1; p=', 'dkim-key-revoked', 'note'],
    ['testing', rsa(2048, 't=y; '), 'dkim-key-testing', 'note'],
    ['not for mail', rsa(2048, 's=other; '), 'dkim-key-not-for-mail', 'warning'],
    ['sha1 alone', rsa(2048, 'h=sha1; '), 'dkim-key-sha1', 'warning'],
  ])('%s', async (_, text, rule, severity) => {
    expect((await withKey(text)).finding(rule)).toMatchObject({ severity })
  })

  test.each([
    ['2048 bits', rsa(2048)],
    ['strict identity, for email, and two hashes', rsa(2048, 'h=sha1:sha256; s=email; t=s; ')],
    ['Ed25519', `v=DKIM1; k=ed25519; p=${ED25519_KEY}`],
  ])('nothing: %s', async (_, text) => {
    expect((await withKey(text)).rules.filter((rule) => rule.startsWith('dkim'))).toEqual([])
  })
})

describe('a CNAME into a zone of the spec', () => {
  const domain = '{ spf: { include: [r.example] }, dkim: { keys: { s1: { cname: s1._domainkey.keys.example } } } }'

  test('leads to a key, or that is said', async () => {
    expect((await example(domain)).finding('dkim-cname-without-key')).toMatchObject({
      severity: 'warning',
      seenAt: 's1._domainkey.keys.example.',
    })
    const { rules } = await example(
      `${domain}\n  keys.example: { spf: false, dmarc: false, dkim: { keys: { s1: { txt: "${rsa(2048)}" } } } }`,
    )
    expect(rules).not.toContain('dkim-cname-without-key')
  })

  test('elsewhere nothing is known of it', async () => {
    expect((await example(domain.replace('keys.example', 'relay.example'))).rules).not.toContain(
      'dkim-cname-without-key',
    )
  })
})
