import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { Domain, MailSpec } from '../../../records/spec.js'
import { load, problemsOf } from '../load.js'

const HEAD = `
providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] }, example.net.: { targets: [dns] } }
hosts: { mail.example.com: { addresses: [192.0.2.10] } }`

async function spec(rest: string): Promise<MailSpec> {
  const loaded = await load(HEAD + rest)
  expect(loaded.problems).toEqual([])
  return loaded.spec as MailSpec
}

async function domain(rest: string, name = 'example.com.'): Promise<Domain> {
  const { domains } = await spec(rest)
  return domains.find((one) => one.name === (name as Name)) as Domain
}

/** The same TTL for each record of a domain. */
function everyTtl(ttl: number): Record<string, number> {
  const mail = { mx: ttl, spf: ttl, dkim: ttl, dmarc: ttl }
  return { ...mail, clients: ttl, caa: ttl, relay: ttl, mta_sts: ttl, mta_sts_host: ttl, tls_rpt: ttl, bimi: ttl }
}

describe('where a key is missing', () => {
  test('a domain is careful: softfail, two keys, DMARC that only watches', async () => {
    const { ttl, mail, mx, spf, dkim, dmarc } = await domain('\ndomains: { example.com: {} }')
    expect({ ttl, mail, mx }).toEqual({
      ttl: everyTtl(3600),
      mail: 'normal',
      mx: undefined,
    })
    expect(spf).toMatchObject({ mx: true, hosts: [], addresses: [], include: [], all: 'softfail' })
    expect(dkim).toMatchObject({ algorithms: ['rsa-2048', 'ed25519'], selector: 's%Y%m', explicit: false })
    expect(dmarc).toMatchObject({ policy: 'none', testing: false, adkim: 'relaxed', aspf: 'relaxed', rua: [], ruf: [] })
  })

  test('a host wants a PTR and an SPF of its own', async () => {
    const { hosts, owner, keysDirectory } = await spec('\ndomains: {}')
    expect(hosts).toMatchObject([{ reverse: 'auto', heloSpf: true, egress: [] }])
    expect(hosts[0]?.ttl).toEqual({ a: 3600, aaaa: 3600, ptr: 3600, spf: 3600, caa: 3600, tlsa: 3600 })
    expect({ owner, keysDirectory }).toEqual({ owner: 'default', keysDirectory: 'keys' })
  })

  test('MX names alone get 10, 20, 30 by their place', async () => {
    const { mx } = await domain(
      '\ndomains: { example.com: { mx: [a.example.org, { host: b.example.org, preference: 7 }, c.example.org] } }',
    )
    expect(mx).toMatchObject([{ preference: 10 }, { preference: 7 }, { preference: 30 }])
  })
})

describe('defaults', () => {
  const DEFAULTS = `
defaults:
  ttl: 300
  spf: { all: fail, include: [_spf.example.org] }
  dkim: { algorithms: [ed25519] }
  dmarc: { policy: quarantine, rua: [dmarc@example.com], adkim: strict }`

  test('are merged into every domain, key by key', async () => {
    const { ttl, spf, dkim, dmarc } = await domain(
      `${DEFAULTS}\ndomains: { example.com: { ttl: 60, spf: { all: neutral }, dmarc: { policy: reject } } }`,
    )
    expect(ttl).toEqual(everyTtl(60))
    expect(spf).toMatchObject({ all: 'neutral', include: [{ value: '_spf.example.org.' }] })
    expect(dkim).toMatchObject({ algorithms: ['ed25519'], explicit: false })
    expect(dmarc).toMatchObject({ policy: 'reject', adkim: 'strict', rua: ['mailto:dmarc@example.com'] })
  })

  test('of MTA-STS, TLS reports and BIMI are for the domains that have mail', async () => {
    const rest = `
defaults: { mta_sts: { mode: enforce, host: web.example.org }, tls_rpt: { rua: [tls@example.com] }, bimi: { location: https://example.com/a.svg } }
domains:
  example.com: { mx: [mail.example.com], mta_sts: { max_age: 86400 }, bimi: { authority: https://example.com/a.pem } }
  example.net: { mx: [mail.example.com], mta_sts: { id: 1 }, tls_rpt: false, bimi: { location: none } }
  sends.example.com: {}
  parked.example.com: { mail: none }`
    expect(await domain(rest)).toMatchObject({
      mtaSts: {
        policy: { mode: 'enforce', maxAge: { value: 86_400, from: ['domains', 'example.com', 'mta_sts', 'max_age'] } },
        host: { value: 'web.example.org.', as: 'cname', from: ['defaults', 'mta_sts', 'host'] },
      },
      tlsRpt: { rua: ['mailto:tls@example.com'] },
      bimi: { selector: 'default', location: 'https://example.com/a.svg', authority: 'https://example.com/a.pem' },
    })
    expect(await domain(rest, 'example.net.')).toMatchObject({
      mtaSts: { policy: { id: '1' }, host: { value: 'web.example.org.' } },
      tlsRpt: false,
      bimi: { location: '', authority: '' },
    })
    expect(await domain(rest, 'sends.example.com.')).toMatchObject({
      mtaSts: false,
      tlsRpt: false,
      bimi: { location: 'https://example.com/a.svg' },
    })
    expect(await domain(rest, 'parked.example.com.')).toMatchObject({ mtaSts: false, tlsRpt: false, bimi: false })
  })

  test('a list of the domain takes the place of the default one', async () => {
    const { spf, dmarc } = await domain(
      `${DEFAULTS}\ndomains: { example.com: { spf: { include: [] }, dmarc: { rua: [other@example.com] } } }`,
    )
    expect(spf).toMatchObject({ include: [] })
    expect(dmarc).toMatchObject({ rua: ['mailto:other@example.com'] })
  })

  test('hosts have the default TTL too', async () => {
    expect((await spec(`${DEFAULTS}\ndomains: {}`)).hosts).toMatchObject([{ ttl: { a: 300, spf: 300 } }])
  })

  test.each(['dkim', 'dmarc'] as const)('%s turned off by default can be turned on for one domain', async (key) => {
    const rest = `\ndefaults: { ${key}: false }\ndomains: { example.com: { ${key}: {} }, example.net: {} }`
    expect((await domain(rest))[key]).toMatchObject({ from: ['domains', 'example.com', key] })
    expect((await domain(rest, 'example.net.'))[key]).toBe(false)
  })

  test('what is wrong in them is told where it stands, once, however many domains have it', async () => {
    const problems = await problemsOf(`${HEAD}
defaults:
  spf: { addresses: [192.0.2.1/24] }
  dmarc:
    rua:
      - postmaster
domains: { example.com: {}, example.net: {}, mail.example.com: { spf: false, dmarc: false } }`)
    expect(problems).toEqual([
      'mailsync.yaml:6:22 address: "192.0.2.1/24" has host bits set\n  the network is 192.0.2.0/24',
      'mailsync.yaml:9:9 report-address: "postmaster" is no mail address\n  write it as dmarc@example.com',
    ])
  })
})

describe('a parked domain', () => {
  test.each(['mx: none', 'mx: [mail.example.com]', 'spf: false', 'dkim: {}'])('cannot have %s', async (key) => {
    const [name] = key.split(':')
    expect(await problemsOf(`${HEAD}\ndomains: { example.com: { mail: none, ${key} } }`)).toEqual([
      `mailsync.yaml:5:39 parked-with-mail: ${name} cannot stand beside mail: none\n  remove ${name}, or mail: none`,
    ])
  })

  test('may say where its DMARC reports go', async () => {
    const { mail, dmarc } = await domain(
      '\ndomains: { example.com: { mail: none, dmarc: { rua: [dmarc@example.com] } } }',
    )
    expect({ mail, dmarc }).toMatchObject({ mail: 'none', dmarc: { rua: ['mailto:dmarc@example.com'] } })
  })
})
