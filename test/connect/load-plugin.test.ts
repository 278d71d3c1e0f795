import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtInClasses } from '../../providers/index.js'
import { loadPlugin } from '../../src/connect/plugin/load-plugin.js'

const ADAPTER = `export default {
  type: 'mine', description: 'one of mine', optionDocs: [],
  traits: { types: ['TXT'], write: 'atomic', compareAndSwap: false, ttl: { min: 0, max: 1 } },
  options: (input) => input,
  connect: async () => ({ zones: async () => [], read: async () => [], write: async () => ({ applied: [] }) }),
}
`
const manifest = (more: object): string => JSON.stringify({ name: 'x', version: '1.0.0', type: 'module', ...more })

const files: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'mine.js': ADAPTER,
  'adapters/mine.mjs': ADAPTER,
  'with space & ü.js': ADAPTER,
  'empty.js': '',
  'half.js': 'export default { type: "half", options() {} }',
  'strange.js': ADAPTER.replace("write: 'atomic'", "write: 'rrset', read: 'zone'")
    .replace("'TXT'", "'TXT', 'SPF'")
    .replace(/ttl: .*? }/, 'ttl: 60'),
  'function.js': 'export default function mine() {}',
  'broken.js': 'export default {\n  type: "broken",,\n}\n',
  'throwing.js': 'throw new Error("no licence")\n',
  'needy.js': 'import "not-installed-anywhere"\nexport default {}\n',
  'needy-file.js': 'import "./nowhere.js"\nexport default {}\n',
  'node_modules/dns-mine/package.json': manifest({ main: 'index.js' }),
  'node_modules/dns-mine/index.js': ADAPTER,
  'node_modules/@me/dns/package.json': manifest({ exports: './lib/index.js' }),
  'node_modules/@me/dns/lib/index.js': ADAPTER,
  'node_modules/esm-only/package.json': manifest({ exports: { '.': { types: './x.d.ts', import: './index.js' } } }),
  'node_modules/esm-only/index.js': ADAPTER,
  'node_modules/common/package.json': manifest({ type: 'commonjs', main: './index.js' }),
  'node_modules/common/index.js': ADAPTER.replace('export default', 'module.exports ='),
  'node_modules/needy-package/package.json': manifest({ main: 'index.js' }),
  'node_modules/needy-package/index.js': 'import "not-installed-anywhere"\nexport default {}\n',
}

const NEEDS_A_PACKAGE = /cannot be loaded: Cannot find package 'not-installed-anywhere' imported from/
const NO_ADAPTER = 'has no adapter as its default export'

/** Classes that give an adapter. */
const adapters = {
  'a file beside the spec': './mine.js',
  'a file below it': './adapters/mine.mjs',
  'a file with a strange name': './with space & ü.js',
  'a package': 'dns-mine',
  'a package with a scope': '@me/dns',
  'a package for import only': 'esm-only',
  'a package of CommonJS': 'common',
}

/** Classes that give none, and why. */
const faults: readonly [type: string, error: string | RegExp, hint: string][] = [
  ['./nothing.js', 'there is no file ./nothing.js', 'the path is relative to the spec'],
  ['./empty.js', `./empty.js ${NO_ADAPTER}`, 'see "Writing an adapter" in the README'],
  ['./half.js', `./half.js ${NO_ADAPTER}`, 'see "Writing an adapter" in the README'],
  [
    './strange.js',
    './strange.js: traits.read is "zone"; it is one of whole, places; traits.write is "rrset"; it is one of atomic, per-rrset, per-record, by-hand; traits.types has "SPF"; known are A, ',
    'correct the adapter',
  ],
  ['./strange.js', /traits\.ttl has to be \{ min, max \} in seconds$/, 'correct the adapter'],
  ['./function.js', `./function.js ${NO_ADAPTER}`, 'see "Writing an adapter" in the README'],
  ['./broken.js', "./broken.js cannot be loaded: Unexpected token ','", 'correct the adapter'],
  ['./throwing.js', './throwing.js cannot be loaded: no licence', 'correct the adapter'],
  ['./needy.js', NEEDS_A_PACKAGE, 'correct the adapter'],
  ['./needy-file.js', /^\.\/needy-file\.js cannot be loaded: Cannot find module/, 'correct the adapter'],
  ['needy-package', NEEDS_A_PACKAGE, 'correct the adapter'],
  [
    'octodns_cloudflare.CloudflareProvider',
    'there is no adapter "octodns_cloudflare.CloudflareProvider"',
    'write class: cloudflare, which takes the same options',
  ],
  [
    'octodns_gandi.GandiProvider',
    'there is no adapter',
    '{ class: octodns, provider: { class: octodns_gandi.GandiProvider, … } }',
  ],
  ['cloudfare', 'there is no adapter "cloudfare"', 'did you mean cloudflare?'],
  [
    'no-such-package',
    'there is no adapter "no-such-package"',
    `known here: ${builtInClasses.join(', ')}, ./file.js, an installed package`,
  ],
  ['constructor', 'there is no adapter "constructor"', 'known here'],
  ['fs', 'there is no adapter "fs"', 'known here'],
  ['node:fs', 'there is no adapter "node:fs"', 'known here'],
  ['https://example.com/x.js', 'there is no adapter "https://example.com/x.js"', 'known here'],
]

/** Asks for all of them in a Node of its own: vitest has its own idea of what `import` is. */
const ASK = `
const [, , directory, ...types] = process.argv
const found = []
for (const type of types) found.push([type, await loadPlugin(type, directory)])
process.stdout.write(JSON.stringify(Object.fromEntries(found)))
`

let directory: string
let found: Readonly<Record<string, { readonly error?: string; readonly hint?: string }>>
beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'mailsync-adapters-')))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true })
    await writeFile(join(directory, name), text)
  }
  const program = join(directory, 'ask.mjs')
  const contents = `import { builtInClasses } from '../../providers/index.js'
import { loadPlugin } from './src/connect/plugin/load-plugin.ts'${ASK}`
  const external = ['./cloudflare/*', './rfc2136/*', './route53/*', './yaml/*']
  const stdin = { contents, resolveDir: process.cwd(), loader: 'ts' } as const
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', target: 'node20', external, outfile: program })
  const types = [...Object.values(adapters), join(directory, 'mine.js'), ...faults.map(([type]) => type)]
  const { stdout } = await promisify(execFile)(process.execPath, [program, directory, ...types])
  found = JSON.parse(stdout)
})
afterAll(() => rm(directory, { recursive: true }))

describe('the class of a provider', () => {
  test.each(['cloudflare', 'powerdns', 'rfc2136', 'route53', 'yaml'])('%s comes with mailsync', async (type) => {
    expect(await loadPlugin(type, directory)).toMatchObject({ type })
  })

  test.each(Object.entries(adapters))('may be %s', (_, type) => {
    expect(found[type]).toMatchObject({ type: 'mine' })
  })

  test('may be a file by its absolute path', () => {
    expect(found[join(directory, 'mine.js')]).toMatchObject({ type: 'mine' })
  })
})

describe('a class that gives no adapter is told why', () => {
  test.each(faults)('%s', (type, error, hint) => {
    expect(found[type]?.error).toMatch(error)
    expect(found[type]?.hint).toContain(hint)
  })
})
