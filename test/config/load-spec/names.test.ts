import { describe, expect, test } from 'vitest'
import type { MailSpec } from '../../../records/spec.js'
import { load, problemsOf } from '../load.js'

async function spec(text: string): Promise<MailSpec> {
  const { spec: loaded, problems } = await load(text)
  expect(problems).toEqual([])
  return loaded as MailSpec
}

describe('names in Unicode, in capitals, with or without the dot', () => {
  const SPEC = `
providers: { dns: { class: yaml } }
zones: { Bücher.Example: { targets: [dns] }, 例え.テスト.: { targets: [dns] } }
hosts: { Mail.BÜCHER.example: { addresses: [192.0.2.10] } }
domains:
  bücher.example.:
    mx: [mail.bücher.example, xn--bcher-kva.example]
    spf: { hosts: [MAIL.bücher.example.], include: [_spf.straße.example] }
    dmarc: { rua: [berichte@BÜCHER.example] }
  例え。テスト: { mail: none }`

  test('are all read as A-labels', async () => {
    const { zones, hosts, domains } = await spec(SPEC)
    expect([...zones.keys()]).toEqual(['xn--bcher-kva.example.', 'xn--r8jz45g.xn--zckzah.'])
    expect(hosts.map(({ name }) => name)).toEqual(['mail.xn--bcher-kva.example.'])
    expect(domains.map(({ name }) => name)).toEqual(['xn--bcher-kva.example.', 'xn--r8jz45g.xn--zckzah.'])
    expect(domains[0]).toMatchObject({
      mx: [{ host: 'mail.xn--bcher-kva.example.' }, { host: 'xn--bcher-kva.example.' }],
      spf: {
        hosts: [{ value: 'mail.xn--bcher-kva.example.' }],
        include: [{ value: '_spf.xn--strae-oqa.example.' }],
      },
      dmarc: { rua: ['mailto:berichte@xn--bcher-kva.example'] },
    })
  })

  test('keep the place they are written at', async () => {
    const { spec: loaded, locate } = await load(SPEC)
    const place = loaded?.domains[1]?.from ?? []
    expect(locate(place, 'key')).toEqual({ file: 'mailsync.yaml', line: 10, column: 3 })
  })
})

const domain = (dmarc: string) => `
providers: { dns: { class: yaml } }
zones: { example.com: { targets: [dns] } }
domains: { example.com: { dmarc: { rua: ["${dmarc}"] } } }`

describe('a report address', () => {
  test.each([
    ['dmarc@example.com', 'mailto:dmarc@example.com'],
    ['mailto:dmarc@example.com', 'mailto:dmarc@example.com'],
    ['MAILTO:Dmarc+x@Example.COM.', 'mailto:Dmarc+x@example.com'],
    ['a,b!c;d@example.com', 'mailto:a%2Cb%21c%3Bd@example.com'],
    ['prüfung@example.com', 'mailto:pr%C3%BCfung@example.com'],
  ])('%s is %s', async (text, uri) => {
    const { domains } = await spec(domain(text))
    expect(domains[0]?.dmarc).toMatchObject({ rua: [uri] })
  })

  test.each([
    'dmarc',
    '@example.com',
    'dmarc@',
    'dmarc@localhost',
    'dmarc@example.com!10m',
    'a b@example.com',
    'dmarc@192.0.2.1',
    'https://example.com/dmarc',
    'mailto:a@example.com,mailto:b@example.com',
  ])('%s is none', async (text) => {
    expect(await problemsOf(domain(text))).toEqual([
      expect.stringMatching(/^mailsync\.yaml:4:42 report-address: .* is no mail address/),
    ])
  })
})

describe('what is included', () => {
  const include = (text: string) => `
providers: { dns: { class: yaml } }
zones: { example.com: { targets: [dns] } }
domains: { example.com: { spf: { include: ["${text}"] } } }`

  test.each(['.', 'localhost', 'a..example', 'a b.example'])('%j cannot be', async (text) => {
    expect(await problemsOf(include(text))).toEqual([expect.stringMatching(/^mailsync\.yaml:4:44 name: /)])
  })

  test.each(['121.130.45.9', '121.130.45.0/24', '2001:db8::/32', '192.0.2.300'])(
    'an address or a network cannot be, and belongs under spf.addresses: %s',
    async (text) => {
      const problems = await problemsOf(include(text))
      expect(problems).toEqual([expect.stringMatching(/^mailsync\.yaml:4:44 spf-include-address: .*never an address/)])
    },
  )

  test('an underscore may be in it', async () => {
    const { domains } = await spec(include('_spf.Google.com'))
    expect(domains[0]?.spf).toMatchObject({ include: [{ value: '_spf.google.com.' }] })
  })
})
