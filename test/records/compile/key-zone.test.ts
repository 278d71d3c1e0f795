import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { ED25519_KEY } from '../../fixtures/dkim-keys.js'
import { compiled, keyOf, serving } from './compiled.js'

type Key = ReturnType<typeof keyOf>

const spec = (
  domains: string,
  { zones = ['example.com', 'example.org', 'keys.example.net'], dkim = '' } = {},
) => `${serving(...zones)}
defaults: { ttl: 600, dkim: { zone: keys.example.net, selectors: [a, b, c, d], ${dkim} } }
hosts:
  mail.example.com: { addresses: [192.0.2.10], helo_spf: false, reverse: false }
domains:
${domains}
`
const BOTH = `  example.com: { mx: [mail.example.com] }
  example.org: { mx: [mail.example.com] }`
const shared = (selector: string, more: Partial<Key> = {}): Key =>
  keyOf('keys.example.net.', selector, { algorithm: 'ed25519', publicKey: ED25519_KEY, ...more })
const zoneRules = (rules: readonly string[]) => rules.filter((rule) => rule.startsWith('dkim-'))

describe('domains that sign with the keys of a zone', () => {
  test('lead every fixed selector there, and every one of them has a record there', async () => {
    const { records, neededKeys, rules } = await compiled(spec(BOTH), [shared('a'), shared('b', { state: 'revoked' })])
    expect(records('dkim')).toEqual([
      'a._domainkey.example.com. CNAME a._domainkey.keys.example.net.',
      'b._domainkey.example.com. CNAME b._domainkey.keys.example.net.',
      'c._domainkey.example.com. CNAME c._domainkey.keys.example.net.',
      'd._domainkey.example.com. CNAME d._domainkey.keys.example.net.',
      'a._domainkey.example.org. CNAME a._domainkey.keys.example.net.',
      'b._domainkey.example.org. CNAME b._domainkey.keys.example.net.',
      'c._domainkey.example.org. CNAME c._domainkey.keys.example.net.',
      'd._domainkey.example.org. CNAME d._domainkey.keys.example.net.',
      `a._domainkey.keys.example.net. TXT v=DKIM1; k=ed25519; p=${ED25519_KEY}`,
      'b._domainkey.keys.example.net. TXT v=DKIM1; k=ed25519; p=',
      'c._domainkey.keys.example.net. TXT v=DKIM1; p=',
      'd._domainkey.keys.example.net. TXT v=DKIM1; p=',
    ])
    expect(neededKeys).toMatchObject([{ domain: 'keys.example.net.', algorithm: 'rsa-2048', selector: 'c' }])
    expect(zoneRules(rules)).toEqual([])
  })

  test('a key that is gone leaves what it had when it was revoked, and the one after it takes its place', async () => {
    const gone = shared('a', { state: 'gone' })
    expect((await compiled(spec(BOTH), [gone])).records('TXT')).toContain(
      'a._domainkey.keys.example.net. TXT v=DKIM1; k=ed25519; p=',
    )
    const { records } = await compiled(spec(BOTH), [shared('a', { turn: 2 }), gone])
    expect(records('TXT')).toContain(`a._domainkey.keys.example.net. TXT v=DKIM1; k=ed25519; p=${ED25519_KEY}`)
  })

  test('new keys take selectors that never had one; where all had one, only a rotation can tell', async () => {
    const { neededKeys } = await compiled(spec(BOTH))
    expect(neededKeys.map(({ algorithm, selector }) => `${algorithm} ${selector}`)).toEqual(['rsa-2048 a', 'ed25519 b'])
    const used = ['a', 'b', 'c', 'd'].map((selector) => shared(selector, { state: 'gone' }))
    expect((await compiled(spec(BOTH), used)).neededKeys).toEqual([])
  })

  test('keep keys of their own in DNS until those are gone, and need no new ones', async () => {
    const own = [keyOf('example.com.', 's1'), keyOf('example.com.', 's0', { state: 'gone' })]
    const { records, neededKeys } = await compiled(spec(BOTH), own)
    expect(records('TXT')).toContain('s1._domainkey.example.com. TXT v=DKIM1; k=rsa; p=MIIB')
    expect(records().join()).not.toContain('s0._domainkey')
    expect(neededKeys.map(({ domain }) => domain)).toEqual(['keys.example.net.', 'keys.example.net.'])
  })

  test('only where a host of ours sends, as without a zone', async () => {
    const { records } = await compiled(spec('  example.com: { spf: { include: [relay.example] } }'))
    expect(records('dkim')).toEqual([])
  })

  test('a name in no zone of the spec is somebody else’s: selectors lead there, and no key is made', async () => {
    const elsewhere = spec(BOTH, { zones: ['example.com', 'example.org'] })
    const { records, neededKeys, finding } = await compiled(elsewhere)
    expect(records('dkim')).toHaveLength(8)
    expect(neededKeys).toEqual([])
    expect(finding('dkim-zone-elsewhere')).toMatchObject({ severity: 'note', from: ['defaults', 'dkim', 'zone'] })
    expect((await compiled(elsewhere, [shared('a')])).finding('dkim-zone-elsewhere')?.severity).toBe('warning')
  })
})

describe('what cannot be of a zone for keys is told', () => {
  test.each([
    ['algorithms', 'algorithms: [ed25519]'],
    ['selectors', 'selectors: [a, b, c]'],
    ['rotate', 'rotate: { every: 90d }'],
    ['recipients', 'recipients: [age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p]'],
  ])('two domains with other %s', async (word, other) => {
    const { findings } = await compiled(
      spec(`  example.com: { mx: [mail.example.com] }\n  example.org: { mx: [mail.example.com], dkim: { ${other} } }`),
    )
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      {
        rule: 'dkim-zone-differs',
        from: ['domains', 'example.org', 'dkim', word],
        also: ['domains', 'example.com', 'dkim', word],
      },
    ])
  })

  test('a name that is a domain with keys itself', async () => {
    const crowded = (dkim: string) => `${BOTH}\n  keys.example.net: { mx: [mail.example.com], dkim: ${dkim} }`
    expect((await compiled(spec(crowded('{ zone: false }')))).rules).toContain('dkim-zone-with-keys')
    expect((await compiled(spec(crowded('false')))).rules).not.toContain('dkim-zone-with-keys')
    const parked = await compiled(spec(`${BOTH}\n  keys.example.net: { mail: none }`))
    expect(zoneRules(parked.rules)).toEqual([])
  })

  test('a fixed selector that has another key', async () => {
    const held = '  example.com: { mx: [mail.example.com], dkim: { keys: { b: { cname: b.relay.example } } } }'
    expect((await compiled(spec(held))).finding('dkim-selector-twice')).toMatchObject({
      from: ['domains', 'example.com', 'dkim', 'keys', 'b'],
      message: 'the selector b of example.com leads to keys.example.net already: dkim.zone has it as a fixed one',
    })
    const own = await compiled(spec(BOTH), [keyOf('example.org.', 'c')])
    expect(own.finding('dkim-selector-twice')).toMatchObject({ from: ['domains', 'example.org', 'dkim'] })
    expect((await compiled(spec(BOTH), [keyOf('example.org.', 'c', { state: 'gone' })])).rules).not.toContain(
      'dkim-selector-twice',
    )
  })

  test('a selector that left the list, with its key still in use', async () => {
    expect((await compiled(spec(BOTH), [shared('e')])).finding('dkim-zone-selector')).toMatchObject({
      severity: 'error',
      message: 'e is no fixed selector any more, and keys.example.net has a key there that is signing',
    })
    expect((await compiled(spec(BOTH), [shared('e', { state: 'gone' })])).rules).not.toContain('dkim-zone-selector')
  })

  test('selectors that are too few for the rotation', async () => {
    const few = async (dkim: string) =>
      (await compiled(spec(BOTH, { dkim }))).finding('dkim-zone-few-selectors')?.message
    expect(await few('rotate: { every: 180d }')).toBeUndefined()
    expect(await few('rotate: { every: 30d }')).toContain('has 4 fixed selectors and needs 6')
    expect(await few('algorithms: [ed25519], rotate: { every: 30d }')).toBeUndefined()
  })

  test('p=reject while no key of the zone signs', async () => {
    const reject = spec('  example.com: { mx: [mail.example.com], dmarc: { policy: reject } }')
    expect(
      (await compiled(reject, [shared('a', { state: 'published' })])).finding('dmarc-reject-without-dkim'),
    ).toMatchObject({
      message: expect.stringContaining('a is published, not signing'),
      hint: expect.stringContaining('mailsync dkim use example.com a'),
    })
    expect((await compiled(reject, [shared('a')])).finding('dmarc-reject-without-dkim')?.message).toContain(
      'does not sign yet: its selectors were not seen to lead to keys.example.net',
    )
    const led = (selectors: string[]) => new Map([['example.com.' as Name, { selectors, visible: 1, signing: 2 }]])
    expect((await compiled(reject, [shared('a')], led(['b']))).rules).toContain('dmarc-reject-without-dkim')
    expect((await compiled(reject, [shared('a')], led(['a', 'b']))).rules).not.toContain('dmarc-reject-without-dkim')
  })
})
