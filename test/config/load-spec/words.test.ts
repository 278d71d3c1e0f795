import { describe, expect, test } from 'vitest'
import { problemsOf } from '../load.js'
import { marked } from '../session-errors.js'

/** What is told about the place marked by `▸` in an otherwise right spec. */
async function toldAt(text: string): Promise<string[]> {
  const { text: spec, place } = marked(text)
  const problems = await problemsOf(spec)
  return problems.map((problem) => problem.replace(`mailsync.yaml:${place} `, ''))
}

const around = (domain: string) => `
providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
domains: { example.com: ${domain} }`

describe('a word the spec does not have', () => {
  test.each([
    ['{ spff: false, ▸dkimm: false }', 'dkimm', 'did you mean dkim?'],
    ['{ spf: { ▸inclde: [] } }', 'inclde', 'did you mean include?'],
    ['{ dmarc: { ▸polcy: none } }', 'polcy', 'did you mean policy?'],
    ['{ dmarc: { ▸p: none } }', 'p', 'write policy'],
    ['{ dmarc: { ▸sp: none } }', 'sp', 'write subdomains'],
    ['{ dmarc: { ▸ri: 86400 } }', 'ri', 'RFC 9989 removed ri; leave it out'],
    ['{ mx: [{ host: mail.example.com, ▸priority: 5 }] }', 'priority', 'write preference'],
    [
      '{ ▸colour: blue }',
      'colour',
      'known here: mail, mx, spf, dkim, dmarc, mta_sts, tls_rpt, bimi, clients, caa, relays, ttl',
    ],
    ['{ ttl: { ▸dmark: 60 } }', 'dmark', 'did you mean dmarc?'],
  ])('%s', async (domain, key, hint) => {
    expect(await toldAt(around(domain))).toContain(`spec-unknown-key: unknown key "${key}"\n  ${hint}`)
  })

  test.each([
    ['sources: [config]', 'a word of octoDNS', 'mailsync has no sources: this file is the source; write targets only'],
    ['targts: [dns]', 'a misspelling', 'did you mean targets?'],
  ])('at a zone: %s, %s', async (line, _, hint) => {
    const told = await toldAt(`
providers: { dns: { class: yaml } }
zones:
  example.com.:
    targets: [dns]
    ▸${line}
domains: {}`)
    expect(told).toEqual([`spec-unknown-key: unknown key "${line.split(':')[0]}"\n  ${hint}`])
  })

  test('at the top: the nearest section', async () => {
    const told = await toldAt('providers: {}\nzones: {}\ndomains: {}\n▸zone: {}\n')
    expect(told).toEqual(['spec-unknown-key: unknown key "zone"\n  did you mean zones?'])
  })
})

describe('a value of the wrong kind', () => {
  test.each([
    [
      '{ mx: ▸mail.example.com }',
      'expected none or a list, found text "mail.example.com"\n  write it as a list: [mail.example.com]',
    ],
    [
      '{ spf: ▸true }',
      'expected a mapping or false, found the boolean true\n  leave spf out for its defaults, or write its keys',
    ],
    [
      '{ spf: { include: ▸_spf.example.net } }',
      'expected a list, found text "_spf.example.net"\n  write it as a list: [_spf.example.net]',
    ],
    ['{ spf: { mx: ▸"yes" } }', 'expected true or false, found text "yes"\n  write true'],
    ['{ ttl: ▸1h }', 'expected a number or a mapping, found text "1h"\n  a TTL is a number of seconds: 3600'],
    ['{ ttl: { mx: ▸1h } }', 'expected a number, found text "1h"\n  a TTL is a number of seconds: 3600'],
    ['{ ttl: ▸1.5 }', 'expected a whole number or a mapping, found the number 1.5'],
    ['▸5', 'expected a mapping, found the number 5'],
    ['{ mta_sts: { max_age: ▸2w } }', 'expected a number, found text "2w"\n  max_age is a number of seconds: 1209600'],
    [
      '{ bimi: ▸none }',
      'expected a mapping or false, found text "none"\n  write bimi: { location: none } to say that no logo is wanted, or bimi: false to publish none',
    ],
    ['{ mta_sts: ▸enforce }', 'expected a mapping or false, found text "enforce"\n  write mta_sts: { mode: enforce }'],
    [
      '{ mta_sts: ▸"v=STSv1; id=1" }',
      'expected a mapping or false, found text "v=STSv1; id=1"\n  write mta_sts: { mode: enforce } for a policy of this spec, or { id: … } for one that somebody else keeps',
    ],
    [
      '{ tls_rpt: ▸[tls@example.com] }',
      'expected a mapping or false, found a list\n  write tls_rpt: { rua: [tls@example.com] }',
    ],
    [
      '{ bimi: ▸"https://example.com/a.svg" }',
      'expected a mapping or false, found text "https://example.com/a.svg"\n  write bimi: { location: https://example.com/a.svg }',
    ],
    [
      '{ dmarc: ▸~ }',
      'expected a mapping or false, found nothing\n  leave dmarc out for its defaults, or write its keys',
    ],
  ])('%s', async (domain, message) => {
    const told = await toldAt(around(domain))
    expect(told).toEqual([`spec-type: ${message}`])
  })

  test.each([
    ['{ spf: { all: ▸softfial } }', 'expected fail, softfail or neutral, found "softfial"\n  did you mean softfail?'],
    [
      '{ dkim: { algorithms: [rsa-2048, ▸rsa-1024] } }',
      'expected rsa-2048, rsa-3072, rsa-4096 or ed25519, found "rsa-1024"\n  write rsa-2048: 1024 bits are too few (RFC 8301 §3.2)',
    ],
    ...['"%H"', 'S1', '"%%"', '"%Y%Y%Y"', 's1-', '-s1', 's.1', 's'.repeat(41)].map((selector): [string, string] => [
      `{ dkim: { selector: ▸${selector} } }`,
      'a selector has up to 40 lower-case letters, digits, %Y (twice at most), %m, %d, %a, and hyphens between them',
    ]),
    ['{ dmarc: { fo: ▸"1:x" } }', 'fo is one or more of 0, 1, d, s, separated by colons'],
    ['{ mx: ▸[] }', 'the list is empty'],
    ['{ mta_sts: { id: ▸a-b } }', 'an id has 1 to 32 letters and digits (RFC 8461 §3.1)'],
    ['{ mta_sts: { max_age: ▸-1 } }', 'expected 0 or more, found -1'],
    ['{ tls_rpt: { rua: ▸[] } }', 'the list is empty'],
    ['{ bimi: { selector: ▸a.b } }', 'a selector has lower-case letters and digits, and hyphens between them'],
    ['{ spf: { include: [▸""] } }', 'the text is empty'],
    ['{ ttl: ▸-1 }', 'expected 0 or more, found -1'],
    ['{ ttl: { dkim: ▸-1 } }', 'expected 0 or more, found -1'],
    ['{ ttl: ▸2147483648 }', 'expected 2147483647 or less, found 2147483648'],
    ['{ mx: [{ host: mail.example.com, preference: ▸65536 }] }', 'expected 65535 or less, found 65536'],
    ['{ mail: ▸parked }', 'expected none, found "parked"\n  known here: none'],
  ])('%s', async (domain, message) => {
    expect(await toldAt(around(domain))).toEqual([`spec-value: ${message}`])
  })
})

test.each([
  [
    '',
    'nothing\n  the file is empty: `mailsync init` asks and writes a first spec, `mailsync import DOMAIN` writes one from what DNS holds now',
  ],
  ['hello', 'text "hello"'],
  ['- providers\n- zones\n', 'a list'],
])('a file that is no spec at all, %j, is told once', async (text, found) => {
  expect(await problemsOf(text)).toEqual([`mailsync.yaml:1:1 spec-type: expected a mapping, found ${found}`])
})

test('a file with nothing of what it must have', async () => {
  expect(await problemsOf('hosts: {}\n')).toEqual(
    ['providers', 'zones', 'domains'].map((key) => `mailsync.yaml:1:1 spec-missing-key: the key "${key}" is missing`),
  )
})
