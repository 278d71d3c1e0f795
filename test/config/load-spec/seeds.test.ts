import { describe, expect, test } from 'vitest'
import { errorsOf, marked } from '../session-errors.js'

interface Seed {
  readonly trouble: string
  /** What follows the providers and zones; `▸` marks the place that is told. */
  readonly spec: string
  readonly rule: string
  readonly message: string
  readonly hint?: string
}

const HEAD = `
providers: { dns: { class: yaml, directory: zones } }
zones: { example.com.: { targets: [dns] }, bücher.example.: { targets: [dns] } }
`

const seeds: readonly Seed[] = [
  {
    trouble: 'an address with numbers over 255',
    spec: `
hosts:
  mail.example.com:
    addresses: [192.0.2.10, ▸123.456.789.987]
domains: { example.com: { mx: [mail.example.com] } }`,
    rule: 'address',
    message: '"123.456.789.987" is not an IPv4 address: 456 is over 255',
  },
  {
    trouble: 'an address written in reverse, as in a PTR',
    spec: `
hosts:
  mail.example.com:
    addresses:
      - ▸10.2.0.192.in-addr.arpa
domains: { example.com: { mx: [mail.example.com] } }`,
    rule: 'address-reversed',
    message: '"10.2.0.192.in-addr.arpa" is a reverse name, not an address',
    hint: 'write the address itself: 192.0.2.10; mailsync reverses it',
  },
  {
    trouble: 'an MX that is an address',
    spec: `
hosts: { mail.example.com: { addresses: [192.0.2.10] } }
domains:
  example.com:
    mx: [mail.example.com, ▸198.51.100.7]`,
    rule: 'mx-is-address',
    message: 'an MX is the name of a host, never an address (RFC 5321 §5.1): 198.51.100.7',
    hint: 'name the machine under hosts: with addresses: [198.51.100.7], and write that name here',
  },
  {
    trouble: 'an MX that is the address of a host in this file',
    spec: `
hosts: { mail.example.com: { addresses: ["2001:db8::10"] } }
domains:
  example.com:
    mx: [{ preference: 5, host: ▸"2001:DB8:0::10" }]`,
    rule: 'mx-is-address',
    message: 'an MX is the name of a host, never an address (RFC 5321 §5.1): 2001:DB8:0::10',
    hint: 'write its host: mail.example.com',
  },
  {
    trouble: 'two all in an SPF',
    spec: `
hosts: { mail.example.com: { addresses: [192.0.2.10] } }
domains:
  example.com:
    mx: [mail.example.com]
    spf:
      include: [_spf.example.net, ▸-all]
      all: softfail`,
    rule: 'spf-two-all',
    message: 'a second all, "-all": an SPF has one, at its end, and it comes from the key all',
    hint: 'remove it here, and write all: fail, softfail or neutral beside it',
  },
  {
    trouble: 'a whole mechanism where its name stands alone',
    spec: `
domains:
  example.com:
    spf: { include: [▸include:_spf.example.net] }`,
    rule: 'spf-mechanism',
    message: '"include:_spf.example.net" is an SPF mechanism',
    hint: 'write the name or address alone: _spf.example.net',
  },
  {
    trouble: 'a DMARC policy that is misspelt',
    spec: `
domains:
  example.com: { mx: none, spf: false, dmarc: { policy: ▸rejekt } }`,
    rule: 'spec-value',
    message: 'expected none, quarantine or reject, found "rejekt"',
    hint: 'did you mean reject?',
  },
  {
    trouble: 'a DMARC pct, which RFC 9989 removed',
    spec: `
domains:
  example.com: { mx: none, spf: false, dmarc: { policy: reject, ▸pct: 50 } }`,
    rule: 'spec-unknown-key',
    message: 'unknown key "pct"',
    hint: 'RFC 9989 removed pct; use testing: true, which makes receivers apply the policy one level weaker',
  },
  {
    trouble: 'a mail host with a private address that wants a PTR',
    spec: `
hosts:
  mail.example.com: { addresses: [▸10.0.0.25], reverse: auto }
domains: { example.com: { mx: [mail.example.com] } }`,
    rule: 'address-private',
    message: '10.0.0.25 is a private address: it can have no public PTR, and receivers never see it',
    hint: 'write the public address mail leaves from (behind NAT: that of the gateway), or set `reverse: false` on a host that is only reached from inside',
  },
  {
    trouble: 'a domain in no declared zone',
    spec: `
domains:
  ▸example.org: { mail: none }`,
    rule: 'domain-outside-zones',
    message: 'example.org is in no zone of this spec',
    hint: "declare it under zones: example.org.: { targets: [...] }, or the zone '*'",
  },
  {
    trouble: 'one host in two spellings',
    spec: `
hosts:
  mail.example.com: { addresses: [192.0.2.10] }
  ▸MAIL.example.com.: { addresses: [192.0.2.11] }
domains: { example.com: { mx: [mail.example.com] } }`,
    rule: 'name-twice',
    message: 'MAIL.example.com. is the same name as mail.example.com',
    hint: 'merge the two',
  },
  {
    trouble: 'one host twice, letter for letter',
    spec: `
hosts:
  mail.example.com: { addresses: [192.0.2.10] }
  ▸mail.example.com: { addresses: [192.0.2.11] }
domains: { example.com: { mx: [mail.example.com] } }`,
    rule: 'yaml-duplicate-key',
    message: 'duplicate key "mail.example.com"',
    hint: 'It is first written in line 6, which is what counts. Remove one of them.',
  },
  {
    trouble: 'an IDN name in Unicode and in A-labels',
    spec: `
domains:
  bücher.example: { mail: none }
  ▸xn--bcher-kva.example: { mail: none }`,
    rule: 'name-twice',
    message: 'xn--bcher-kva.example is the same name as bücher.example',
    hint: 'merge the two',
  },
  {
    trouble: 'a label that IDNA does not allow',
    spec: `
domains:
  ▸xn--a.example: { mail: none }`,
    rule: 'name',
    message: '"xn--a.example": the label "xn--a" is no valid IDNA label (UTS 46)',
  },
  {
    trouble: 'an address twice',
    spec: `
hosts:
  mail.example.com: { addresses: ["2001:db8::10"], egress: [▸"2001:DB8::0:10"], reverse: manual }
domains: { example.com: { mx: [mail.example.com] } }`,
    rule: 'address-twice',
    message: '2001:db8::10 is listed twice for this host',
    hint: 'remove one of the two',
  },
  {
    trouble: 'an MX twice',
    spec: `
hosts: { mail.example.com: { addresses: [192.0.2.10] } }
domains: { example.com: { mx: [mail.example.com, ▸Mail.example.com.] } }`,
    rule: 'mx-twice',
    message: 'mail.example.com is listed twice',
    hint: 'remove one of the two',
  },
  {
    trouble: 'a host that is none of this spec',
    spec: `
hosts: { nat.example.com: { egress: [192.0.2.10] } }
domains:
  example.com:
    spf: { hosts: [nat.example.com, ▸nut.example.com] }`,
    rule: 'unknown-host',
    message: 'nut.example.com is no host of this spec',
    hint: 'did you mean nat.example.com?',
  },
  {
    trouble: 'a host without any address',
    spec: `
hosts:
  ▸mail.example.com: { ttl: 60 }
domains: { example.com: { mx: none } }`,
    rule: 'host-without-address',
    message: 'the host has neither addresses nor egress',
    hint: 'write addresses: [192.0.2.10]',
  },
  {
    trouble: 'a provider that is none, for a PTR',
    spec: `
hosts:
  mail.example.com: { addresses: [192.0.2.10], reverse: ▸dsn }
domains: { example.com: { mx: [mail.example.com] } }`,
    rule: 'unknown-provider',
    message: '"dsn" is neither auto, manual, false nor a provider of this spec',
    hint: 'did you mean dns?',
  },
  {
    trouble: 'a misspelt key',
    spec: `
hosts:
  mail.example.com: { addresses: [192.0.2.10], ▸revers: manual }
domains: { example.com: { mx: [mail.example.com] } }`,
    rule: 'spec-unknown-key',
    message: 'unknown key "revers"',
    hint: 'did you mean reverse?',
  },
]

describe('a spec with one mistake gets one precise error', () => {
  test.each(seeds)('$trouble', async ({ spec, rule, message, hint }) => {
    const { text, place } = marked(HEAD + spec)
    expect(await errorsOf(text)).toEqual([
      `mailsync.yaml:${place} ${rule}: ${message}${hint === undefined ? '' : `\n  ${hint}`}`,
    ])
  })

  test('a target twice', async () => {
    const { text, place } = marked(
      'providers: { dns: { class: yaml } }\nzones: { a.example: { targets: [dns, ▸dns] } }\ndomains: {}',
    )
    expect(await errorsOf(text)).toEqual([
      `mailsync.yaml:${place} target-twice: "dns" is a target twice\n  remove one of the two`,
    ])
  })

  test('the same file without the mistake has none', async () => {
    const spec = `
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: manual } }
domains:
  example.com: { mx: [mail.example.com], spf: { include: [_spf.example.net], all: fail }, dmarc: { policy: reject } }
  bücher.example: { mail: none }`
    expect(await errorsOf(HEAD + spec)).toEqual([])
  })
})
