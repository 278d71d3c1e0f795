import { describe, expect, test } from 'vitest'
import { compiled, serving } from '../../records/compile/compiled.js'
import { problemsOf } from '../load.js'

const HEAD = `${serving('example.com')}defaults: { dkim: { wildcard: revoked }, dmarc: { policy: reject } }
hosts: { mail.example.com: { addresses: [192.0.2.10], helo_spf: false, reverse: false } }
domains:
`
const told = (domains: string) => problemsOf(`${HEAD}${domains}`)

describe('a wildcard', () => {
  test('has MX and SPF, and nothing of what the defaults say of keys and policies', async () => {
    const { records, rules, neededKeys } = await compiled(`${HEAD}  '*.example.com': { mx: [mail.example.com] }`)
    expect(records().filter((record) => !record.startsWith('mail.'))).toEqual([
      '*.example.com. MX 10 mail.example.com.',
      '*.example.com. TXT v=spf1 ip4:192.0.2.10 ~all',
    ])
    expect(neededKeys).toEqual([])
    expect(rules).toEqual(['address-documentation'])
  })

  test('may be parked', async () => {
    const { records } = await compiled(`${HEAD}  '*.example.com': { mail: none }`)
    expect(records().filter((record) => !record.startsWith('mail.'))).toEqual([
      '*.example.com. MX 0 .',
      '*.example.com. TXT v=spf1 -all',
    ])
  })

  test('has no key and no policy, with the reason and what to do instead', async () => {
    expect(await told(`  '*.example.com': { dkim: {}, dmarc: {} }`)).toEqual([
      expect.stringMatching(
        /wildcard-with-mail: a wildcard has no dkim: in selector\._domainkey\.\*\.example\.com the asterisk is not the first label, so it stands for nothing \(RFC 4592 §2\.1\.1\)\n {2}sign with d=example\.com/,
      ),
      expect.stringMatching(
        /wildcard-with-mail: a wildcard has no dmarc: in _dmarc\.\*\.example\.com .*\n {2}.*dmarc\.subdomains/,
      ),
    ])
  })

  test.each(['*.com', '*', 'a.*.example.com', '*._spf.example.com', '*x.example.com'])('is none: %s', async (name) => {
    expect((await told(`  '${name}': {}`))[0]).toMatch(/ name: /)
  })
})

describe('a name with an underscore', () => {
  test('has an SPF for others to include, which the rules see', async () => {
    const { records, rules } = await compiled(`${HEAD}
  example.com: { spf: { include: [_spf.example.com] } }
  _spf.example.com: { spf: { addresses: [192.0.2.0/24], all: neutral } }`)
    expect(records('spf')).toEqual([
      'example.com. TXT v=spf1 include:_spf.example.com ~all',
      '_spf.example.com. TXT v=spf1 ip4:192.0.2.0/24 ?all',
    ])
    expect(rules).not.toContain('spf-include-without-spf')
    expect(records().filter((record) => record.startsWith('_') && !record.includes('v=spf1'))).toEqual([
      '_dmarc.example.com. TXT v=DMARC1; p=reject',
    ])
  })

  test('a circle through it is one', async () => {
    const { rules } = await compiled(`${HEAD}
  example.com: { spf: { include: [_spf.example.com] } }
  _spf.example.com: { spf: { include: [example.com] } }`)
    expect(rules).toContain('spf-include-loop')
  })

  test('is no mail domain', async () => {
    const lines = await told('  _spf.example.com: { mail: none, mx: none, dkim: {}, dmarc: {} }')
    for (const key of ['mail', 'mx', 'dkim', 'dmarc'])
      expect(lines.join('\n')).toContain(`it has an SPF for others to include, and no ${key}`)
  })
})

describe('the empty key of all selectors', () => {
  test('is said of a domain, or of all', async () => {
    const { records } = await compiled(`${HEAD}  a.example.com: {}\n  b.example.com: { dkim: false }`)
    expect(records('dkim')).toEqual(['*._domainkey.a.example.com. TXT v=DKIM1; p='])
    const one = await compiled(
      `${serving('example.com')}domains: { example.com: { spf: { include: [r.example] }, dkim: { wildcard: revoked } } }`,
    )
    expect(one.records('dkim')).toEqual(['*._domainkey.example.com. TXT v=DKIM1; p='])
    expect(one.neededKeys).toEqual([])
    expect(one.rules).toContain('dkim-relays-only')
  })

  test('is not the record of a parked domain twice', async () => {
    const { records, rules } = await compiled(`${HEAD}  a.example.com: { mail: none }`)
    expect(records('dkim')).toEqual(['*._domainkey.a.example.com. TXT v=DKIM1; p='])
    expect(rules).not.toContain('record-twice')
  })

  test('is no signer', async () => {
    const { rules } = await compiled(`${HEAD}  a.example.com: { spf: { include: [r.example] } }`)
    expect(rules).toContain('dmarc-reject-without-dkim')
  })
})

describe('a policy by CNAME', () => {
  test('takes the place of a policy, and of that of the defaults', async () => {
    const { records } = await compiled(`${HEAD}  a.example.com: { dmarc: { cname: _dmarc.policies.example.net } }`)
    expect(records('dmarc')).toEqual(['_dmarc.a.example.com. CNAME _dmarc.policies.example.net.'])
  })

  test('says nothing of its own', async () => {
    expect((await told('  a.example.com: { dmarc: { cname: x.example.net, policy: none } }'))[0]).toContain(
      'dmarc-cname: the policy is where the cname leads to, and policy cannot be said here',
    )
    expect((await told('  a.example.com: { dmarc: { cname: 192.0.2.1 } }'))[0]).toContain('is no name where a policy')
    expect(
      (await problemsOf(`${serving('example.com')}defaults: { dmarc: { cname: a.example.net } }\ndomains: {}`))[0],
    ).toContain('unknown key "cname"')
  })
})

describe('a host whose addresses are somebody else’s', () => {
  const site = (more: string) =>
    compiled(`${serving('example.com', '2.0.192.in-addr.arpa')}
hosts: { www.example.com: { addresses: [192.0.2.10], publish: false${more} } }
domains: { example.com: { spf: { hosts: [www.example.com] }, dkim: false, dmarc: false } }`)

  test('gives SPF and PTR, and no A', async () => {
    expect((await site('')).records()).toEqual([
      '10.2.0.192.in-addr.arpa. PTR www.example.com.',
      'example.com. TXT v=spf1 ip4:192.0.2.10 ~all',
      'www.example.com. TXT v=spf1 a -all',
    ])
  })

  test('and nothing has to be published where no zone of ours has its name', async () => {
    const { manual } = await compiled(`${serving('example.com')}
hosts: { www.example.net: { addresses: [192.0.2.10], publish: false, reverse: false, helo_spf: false } }
domains: { example.com: { spf: { hosts: [www.example.net] }, dkim: false, dmarc: false } }`)
    expect(manual).toEqual([])
  })
})
