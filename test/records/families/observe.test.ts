import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { canonical, opaque, type RRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { checkZone, unanswered } from '../../../records/rules.js'
import { compiled, keyOf } from '../compile/compiled.js'
import { APEX, at, example, mail, told, txt } from './told.js'

describe('an include of a name in the zone that was read', () => {
  const including = 'domains: { example.com: { spf: { include: [a.example.com] }, dmarc: false } }\n'
  const noSpf = 'warning spf-include-without-spf: the SPF of example.com includes a.example.com, '

  test.each([
    ['that is not there', [], 'which has no SPF in the zone that was read'],
    ['with other values only', [txt('a', 'site-verification=1')], 'which has no SPF in the zone that was read'],
    ['with two SPF', [txt('a', 'v=spf1 -all', 'v=spf1 a -all')], 'which has 2 SPF values'],
    ['whose SPF is wrong', [txt('a', 'v=spf1 ip4:1 -all')], 'whose SPF is wrong (RFC 7208 §5.6): "ip4:1"'],
  ])('%s', async (_, besides, why) => {
    expect(await told(including, besides)).toEqual([expect.stringContaining(noSpf + why)])
  })

  test.each([
    ['with an SPF', [txt('a', 'v=spf1 -all', 'other')]],
    ['that a wildcard answers for', [txt('*', 'v=spf1 -all')]],
    ['that is a CNAME', [{ type: 'CNAME', name: at('a'), ttl: 60, rdata: ['b.example.net.' as Name] } as RRset]],
    ['that is delegated', [{ type: 'NS', name: at('a'), ttl: 60, rdata: ['ns.example.net.' as Name] } as RRset]],
    ['below a DNAME', [opaque(at('a'), 'DNAME', 60) as unknown as RRset]],
  ])('%s is left alone', async (_, besides) => {
    const below = including.replace('[a.example.com]', '[b.a.example.com]')
    const isBelow = besides.some(({ type }) => (type as string) === 'DNAME')
    expect(await told(isBelow ? below : including, besides)).toEqual([])
  })

  test('that leads back', async () => {
    expect(
      await told(including, [txt('a', 'v=spf1 include:b.example.com -all'), txt('b', 'v=spf1 redirect=example.com')]),
    ).toEqual([
      'warning spf-include-loop: the SPF of example.com includes a.example.com, which includes b.example.com, which includes it again: receivers answer permerror (RFC 7208 §4.6.4)',
    ])
  })

  test('that costs too many look-ups', async () => {
    const terms = (count: number) => Array.from({ length: count }, (_, index) => `include:_${index}.example.org`)
    const zone = (count: number) => [txt('a', `v=spf1 ${terms(count).join(' ')} -all`)]
    expect(await told(including, zone(10))).toEqual([expect.stringContaining('needs at least 11 DNS look-ups')])
    expect(await told(including, zone(9))).toEqual([])
  })

  test('that looks up what is not there', async () => {
    const zone = (more: string) => [txt('a', `v=spf1 a:x.example.com mx:y.example.com ${more} -all`)]
    expect(await told(including, zone('a:z.example.com'))).toEqual([
      expect.stringMatching(
        /^warning spf-void-lookups: .* x\.example\.com, y\.example\.com, z\.example\.com, where there is nothing/,
      ),
    ])
    expect(await told(including, zone('a:z.example.org'))).toEqual([])
  })
})

test('two SPF values at a name that the spec publishes none for', async () => {
  const spec = 'domains: { example.com: { spf: false, dmarc: false } }\n'
  expect(await told(spec, [txt('@', 'v=spf1 -all', 'v=spf1 a -all')])).toEqual([
    'warning spf-twice: example.com has 2 SPF values: receivers answer permerror (RFC 7208 §4.5)',
  ])
  expect(await told(spec, [txt('@', 'v=spf1 -all', 'other')])).toEqual([])
})

test('two SPF values at the name of a host, which receivers check for its greeting', async () => {
  const spec = `${mail}domains: { example.com: { spf: { hosts: [mail.example.com] }, dkim: false, dmarc: false } }\n`
  expect(await told(spec, [txt('mail', 'v=spf1 -all', 'v=spf1 a -all')])).toEqual([
    expect.stringContaining('warning spf-twice: mail.example.com has 2 SPF values'),
  ])
})

test('two DMARC policies; what only looks like one is none', async () => {
  const spec = 'domains: { example.com: { spf: false, dmarc: false } }\n'
  expect(await told(spec, [txt('_dmarc', 'v=DMARC1; p=none', 'v=DMARC1; p=reject')])).toEqual([
    'warning dmarc-twice: _dmarc.example.com has 2 DMARC policies, so receivers apply none (RFC 9989 §4.10)',
  ])
  expect(await told(spec, [txt('_dmarc', 'v=DMARC1; p=none', ' v=DMARC1; p=reject')])).toEqual([])
})

describe('what somebody meant as a record, and receivers do not take for one', () => {
  const none = 'domains: { example.com: { spf: false, dmarc: false } }\n'
  const both =
    'domains: { example.com: { spf: { include: [_spf.example.org] }, dmarc: { policy: none, rua: [a@example.com] } } }\n'

  test.each(['"v=spf1 mx -all"', ' v=spf1 mx -all', 'v=spf1\tmx -all', 'v = spf1 mx', 'v=spf1mx'])(
    '%j',
    async (value) => {
      expect(await told(none, [txt('@', value)])).toEqual([
        expect.stringContaining(`warning spf-unread: example.com has a value that receivers do not take for an SPF`),
      ])
      expect(await told(both, [txt('@', value)])).toContainEqual(expect.stringMatching(/^note spf-unread/))
    },
  )

  test.each(['v=DMARC1\\; p=reject\\;', 'v=DMARC1, p=reject', 'v=DMARC1 p=reject', '"v=DMARC1; p=reject"'])(
    '%j',
    async (value) => {
      expect(await told(none, [txt('_dmarc', value)])).toEqual([
        expect.stringContaining('warning dmarc-unread: _dmarc.example.com has a value that receivers do not take'),
      ])
      expect(await told(both, [txt('_dmarc', value)])).toContainEqual(expect.stringMatching(/^note dmarc-unread/))
    },
  )

  test('records, tokens and later versions are none of it', async () => {
    const besides = [
      txt('@', 'v=spf1 -all', 'v=spf10 mx', 'spf2.0/pra', 'MS=v=spf1'),
      txt('_dmarc', 'v=DMARC1; p=none', 'v=DMARC12'),
    ]
    expect(await told(none, besides)).toEqual([])
  })
})

test('another TXT value at a selector of ours', async () => {
  const spec = `${mail}domains: { example.com: { mx: [mail.example.com], dmarc: false } }\n`
  const keys = [keyOf(APEX, 's1')]
  expect(await told(spec, [txt('s1._domainkey', 'hello')], keys)).toEqual([
    'warning dkim-value-beside: s1._domainkey.example.com. has another TXT value beside the key, "hello": what receivers make of the key is undefined (RFC 6376 §3.6.2.2)',
  ])
  expect(await told(spec, [], keys)).toEqual([])
})

describe('a policy of reject, while no key of the spec signs', () => {
  const spec = (dkim: string) =>
    `${mail}domains: { example.com: { mx: [mail.example.com], ${dkim}dmarc: { policy: reject } } }\n`
  const theirs = txt('dkim._domainkey', 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=')

  test('is told of a zone without any', async () => {
    expect(await told(spec('dkim: false, '), [])).toEqual([
      expect.stringMatching(/^warning dmarc-reject-without-dkim: .*nothing of ours signs with DKIM/),
    ])
  })

  test.each([
    ['a TXT', theirs],
    ['a CNAME', { type: 'CNAME', name: at('dkim._domainkey'), ttl: 60, rdata: ['k.relay.example.' as Name] } as RRset],
  ])('names the key that a signer has there: %s', async (_, key) => {
    expect(await told(spec('dkim: false, '), [key])).toEqual([
      expect.stringMatching(/^note dkim-key-of-signer: .*dkim\._domainkey\.example\.com$/),
    ])
  })

  test('does not take a revoked key for one', async () => {
    expect(await told(spec('dkim: false, '), [txt('old._domainkey', 'v=DKIM1; p=')])).toEqual([
      expect.stringContaining('dmarc-reject-without-dkim'),
    ])
  })

  test('is well where a key is active', async () => {
    expect(await told(spec(''), [theirs], [keyOf(APEX, 's1')])).toEqual([])
  })
})

test('once a zone was read, what the spec alone let suppose about it is no longer told', async () => {
  const { findings } = await compiled(`${example}domains:
  example.com: { spf: { include: [a.example.com] }, dmarc: { policy: reject } }
  a.example.com: { spf: false, mx: [mail.example.com] }`)
  const rules = (wasRead: boolean) => unanswered(findings, () => wasRead).map(({ rule }) => rule)
  const supposed = ['mx-target-without-address', 'spf-include-without-spf', 'dmarc-reject-without-dkim']
  expect(rules(false)).toEqual(expect.arrayContaining(supposed))
  for (const rule of supposed) expect(rules(true)).not.toContain(rule)
})

describe('CAA of the spec at a name', () => {
  const value = (issuer: string) => ({ flags: 0, tag: 'issue', value: issuer })
  const caa = (name: string, ...cas: string[]): RRset =>
    canonical({ type: 'CAA', name: at(name), ttl: 60, rdata: cas.map(value) })
  const a = (name: string): RRset => ({ type: 'A', name: at(name), ttl: 60, rdata: ['9.9.9.20'] })
  const spec = 'domains: { example.com: { dmarc: false, caa: { issue: [letsencrypt.org] } } }\n'
  const hostOnly = `hosts: { mail.example.com: { addresses: [9.9.9.10], helo_spf: false, caa: { issue: [letsencrypt.org] } } }\ndomains: { example.com: { mx: [mail.example.com], spf: false, dkim: false, dmarc: false } }\n`

  test('that has none narrows who may issue for the web site, too', async () => {
    expect(await told(spec, [a('@'), a('www'), a('shop'), caa('shop', 'sectigo.com'), a('_x')])).toEqual([
      'warning caa-narrows: until now every CA may issue certificates for example.com; with this only letsencrypt.org may, for it, www.example.com (RFC 8659 §3)',
    ])
  })

  test('that has a stranger’s is widened by it', async () => {
    expect(await told(spec, [caa('@', 'letsencrypt.org', 'sectigo.com', ';')])).toEqual([
      'note caa-others-issue: example.com has CAA values that mailsync did not write: issue "sectigo.com". What they allow is added to what the spec allows (RFC 8659 §4.2)',
    ])
  })

  test('that is the same already', async () => {
    expect(await told(spec, [caa('@', 'LetsEncrypt.org')])).toEqual([])
  })

  test('of a host takes the place of what stands above', async () => {
    const told_ = await told(hostOnly, [caa('@', 'sectigo.com')])
    expect(told_).toEqual([
      'note caa-replaces-above: mail.example.com gets CAA of its own, so those of example.com no longer count there (RFC 8659 §3): only letsencrypt.org may issue certificates for it and all below it',
    ])
  })

  test('that lets nobody issue', async () => {
    expect(await told(spec.replace('[letsencrypt.org]', 'none'), [a('www')])).toEqual([
      expect.stringContaining('with this no CA may, for it, www.example.com'),
    ])
  })
})

describe('what clients are led to', () => {
  const spec =
    'domains: { example.com: { dmarc: false, clients: { host: mail.example.com, services: [imaps], web: web.example.com } } }\n'
  const a = (name: string): RRset => ({ type: 'A', name: at(name), ttl: 60, rdata: ['9.9.9.20'] })
  const cname = (name: string): RRset => ({ type: 'CNAME', name: at(name), ttl: 60, rdata: ['x.example.net.' as Name] })

  test('has addresses; a name for documents may be a CNAME', async () => {
    expect(await told(spec, [a('mail'), cname('web')])).toEqual([])
    expect(await told(spec, [a('*')])).toEqual([])
  })

  test('is not there', async () => {
    expect(await told(spec, [])).toEqual(
      [
        'warning clients-target-without-address: autoconfig.example.com leads clients to web.example.com, which has no address in its zone',
        'warning clients-target-without-address: _imaps._tcp.example.com leads clients to mail.example.com, which has no address in its zone',
      ].sort(),
    )
  })

  test('is a CNAME, which an SRV must not lead to', async () => {
    expect(await told(spec, [cname('mail'), a('web')])).toEqual([
      'warning clients-target-is-cname: mail.example.com is a CNAME, and an SRV must not lead to one (RFC 2782): _imaps._tcp.example.com does',
    ])
  })
})

describe('what says that there is a policy, in the zone that was read', () => {
  const plain = 'domains: { example.com: { dmarc: false } }\n'

  test.each([
    [
      'two MTA-STS records',
      [txt('_mta-sts', 'v=STSv1; id=1', 'v=STSv1; id=2', 'other')],
      'warning mta-sts-twice: _mta-sts.example.com has 2 values that are each an MTA-STS record: senders take the domain to have no policy (RFC 8461 §3.1)',
    ],
    [
      'one that is none',
      [txt('_mta-sts', 'v=STSv1; id=2026-01-01')],
      'warning mta-sts-broken: the MTA-STS record at _mta-sts.example.com is none, so senders take the domain to have no policy: id=2026-01-01: an id has 1 to 32 letters and digits, and nothing else (RFC 8461 §3.1)',
    ],
    [
      'one whose policy has no host',
      [txt('_mta-sts', 'v=STSv1; id=1')],
      'warning mta-sts-without-host: example.com says that it has an MTA-STS policy, and mta-sts.example.com, where senders fetch it, has no address (RFC 8461 §3.3)',
    ],
    [
      'two TLS reporting policies',
      [txt('_smtp._tls', 'v=TLSRPTv1; rua=mailto:a@example.com', 'v=TLSRPTv1; rua=mailto:b@example.com')],
      'warning tls-rpt-twice: _smtp._tls.example.com has 2 values that are each an SMTP TLS reporting policy: senders take the domain to want no reports (RFC 8460 §3)',
    ],
    [
      'a wrong one',
      [txt('_smtp._tls', 'v=TLSRPTv1; rua=a@example.com')],
      'warning tls-rpt-broken: the SMTP TLS reporting policy at _smtp._tls.example.com is none, so senders take the domain to want no reports: a@example.com in rua: it is no URI with , ! and ; percent-encoded (RFC 8460 §3)',
    ],
    [
      'a wrong BIMI record',
      [txt('default._bimi', 'v=BIMI1; l=http://example.com/a.svg')],
      'warning bimi-broken: the assertion record of BIMI at default._bimi.example.com is none, so no logo is shown: l=http://example.com/a.svg: it is no https: URI with commas and semicolons percent-encoded (BIMI draft-14 §4.3)',
    ],
  ])('%s', async (_, besides, message) => {
    expect(await toldOf(plain, besides)).toEqual([message])
  })

  test.each([
    ['an address', { type: 'A', name: at('mta-sts'), ttl: 60, rdata: ['9.9.9.1'] }],
    ['a CNAME', { type: 'CNAME', name: at('mta-sts'), ttl: 60, rdata: ['web.example.net.' as Name] }],
    ['a wildcard', { type: 'AAAA', name: at('*'), ttl: 60, rdata: ['2001:db8::1'] }],
    ['name servers of its own', { type: 'NS', name: at('mta-sts'), ttl: 60, rdata: ['ns.example.net.' as Name] }],
  ] as const)('a policy host with %s is well', async (_, rrset) => {
    expect(await toldOf(plain, [txt('_mta-sts', 'v=STSv1; id=1'), rrset as RRset])).toEqual([])
  })

  test.each([
    ['that is none', [txt('_dmarc', 'v=DMARC1; p=none')], 'is none'],
    ['for half of the mail', [txt('_dmarc', 'v=DMARC1; p=quarantine; pct=50')], 'is for 50 of 100 messages'],
    ['that is for testing', [txt('_dmarc', 'v=DMARC1; p=reject; t=y')], 'is for testing only'],
    ['nobody can read', [txt('_dmarc', 'v=DMARC1; p=rejct')], 'is none that receivers can read'],
    ['that is not there', [], 'is not in its zone'],
  ])('a logo needs a DMARC policy: one %s', async (_, besides, why) => {
    const shown = 'domains: { example.com: { dmarc: false, bimi: { location: https://example.com/a.svg } } }\n'
    expect(await toldOf(shown, besides)).toEqual([
      `warning bimi-without-dmarc: no logo is shown beside mail from example.com: its DMARC policy ${why} (BIMI draft-14 §7.1)`,
    ])
    expect(await toldOf(shown, [txt('_dmarc', 'v=DMARC1; p=reject; pct=50')])).toEqual([])
  })

  /** As {@link told}, of these three only. */
  async function toldOf(spec: string, besides: readonly RRset[]): Promise<string[]> {
    return (await told(spec, besides)).filter((text) => /^\w+ (mta-sts|tls-rpt|bimi)-/.test(text))
  }
})

describe('the keys of a server', () => {
  const keys = (...hashes: string[]) => hashes.map((hash) => `3 1 1 ${hash.repeat(32)}`)
  const host = (...hashes: string[]) =>
    `hosts: { mail.example.com: { addresses: [9.9.9.10], helo_spf: false, tlsa: [${keys(...hashes)}] } }\ndomains: { example.com: { mx: [mail.example.com], spf: false, dmarc: false, dkim: false } }\n`
  const rules = async (spec: string, ...before: string[]): Promise<string[]> => {
    const rdata = before.map((hash) => ({ usage: 3, selector: 1, matching: 1, data: hash.repeat(32) }))
    const name = at('_25._tcp.mail')
    const { zones, input } = await compiled(example + spec)
    const wanted = (zones.get(APEX) ?? []).map(({ rrset }) => rrset)
    const old = rdata.length === 0 ? [] : [canonical({ type: 'TLSA', name, ttl: 60, rdata })]
    return checkZone(input, zoneWith(APEX, wanted), zoneWith(APEX, old)).map(({ rule }) => rule)
  }

  test('replaced all at once are told', async () => {
    expect(await rules(host('ab', 'cd'), 'ef')).toContain('tlsa-no-overlap')
  })

  test('of which one stays, or that begin, are not', async () => {
    expect(await rules(host('ab', 'cd'), 'ab', 'ef')).not.toContain('tlsa-no-overlap')
    expect(await rules(host('ab', 'cd'))).not.toContain('tlsa-no-overlap')
  })
})
