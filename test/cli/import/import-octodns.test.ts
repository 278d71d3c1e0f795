import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isOctodnsAvailable, missingOctodns, octodnsPython } from '../../servers/octodns.js'
import { type Ran, runMain, type Workspace, workspace } from '../workspace.js'

const CONFIG = (folder: string): string => `
manager: { max_workers: 2 }
providers:
  config: { class: octodns.provider.yaml.YamlProvider, directory: ./sources }
  files:
    class: octodns.provider.yaml.YamlProvider
    directory: ${folder}/zones
    default_ttl: 3600
    supports_root_ns: false
  panel:
    class: mailsync_faulty.FaultyProvider
    store: ${folder}/zones.json
    token: env/PANEL_TOKEN
  unused: { class: nowhere.Provider }
zones:
  example.com.: { sources: [config], targets: [panel] }
  example.net.: { sources: [config], targets: [files] }
  bare.example.: { sources: [config], targets: [files] }
  2.0.192.in-addr.arpa.: { sources: [config], targets: [files] }
`
const PANEL = [
  { name: '', type: 'MX', ttl: 3600, value: { preference: 10, exchange: 'mail.example.net.' } },
  { name: '', type: 'TXT', ttl: 3600, values: ['MS=ms123', 'v=spf1 mx -all'] },
  { name: '_dmarc', type: 'TXT', ttl: 3600, value: 'v=DMARC1\\; p=reject' },
]
const NET = `? ''
: - {type: MX, values: [{preference: 10, exchange: mail.example.net.}]}
  - {type: TXT, value: v=spf1 mx -all}
mail:
  type: A
  value: 192.0.2.10
`

let space: Workspace
beforeEach(async () => {
  vi.stubEnv('PYTHONPATH', resolve('test/providers/octodns/python'))
  space = await workspace({
    'zones.json': JSON.stringify({ 'example.com.': PANEL }),
    'zones/example.net.yaml': NET,
    'zones/bare.example.yaml': '{}\n',
    'zones/2.0.192.in-addr.arpa.yaml': '10: {type: PTR, value: mail.example.net.}\n',
  })
  await space.write('production.yaml', CONFIG(space.directory))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await space.remove()
})

const importing = (...args: readonly string[]): Promise<Ran> =>
  runMain(['import', '--octodns', space.path('production.yaml'), '--out', space.path('mailsync.yaml'), ...args], {
    env: { PANEL_TOKEN: 's3cr3t-token' },
  })

function cases(): void {
  test('providers and zones are taken over, and the spec changes nothing', async () => {
    const { code, stderr } = await importing('--python', octodnsPython)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const spec = await space.read('mailsync.yaml')
    expect(spec).toMatch(/^ {2}files:\n {4}class: yaml\n {4}directory: \/.*\/zones\n {4}default_ttl: 3600$/m)
    expect(spec).toMatch(/^ {2}panel:\n {4}class: octodns\n {4}python: .*\n {4}provider:/m)
    expect(spec).toContain('class: mailsync_faulty.FaultyProvider')
    expect(spec).toContain('token: env/PANEL_TOKEN')
    expect(spec).not.toMatch(/s3cr3t|unused|config:/)
    expect(spec).toMatch(/^ {2}example\.com\.: \{ targets: \[panel\] \}$/m)
    expect(spec).toMatch(/^ {2}bare\.example\.: \{ targets: \[files\] \}$/m)
    expect(spec).toMatch(/^ {2}2\.0\.192\.in-addr\.arpa\.: \{ targets: \[files\] \}$/m)
    expect(spec).toMatch(/Options of files that class yaml does not have are left out: supports_root_ns\./)
    expect(spec).toMatch(/octodns-sync deletes what its own zone files lack/)
    const plan = await space.run(['plan', '--format', 'json'], { env: { PANEL_TOKEN: 's3cr3t-token' } })
    expect(plan.code).toBe(0)
    const { zones } = JSON.parse(plan.stdout) as {
      zones: { changes: { edits: { adopts: boolean; after: string[] }[] }[] }[]
    }
    const edits = zones.flatMap(({ changes }) => changes.flatMap((change) => change.edits))
    expect(
      edits.filter(({ after, adopts }) => !adopts && !after.some((text) => text.startsWith('v=mailsync1'))),
    ).toEqual([])
  })

  describe('zones that the config does not name', () => {
    const dynamic = (zones: string): Promise<void> =>
      space.write(
        'production.yaml',
        CONFIG(space.directory)
          .replace(/^zones:[\s\S]*/m, `zones:\n${zones}`)
          .replace('directory: ./sources', `directory: ${space.path('sources')}`),
      )
    const zonesOf = (spec: string): string[] =>
      [...spec.matchAll(/^ {2}(\S+\.): (\{ targets: .* \})$/gm)].map(([, zone, rest]) => `${zone} ${rest}`)
    beforeEach(async () => {
      for (const zone of ['example.com', 'example.net', 'bare.example'])
        await space.write(`sources/${zone}.yaml`, '{}\n')
    })

    test('are those that their sources list, and not all that the target has', async () => {
      await dynamic(
        "  '*': { sources: [config], targets: [files] }\n  example.com.: { sources: [config], targets: [panel] }\n",
      )
      const { code, stderr } = await importing('--python', octodnsPython)
      expect({ code, stderr }).toMatchObject({ code: 0 })
      // files has 2.0.192.in-addr.arpa. too.
      const spec = await space.read('mailsync.yaml')
      expect(zonesOf(spec)).toEqual([
        'example.com. { targets: [panel] }',
        'example.net. { targets: [files] }',
        'bare.example. { targets: [files] }',
      ])
      expect(spec).not.toContain('cannot be asked here')
    })

    test.each([
      ['a glob', "glob: '*.net.'"],
      ['a regular expression', "regex: '^example\\.net'"],
    ])('are only those that match %s, and the first that matches has them', async (_, filter) => {
      await dynamic(
        `  '*a': { sources: [config], targets: [files], ${filter} }\n  '*b': { sources: [config], targets: [panel], glob: 'example.*' }\n`,
      )
      const { code, stderr } = await importing('--python', octodnsPython)
      expect({ code, stderr }).toMatchObject({ code: 0 })
      expect(zonesOf(await space.read('mailsync.yaml'))).toEqual([
        'example.com. { targets: [panel] }',
        'example.net. { targets: [files] }',
      ])
    })

    test('are those of the target where the source cannot be asked, and the spec says so', async () => {
      await dynamic("  '*': { sources: [unused], targets: [panel] }\n")
      const { code, stderr } = await importing('--python', octodnsPython)
      expect({ code, stderr }).toMatchObject({ code: 0 })
      const spec = await space.read('mailsync.yaml')
      expect(zonesOf(spec)).toEqual(['example.com. { targets: [panel] }'])
      expect(spec.replace(/\n# /g, ' ')).toMatch(
        /The zones of \* are all that panel serves\. octoDNS takes those that unused list; this cannot be asked here: .* has no module nowhere/,
      )
    })
  })

  test('an alias goes to the targets of the zone that it is an alias of', async () => {
    await space.write('zones/alias.example.yaml', NET)
    await space.write('production.yaml', `${CONFIG(space.directory)}  alias.example.: { alias: example.net. }\n`)
    const { code, stderr } = await importing('--python', octodnsPython)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(await space.read('mailsync.yaml')).toMatch(/^ {2}alias\.example\.: \{ targets: \[files\] \}$/m)
  })

  test('of several targets all are taken over, and the first is read', async () => {
    await space.write(
      'production.yaml',
      CONFIG(space.directory).replace(
        'example.com.: { sources: [config], targets: [panel] }',
        'example.com.: { sources: [config], targets: [panel, files] }',
      ),
    )
    await space.write(
      'zones/example.com.yaml',
      "'': {type: MX, value: {preference: 10, exchange: other.example.net.}}\n",
    )
    const { code, stderr } = await importing('--python', octodnsPython)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const spec = await space.read('mailsync.yaml')
    expect(spec).toMatch(/^ {2}example\.com\.: \{ targets: \[panel, files\] \}$/m)
    expect(spec).not.toContain('other.example.net')
  })

  test('only what is asked for is imported, with the zones it needs', async () => {
    const { code } = await importing('example.com', '--python', octodnsPython)
    expect(code).toBe(0)
    const spec = await space.read('mailsync.yaml')
    expect(spec).toMatch(/^ {2}example\.com:$/m)
    expect(spec).not.toMatch(/bare\.example|^ {2}example\.net:$/m)
  })
}

if (isOctodnsAvailable) describe('import --octodns', cases)
else describe.skip(missingOctodns(), () => test('skipped', () => {}))

describe('a config that cannot be taken over', () => {
  test.each([
    ['hosts: {}\n', /this is no config of octoDNS: it has no providers/],
    [
      'providers: { a: { class: x.Y } }\nzones: { example.com.: { targets: [b] } }\n',
      /has the target b, which is no provider/,
    ],
    ['providers: { a: { class: x.Y } }\nzones: { example.com.: {} }\n', /the zone example.com. has no targets/],
    [
      "providers: { a: { class: x.Y } }\nzones: { '*': { targets: [a], sources: [b] } }\n",
      /has the source b, which is no provider/,
    ],
    [
      "providers: { a: { class: x.Y } }\nzones: { '*': { targets: [a], sources: [a], regex: '(?<' } }\n",
      /the regex of the zone \* cannot be read/,
    ],
    ['providers: { a: { token: x } }\nzones: { example.com.: { targets: [a] } }\n', /the provider a has no class/],
    [
      'secret_handlers: { vault: { class: x.V } }\nproviders: { a: { class: x.Y, token: vault/one } }\nzones: { example.com.: { targets: [a] } }\n',
      /token of the provider a comes from a secret handler/,
    ],
  ])('%j is told with its place', async (text, message) => {
    await space.write('production.yaml', text)
    const { code, stderr } = await importing()
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
    expect(stderr).toMatch(/production\.yaml:\d+:\d+/)
  })
})
