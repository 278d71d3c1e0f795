import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LoadedSpec, loadSpec } from '../../src/config/load-config.js'
import { onlyFile } from '../../src/config/only-file.js'
import type { RawSpec } from '../../src/config/schema.js'
import type { Written } from '../../src/config/without-known.js'
import { rawSpec } from '../worlds/arbitrary-spec.js'

/** YAML has JSON in it. */
function load(raw: object, known?: Written): Promise<LoadedSpec> {
  return loadSpec('mailsync.yaml', onlyFile('mailsync.yaml', JSON.stringify(raw)), undefined, known)
}

async function written(raw: object): Promise<Written> {
  const { spec, value, composed } = await load(raw)
  if (!spec) throw new Error('the spec of the test is wrong')
  return { spec, value, composed }
}

function byName({ spec }: LoadedSpec) {
  const sorted = [...(spec?.domains ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { ...spec, domains: sorted }
}

const change = fc.oneof(
  fc.constant((raw: RawSpec): object => raw),
  fc.constant((raw: RawSpec): object => ({ ...raw, defaults: { ttl: 1800 } })),
  fc.constant((raw: RawSpec): object => ({ ...raw, parked: ['parked.example'] })),
  fc.nat().map((index) => (raw: RawSpec): object => {
    const names = Object.keys(raw.domains)
    const name = names[index % Math.max(names.length, 1)]
    if (name === undefined) return raw
    return { ...raw, domains: { ...raw.domains, [name]: { ...raw.domains[name], ttl: 4000 } } }
  }),
)

describe('a spec of which another one is known', () => {
  test('means what it means without that', async () => {
    await fc.assert(
      fc.asyncProperty(rawSpec, rawSpec, change, async (one, other, edit) => {
        for (const known of [await written(one), await written(other)])
          expect(byName(await load(edit(one), known))).toEqual(byName(await load(edit(one))))
      }),
      { numRuns: 60 },
    )
  })

  test('takes a domain from it that is written the same, and builds the others', async () => {
    const raw = {
      providers: { one: { class: 'memory' } },
      zones: { 'example.com': { targets: ['one'] } },
      hosts: { 'mail.example.com': { addresses: ['192.0.2.1'] } },
      domains: {
        'example.com': {
          mx: ['mail.example.com'],
          relays: { 'amazon-ses': { region: 'eu-west-1', mail_from: 'bounce' } },
        },
        'a.example.com': { mx: ['mail.example.com'] },
      },
    }
    const known = await written(raw)
    const { spec } = await load({ ...raw, domains: { ...raw.domains, 'a.example.com': { mx: 'none' } } }, known)
    const same = known.spec.domains.filter(({ name }) => name !== 'a.example.com.')
    expect(same.map(({ name }) => name)).toEqual(expect.arrayContaining(['example.com.', 'bounce.example.com.']))
    for (const domain of same) expect(spec?.domains).toContain(domain)
    expect(spec?.domains.find(({ name }) => name === 'a.example.com.')?.mx).toBe('none')
  })
})
