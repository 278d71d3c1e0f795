import { describe, expect, test } from 'vitest'
import { load, problemsOf } from '../load.js'

const around = (domain: string, hosts = 'mail.example.com: { addresses: [192.0.2.1] }') => `
providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
hosts: { ${hosts} }
domains: { example.com: ${domain} }`

/** The hints of what is wrong with a domain. */
async function hintsOf(text: string): Promise<(string | undefined)[]> {
  return (await load(text)).problems.map(({ hint }) => hint)
}

describe('a number where text is meant is the text that was written', () => {
  test('fo and a selector', async () => {
    const { spec, problems } = await load(around('{ dmarc: { fo: 1 }, dkim: { selector: 202410 } }'))
    expect(problems).toEqual([])
    expect(spec?.domains[0]).toMatchObject({ dmarc: { failureOptions: '1' }, dkim: { selector: '202410' } })
  })

  test.each([
    ['0012', '0012'],
    ['9007199254740993', '9007199254740993'],
    ['1e3', '1e3'],
  ])('selector: %s', async (written, selector) => {
    const { spec, problems } = await load(around(`{ dkim: { selector: ${written} } }`))
    expect(problems).toEqual([])
    expect(spec?.domains[0]).toMatchObject({ dkim: { selector } })
  })

  test('where it is no right text either, that is told, and all else with it', async () => {
    expect(await problemsOf(around('{ dmarc: { fo: 7, rua: [5] }, colour: 1 }'))).toEqual([
      'mailsync.yaml:5:40 spec-value: fo is one or more of 0, 1, d, s, separated by colons',
      expect.stringContaining('report-address: "5" is no mail address'),
      expect.stringContaining('unknown key "colour"'),
    ])
  })
})

describe('a value of another kind gets the hint what to write', () => {
  test.each([
    ['{ ttl: 1h }', 'a TTL is a number of seconds: 3600'],
    ['{ ttl: 1h30m }', 'a TTL is a number of seconds: 5400'],
    ['{ ttl: "3600" }', 'write it without quotes: 3600'],
    ['{ mx: no }', 'for a domain that receives no mail, write mx: none; leave mx out to publish no MX at all'],
    ['{ mx: false }', 'for a domain that receives no mail, write mx: none; leave mx out to publish no MX at all'],
    ['{ mx: yes }', 'name the hosts that receive its mail: mx: [mail.example.com]'],
    ['{ mx: 10 mail.example.com }', 'write it as a list: [{ host: mail.example.com, preference: 10 }]'],
    ['{ mx: [10 mail.example.com] }', 'write { host: mail.example.com, preference: 10 }'],
    ['{ mx: { host: mail.example.com } }', 'write it as a list: [{ host: …, preference: … }]'],
    ['{ mail: no }', 'for a domain without mail, write mail: none; else leave it out'],
    ['{ spf: "v=spf1 mx ~all" }', 'write its keys: spf: { all: softfail }'],
    [
      '{ spf: "v=spf1 ip4:192.0.2.0/24 a:web.example.com include:_spf.google.com -all" }',
      'write its keys: spf: { hosts: [web.example.com], mx: false, addresses: [192.0.2.0/24], include: [_spf.google.com], all: fail }',
    ],
    ['{ spf: "v=spf1 redirect=_spf.example.net" }', 'write its keys: spf: { mx: false, redirect: _spf.example.net }'],
    ['{ spf: "v=spf1 mx redirect=_spf.example.net -all" }', 'write its keys: spf: { all: fail }'],
    ['{ spf: "v=spf1 mx ptr ~all" }', 'write its keys: spf: { terms: [ptr], all: softfail }'],
    [
      '{ spf: "v=spf1 ?include:_a.example.net exists:%{i}.example.net +all exp=why.example.net" }',
      'write its keys: spf: { mx: false, terms: ["?include:_a.example.net", "exists:%{i}.example.net"], exp: why.example.net }; what has no key: +all',
    ],
    ['{ spf: no }', 'to publish none, write spf: false'],
    ['{ dmarc: "v=DMARC1; p=none" }', 'write its keys: dmarc: { policy: none }'],
    [
      '{ dmarc: "v=DMARC1; p=reject; adkim=s; rua=mailto:a@example.com" }',
      'write its keys: dmarc: { policy: reject, adkim: strict, rua: [a@example.com] }',
    ],
    ['{ dmarc: reject }', 'write dmarc: { policy: reject }'],
    ['{ dmarc: { policy: [reject] } }', 'write it without the list: reject'],
    ['{ dkim: yes }', 'leave dkim out for its defaults, or write its keys'],
    ['{ dkim: true }', 'leave dkim out for its defaults, or write its keys'],
    ['{ dkim: off }', 'to publish none, write dkim: false'],
    ['{ dkim: [ed25519] }', 'write dkim: { algorithms: [ed25519] }'],
    ['{ dkim: { selector: [s1] } }', 'write it without the list: s1'],
    ['{ dmarc: { testing: no } }', 'write false'],
    ['{ caa: letsencrypt.org }', 'write caa: { issue: [letsencrypt.org] }'],
    ['{ caa: none }', 'for nobody to issue, write caa: { issue: none }; to publish none, caa: false'],
    ['{ caa: { issue: [letsencrypt] } }', 'did you mean letsencrypt.org?'],
    ['{ caa: { issue: { ca: letsencrypt.org } } }', 'write it as a list: [{ ca: … }]'],
    ['{ caa: { iodef: pki@example.com } }', 'write it as mailto:pki@example.com'],
    ['{ clients: mail.example.com }', 'write clients: { host: mail.example.com, services: [imaps, submissions] }'],
    ['{ clients: { host: mail.example.com, services: [submision] } }', 'did you mean submission?'],
    ['{ clients: { host: mail.example.com, services: [imaps], autodiscover: crv } }', 'did you mean srv?'],
    ['{ ttl: 0300 }', 'write 300'],
    ['{ ttl: 1_000 }', 'write 1000'],
    ['{ ttl: 0x12c }', 'write 300'],
    ['{ ttl: 300.0 }', 'write 300'],
    ['{ ttl: { mx: 1e3 } }', 'write 1000'],
    ['{ mx: { 10: mail.example.com } }', 'write it as a list: [{ host: mail.example.com, preference: 10 }]'],
    ['{ dmarc: "p=reject; adkim=s" }', 'write its keys: dmarc: { policy: reject, adkim: strict }'],
    ['{ dkim: { rotate: 180 } }', 'write { every: 180d }'],
    ['{ dkim: { rotate: 26w } }', 'write { every: 26w }'],
    ['{ mx: { mail.example.com: 10 } }', 'write it as a list: [{ host: mail.example.com, preference: 10 }]'],
    ['{ mx: [{ host: mail.example.com, preference: 010 }] }', 'write 10'],
    ['{ mx: }', 'name the hosts that receive its mail: mx: [mail.example.com]'],
    ['{ mail: }', 'for a domain without mail, write mail: none; else leave it out'],
    ['{ mail: none#parked }', 'a comment begins with a space and #'],
    ['{ dkim: }', 'leave dkim out for its defaults, or write its keys'],
    ['{ tls_rpt: true }', 'write tls_rpt: { rua: [tls@example.com] }; or leave it out'],
    ['{ mta_sts: }', 'write mta_sts: {}, which is a policy for testing; or leave it out'],
    ['{ relays: }', 'write relays: [google]; or leave it out'],
    [
      '{ spf: [_spf.google.com, 198.51.100.0/24] }',
      'write spf: { addresses: [198.51.100.0/24], include: [_spf.google.com] }',
    ],
    ['{ spf: { all: ~ } }', 'write softfail, the default: to YAML ~ is nothing'],
    ['{ mx: ["."] }', 'write mx: none'],
    ['{ spf: { all: hardfail } }', 'write fail: "-all"'],
    ['{ spf: { all: pass } }', expect.stringContaining('everybody')],
    ['{ spf: { addresses: [198.51.100.0/255.255.255.0] } }', 'write 198.51.100.0/24'],
    ['{ spf: { addresses: [198.51.100.1-198.51.100.9] } }', 'write a network such as 192.0.2.0/24'],
    ['{ spf: { addresses: [web.example.com] } }', expect.stringContaining('spf.hosts')],
    ['{ spf: { include: ["a.example, b.example"] } }', 'write each name as an item of a list'],
    ['{ spf: { include: ["https://a.example/spf"] } }', 'write the name alone: a.example'],
    ['{ mx: [“mail.example.com”] }', 'write the name alone: mail.example.com'],
    ['{ mx: ["mail.example.com:25"] }', 'write the name alone: mail.example.com'],
    ['{ dkim: { algorithms: [rsa-sha256] } }', expect.stringContaining('write rsa-2048')],
    ['{ dkim: { selector: mail._domainkey } }', 'write what stands before ._domainkey alone: mail'],
    ['{ dmarc: { rua: "a@example.com, b@example.com" } }', 'write it as a list: [a@example.com, b@example.com]'],
    ['{ dmarc: { rua: [a@example.com!10m] } }', 'write the address alone: a@example.com'],
    ['{ dmarc: { rua: [Reports <a@example.com>] } }', 'write the address alone: a@example.com'],
    ['{ dmarc: { rua: [a@example.com], fo: [1, d] } }', 'write it as one text: fo: "1:d"'],
    ['mail:none', 'a space follows the colon: mail: none'],
    ['{ spf: { exp: why } }', 'write the whole name, for example _spf.example.com'],
  ])('%s', async (domain, hint) => {
    expect(await hintsOf(around(domain))).toEqual([hint])
  })

  test.each([
    ['domains: {}\nhosts:', 'leave hosts out, or name one: hosts: { mail.example.com: { addresses: [192.0.2.10] } }'],
    ['domains: {}\ndefaults:', 'leave defaults out, or write what belongs there'],
    ['domains:', 'each domain is a key: domains: { example.com: {} }'],
    ['domains: [{ example.com: {} }]', 'each domain is a key: domains: { example.com: {} }'],
    ['domains: {}\nhosts: { mail.example.com: }', 'write { addresses: [192.0.2.10] }, with its own'],
    ['domains: {}\nhosts: { mail.example.com: { addresses: ["192.0.2.1:25"] } }', 'write the address alone: 192.0.2.1'],
    ['domains: {}\nhosts: { mail.example.com: { addresses: [192.0.2.1], reverse: no } }', 'write false'],
    ...['yes', 'true', ''].map((word) => [
      `domains: {}\nhosts: { mail.example.com: { addresses: [192.0.2.1], reverse: ${word} } }`,
      'leave reverse out: it is auto then, the zone of the spec that covers the address, or else a step by hand',
    ]),
    [
      'domains: {}\nhosts: { mail.example.com: { addresses: [192.0.2.1], egress: {} } }',
      'write a list, egress: [192.0.2.10], or leave egress out',
    ],
    [
      'domains: {}\nhosts: { mail.example.com: { addresses: } }',
      'write a list, addresses: [192.0.2.10], or leave addresses out',
    ],
    ['domains: { example.com: }', 'for one that has the defaults, write {}'],
    ['domains: {}\nhosts: { mail.example.com: { ip: 192.0.2.1 } }', 'write addresses: [...]'],
    ['domains: { example.com/: {} }', 'write the name alone: example.com'],
    ['domains: { example.com/mail: {} }', 'write the name alone: example.com'],
    ['domains: { info@example.com: {} }', 'write the name alone: example.com'],
    ['domains: { .example.com: {} }', 'write the name alone: example.com'],
    ['domains: [example.com]', 'each domain is a key: domains: { example.com: {} }'],
    ['domains: {}\nhosts: [mail.example.com]', 'each host is a key: hosts: { mail.example.com: { addresses: [...] } }'],
    ['domains: {}\nhosts: { mail.example.com: 192.0.2.1 }', 'write { addresses: [192.0.2.1] }'],
    ['domains: {}\nhosts: { mail.example.com: [192.0.2.1] }', 'write { addresses: [192.0.2.1] }'],
  ])('%s', async (section, hint) => {
    expect(
      await hintsOf(`providers: { dns: { class: yaml } }\nzones: { example.com.: { targets: [dns] } }\n${section}\n`),
    ).toEqual([hint])
  })

  test.each([
    ['yes', 'leave ownership out: it is { owner: default } then'],
    ['team-a', 'write { owner: team-a }'],
  ])('ownership: %s', async (written, hint) => {
    expect(await hintsOf(`${around('{}')}\nownership: ${written}\n`)).toEqual([hint])
  })

  test('a zone that only names its targets', async () => {
    expect(await hintsOf('providers: { dns: { class: yaml } }\nzones: { example.com: [dns] }\ndomains: {}\n')).toEqual([
      'write { targets: [dns] }',
    ])
  })
})

describe('a host that is none of the spec', () => {
  test.each([
    ['mial.example.com', 'did you mean mail.example.com?'],
    ['mail.exmaple.com', 'did you mean mail.example.com?'],
    [
      'smtp.gmail.com',
      'that is a relay: write relays: [google] for Google Workspace, or relays: [gmail-account] for A Gmail account as smart host, beside spf; `mailsync relays` says what it needs',
    ],
    ['email-smtp.eu-west-1.amazonaws.com', expect.stringContaining('relays: [amazon-ses] for Amazon SES')],
    ['relay.somewhere.example', expect.stringContaining('name its SPF in include:')],
  ])('among the senders: %s', async (host, hint) => {
    expect(await hintsOf(around(`{ spf: { hosts: [${host}] } }`))).toEqual([hint])
  })

  test.each([
    'mial.example.com',
    'mail.exmple.com',
    'mail.example.co',
    'mail.example.com.example.com',
    'mail.example.com.com',
  ])('as an MX, a slip away: %s', async (host) => {
    const { problems } = await load(around(`{ mx: [${host}] }`))
    expect(problems).toMatchObject([
      { rule: 'mx-host-mistyped', severity: 'warning', hint: 'did you mean mail.example.com?' },
    ])
  })

  test.each(['mail2.example.com', 'backup.example.net', 'mx.other.example'])(
    'as an MX of its own: %s',
    async (host) => {
      expect(await problemsOf(around(`{ mx: [${host}] }`, 'mail1.example.com: { addresses: [192.0.2.1] }'))).toEqual([])
    },
  )
})

test.each([
  ['192.0.2.0/24', expect.stringContaining('2.0.192.in-addr.arpa')],
  ['"*.example.com"', expect.stringContaining("'*' alone")],
])('a zone written as %s', async (zone, hint) => {
  expect(
    await hintsOf(`providers: { dns: { class: yaml } }\nzones: { ${zone}: { targets: [dns] } }\ndomains: {}\n`),
  ).toEqual([hint])
})

test('a word of which only the beginning is written', async () => {
  expect(await hintsOf(around('{ dmarc: { sub: none } }'))).toEqual(['did you mean subdomains?'])
})

test('a file that is something else is shown in part', async () => {
  const secret = 's3cret'
  const long = `root:x:${'0'.repeat(200)}${secret}`
  for (const text of [
    long,
    around(long),
    around(`{ mx: [${long}] }`),
    around(`{ mail: ${long} }`),
    around(`{ ${'x'.repeat(300)}${secret}: 1 }`),
  ])
    expect(JSON.stringify((await load(text)).problems)).not.toContain(secret)
})

test('an empty name in a list is told once', async () => {
  expect(await problemsOf(`${around('{}')}\nparked: [""]\n`)).toEqual([
    'mailsync.yaml:6:10 spec-value: the text is empty',
  ])
})

test('an empty spec comes with the next step', async () => {
  for (const text of ['', '# nothing yet\n', '---\n']) expect((await hintsOf(text))[0]).toContain('mailsync init')
})

test('a spec that is not there comes with the next step', async () => {
  const { problems } = await load({})
  expect(problems).toHaveLength(1)
  for (const word of ['--config', 'mailsync import', 'mailsync init']) expect(problems[0]?.hint).toContain(word)
})

test('an MX whose host is a key is told how it is written', async () => {
  expect(await hintsOf(around('{ mx: [{ mail.example.com: 10 }] }'))).toContain(
    'write { host: mail.example.com, preference: … }',
  )
})
