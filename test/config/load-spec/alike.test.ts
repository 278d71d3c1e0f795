import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildSpec } from '../../../src/config/build.js'
import type { RawSpec } from '../../../src/config/schema.js'
import { DOMAINS, rawSpec } from '../../worlds/arbitrary-spec.js'
import { load, told } from '../load.js'

/** More of what a domain can say, alone or for all of them. */
const parts = {
  dkim: { algorithms: ['ed25519'], zone: 'keys.example.net', keys: { s1: { cname: 's1.example.org' } } },
  ownKeys: { selector: 's%Y', rotate: { every: '90d' }, wildcard: 'revoked' },
  dmarc: { policy: 'reject', rua: ['d@example.com'], ramp: { days: 3 } },
  clients: { imaps: ['mail.example.com'] },
  mta_sts: { mode: 'enforce', host: 'mail.example.com' },
  tls_rpt: { rua: ['tls@example.com'] },
  caa: { issue: ['ca.example'] },
  relays: { 'amazon-ses': { region: 'eu-west-1', mail_from: 'bounce' } },
} as const

const more = fc
  .record(
    {
      dkim: fc.constantFrom(parts.dkim, parts.ownKeys, false),
      dmarc: fc.constantFrom(parts.dmarc, { cname: '_dmarc.example.org' }, false),
      mta_sts: fc.constant(parts.mta_sts),
      tls_rpt: fc.constantFrom(parts.tls_rpt, { rua: ['nobody'] }),
      relays: fc.constantFrom(parts.relays, ['no-relay']),
      ttl: fc.constantFrom(300, { mx: 60 }),
    },
    { requiredKeys: [] },
  )
  .map((value): object => value)
const defaults = fc
  .record(
    {
      dkim: fc.constantFrom({ zone: 'example.net' }, { algorithms: ['ed25519'] }),
      dmarc: fc.constantFrom({ rua: ['all@example.com'] }, { rua: ['nobody'] }),
      mta_sts: fc.constant({ mode: 'testing' }),
      relays: fc.constant(parts.relays),
    },
    { requiredKeys: [] },
  )
  .map((value): object => value)

describe('domains that say the same', () => {
  test('are built as if each were the only one that says it', () => {
    fc.assert(
      fc.property(rawSpec, more, defaults, fc.nat(), (raw, added, usual, index) => {
        const like: RawSpec['domains'][string] = { ...Object.values(raw.domains)[index % DOMAINS.length], ...added }
        const names = [...DOMAINS, '*.example.com', '_spf.example.net', 'EXAMPLE.com', '?']
        const spec = (part: () => typeof like): RawSpec => ({
          ...raw,
          defaults: usual as RawSpec['defaults'],
          domains: Object.fromEntries(names.map((name) => [name, part()])),
          parked: ['parked.example.org', 'parked.example.com'],
        })
        expect(buildSpec(spec(() => like))).toEqual(buildSpec(spec(() => structuredClone(like))))
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    [
      'YAML',
      (domain: object) => `{${Object.entries(domain).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)}}`,
    ],
    ['JSON', (domain: object) => JSON.stringify(domain)],
  ])('have their mistakes told at each, in a fleet of %s', async (format, shown) => {
    const names = Array.from({ length: 60 }, (_, index) => `d${index}.example.com`)
    const kinds = [{ mx: ['192.0.2.1'] }, { dmrc: {} }, { spf: { all: 'fial' } }, { dmarc: { rua: ['nobody'] } }]
    const quote = format === 'JSON' ? '"' : ''
    const [open, comma, close] = format === 'JSON' ? ['{\n', ',', '\n}}'] : ['\n', '', '\n']
    const key = (text: string): string => `${quote}${text}${quote}: `
    const text = [
      `${format === 'JSON' ? '{' : ''}${key('providers')}{"dns": {"class": "yaml"}}${comma}`,
      `${key('zones')}{"example.com.": {"targets": ["dns"]}}${comma}`,
      `${key('domains')}${open}${names.map((name, index) => `  ${key(name)}${shown(kinds[index % 4] ?? {})}`).join(`${comma}\n`)}${close}`,
    ].join('\n')
    const { problems } = await load(text)
    expect(problems.map(({ where }) => where?.line)).toEqual(names.map((_, index) => index + 4))
    expect(new Set(problems.map(told)).size).toBe(names.length)
  })
})
