import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { AnyRRset, RRset } from '../../../records/rr/rrset.js'
import { at, mail, told, txt } from './told.js'

const none = 'domains: { example.com: { spf: false, dkim: false, dmarc: false } }\n'
const mx = (...exchanges: string[]): RRset => ({
  type: 'MX',
  name: at('@'),
  ttl: 60,
  rdata: exchanges.map((exchange) => ({ preference: 10, exchange: exchange as Name })),
})
const address = (name: string): RRset => ({ type: 'A', name: at(name), ttl: 60, rdata: ['9.9.9.9'] }) as RRset
const cname = (name: string): RRset => ({ type: 'CNAME', name: at(name), ttl: 60, rdata: ['b.example.net.' as Name] })

describe('the MX of a domain that the spec has none for', () => {
  const nowhere = 'warning mx-leads-nowhere: mail for example.com'

  test.each([
    ['gone.example.com.', 'gone.example.com, which has no address'],
    ['192.0.2.1.', '192.0.2.1, which is an address and no name (RFC 5321 §5.1)'],
    ['localhost.', 'localhost, which is no whole name of a machine'],
    ['mail.', 'mail, which is no whole name of a machine'],
  ])('%s', async (exchange, why) => {
    expect(await told(none, [mx(exchange), cname('alias')])).toEqual([
      `${nowhere} does not arrive: its MX, which this spec leaves as they are, lead to ${why}`,
    ])
  })

  test('a CNAME, which many senders follow', async () => {
    expect(await told(none, [mx('alias.example.com.'), cname('alias')])).toEqual([
      `${nowhere} may not arrive: its MX, which this spec leaves as they are, lead to alias.example.com, which is a CNAME, and not every sender follows one (RFC 2181 §10.3)`,
    ])
  })

  test('the null MX beside another', async () => {
    expect(await told(none, [mx('.', 'mx.example.org.')])).toEqual([
      expect.stringContaining(
        `${nowhere} may not arrive: its MX, which this spec leaves as they are, lead to the root`,
      ),
    ])
  })

  test.each([
    ['alone is the null MX', [mx('.')]],
    ['leads to an address', [mx('mx.example.com.'), address('mx')]],
    ['leads to one that a wildcard has', [mx('mx.example.com.'), address('*')]],
    ['leads elsewhere', [mx('mx.example.org.')]],
    ['leads elsewhere, which no wildcard of the zone stands for', [mx('mx.example.org.'), cname('*')]],
    [
      'leads below a delegation',
      [
        mx('mx.sub.example.com.'),
        { type: 'NS', name: at('sub'), ttl: 60, rdata: ['ns.example.net.' as Name] } as RRset,
      ],
    ],
  ])('%s', async (_, besides: AnyRRset[]) => {
    expect(await told(none, besides as RRset[])).toEqual([])
  })
})

describe('names that have the zone twice, as panels make of whole names', () => {
  test('are told, with what was meant', async () => {
    const policy = txt('_dmarc.example.com', 'v=DMARC1; p=reject')
    expect(await told(none, [policy, txt('s1._domainkey.example.com', 'v=DKIM1; p=')])).toEqual([
      'warning name-doubled: the zone example.com is twice in names of it, and nobody looks there: _dmarc.example.com.example.com, meant as _dmarc.example.com; s1._domainkey.example.com.example.com, meant as s1._domainkey.example.com',
    ])
  })

  test('are not those that the spec asks for, or that only begin alike', async () => {
    const wanted =
      'domains: { mail.example.com.example.com: { mx: [mx.example.org], spf: false, dkim: false, dmarc: false } }\n'
    expect(await told(wanted, [])).toEqual([])
    expect(await told(none, [txt('example.com.au', 'x'), txt('notexample.com', 'x')])).toEqual([])
    expect(await told(`${mail}domains: {}\n`, [])).toEqual([])
  })
})

describe('what stands where the spec asks for nothing, and is none to receivers', () => {
  test.each([
    ['v=DMARC1; p=none; p=reject', 'the tag p is there twice (RFC 9989 §4.8)'],
    ['v=DMARC1; p=reject;; sp=', 'sp=: only none, quarantine, reject can stand there (RFC 9989 §4.7)'],
    ['v=DMARC1; sp=reject', 'without p=, and without rua=, receivers do not look at it (RFC 9989 §4.7)'],
  ])('a policy: %s', async (value, why) => {
    expect(await told(none, [txt('_dmarc', value)])).toEqual([
      `warning dmarc-broken: the policy at _dmarc.example.com is wrong, so receivers apply none: ${why}`,
    ])
  })

  test('a policy that is one', async () => {
    expect(await told(none, [txt('_dmarc', 'v=DMARC1; p=none; x=1')])).toEqual([])
  })

  const key = 'v=DKIM1; k=ed25519; p=GaIKIxDPEpcnDkl6cvSkcY0F1qVo3WZh4UDDXxNJVRs='
  test.each([
    [[key, 'v=DKIM1; p='], 'there are 2 TXT values, and which is taken is undefined (RFC 6376 §3.6.2.2)'],
    [[key, 'hello'], 'there are 2 TXT values'],
    [['v=DKIM1; p=MIIB*'], '(RFC 6376 §3.6.1)'],
  ])('a key of somebody: %j', async (values, why) => {
    expect(await told(none, [txt('s9._domainkey', ...values)])).toEqual([
      expect.stringMatching(
        /^warning dkim-key-broken: what is signed with the key at s9\._domainkey\.example\.com, which/,
      ),
    ])
    expect((await told(none, [txt('s9._domainkey', ...values)]))[0]).toContain(why)
  })

  test('a key that is one, a revoked one, what is no key, and one of a name that is no domain here', async () => {
    const besides = [
      txt('s1._domainkey', key),
      txt('s2._domainkey', 'v=DKIM1; p='),
      txt('s3._domainkey', 'hello', 'you'),
      txt('s4._domainkey.sub', key, key.slice(0, -3)),
    ]
    expect(await told(none, besides)).toEqual([])
  })
})
