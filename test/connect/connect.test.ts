import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { MailsyncError } from '../../records/error.js'
import type { MailSpec } from '../../records/spec.js'
import { type Prepared, prepareProviders } from '../../src/connect/connect.js'
import { load, told } from '../config/load.js'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mailsync-connect-'))
})
afterEach(() => void vi.unstubAllEnvs())
afterAll(() => rm(directory, { recursive: true }))

/** Prepares the providers of a spec; `options` is what stands behind `p:`, in line 2. */
async function prepare(
  options: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ prepared: Prepared[]; lines: string[] }> {
  const { spec, problems, locate } = await load(`providers:
  p: ${options}
  unused: { class: no-such-adapter, token: env/NEVER_SET }
zones: { example.com: { targets: [p] }, '*': { targets: [p] } }
domains: {}
`)
  expect(problems).toEqual([])
  const result = await prepareProviders(spec as MailSpec, { directory, env, locate })
  return { prepared: result.prepared, lines: result.problems.map(told) }
}

const lines = async (options: string, env?: Readonly<Record<string, string>>): Promise<string[]> =>
  (await prepare(options, env)).lines

describe('a provider whose options are right', () => {
  test('is ready to connect, and one that no zone uses is not looked at', async () => {
    const { prepared, lines: told_ } = await prepare('{ class: yaml, directory: zones }')
    expect(told_).toEqual([])
    expect(prepared.map(({ name, plugin }) => `${name} ${plugin.type}`)).toEqual(['p yaml'])
  })

  test('reads and writes once it is connected, its paths relative to the spec', async () => {
    const { prepared } = await prepare('{ class: yaml, directory: env/ZONES }', { ZONES: 'zones' })
    const connected = await prepared[0]?.connect()
    const signal = new AbortController().signal
    expect(connected?.name).toBe('p')
    expect(await connected?.provider.read('example.com.' as never, signal)).toEqual([])
  })

  test('may be one of the zone * only', async () => {
    const { spec, locate } = await load(`
providers: { p: { class: yaml, directory: zones } }
zones: { '*': { targets: [p] } }
domains: {}`)
    const { prepared } = await prepareProviders(spec as MailSpec, { directory, env: {}, locate })
    expect(prepared.map(({ name }) => name)).toEqual(['p'])
  })
})

describe('what is wrong with a provider is told where it is written', () => {
  test.each([
    [
      '{ class: ymal, directory: zones }',
      'mailsync.yaml:2:15 provider-class: provider p: there is no adapter "ymal"\n  did you mean yaml?',
    ],
    [
      '{ class: yaml, directory: $ZONES }',
      'mailsync.yaml:2:32 env-missing: provider p: that is how another tool names a variable\n  write env/NAME, with the name of the variable',
    ],
    ['{ class: yaml }', 'mailsync.yaml:2:3 spec-missing-key: provider p: the key "directory" is missing'],
    [
      '{ class: yaml, directory: zones, default_tll: 60 }',
      'mailsync.yaml:2:39 spec-unknown-key: provider p: unknown key "default_tll"\n  did you mean default_ttl?',
    ],
    [
      '{ class: hetzner, token: t, backend: dns }',
      'mailsync.yaml:2:43 spec-value: provider p: backend is not a back end that is there: dns.hetzner.com was switched off in May 2026; write hcloud',
    ],
    [
      '{ class: powerdns, host: 127.0.0.1, api_key: k, ssl_verify: maybe }',
      'mailsync.yaml:2:66 spec-type: provider p: ssl_verify is true or false; for a CA of your own set NODE_EXTRA_CA_CERTS',
    ],
    [
      '{ class: octodns, provider: { class: Gandi } }',
      'mailsync.yaml:2:43 spec-value: provider p: class is the dotted path of a Python class, for example octodns_gandi.GandiProvider',
    ],
    [
      '{ class: octodns, provider: { class: a.B }, timeout: 0 }',
      'mailsync.yaml:2:59 spec-value: provider p: timeout is more than 0',
    ],
    [
      '{ class: octodns, provider: { class: a.B }, min_ttl: -1 }',
      'mailsync.yaml:2:59 spec-value: provider p: min_ttl is 0 or more',
    ],
    ['{ class: yaml, directory: 5 }', 'mailsync.yaml:2:32 spec-type: provider p: expected text'],
    [
      '{ class: yaml, directory: env/ZONES_FOLDER }',
      'mailsync.yaml:2:32 env-missing: provider p: the environment variable ZONES_FOLDER is not set\n  set it, or write env/ZONES_FOLDER/default',
    ],
  ])('%s', async (options, line) => {
    expect(await lines(options)).toEqual([line])
  })

  test.each([
    '{ class: cloudflare, token: env/SECRET }',
    '{ class: rfc2136, host: 192.0.2.1, key_name: k., key_secret: env/SECRET }',
    '{ class: route53, access_key_id: x, secret_access_key: env/SECRET }',
    '{ class: route53, access_key_id: x, secret_access_key: x, session_token: env/SECRET }',
  ])('a secret that is missing is never to be written into the spec: %s', async (options) => {
    const [told_] = await lines(options)
    expect(told_).toMatch(/ SECRET is not set\n {2}set it; the spec is no place for a secret$/)
  })

  test('all of it at once', async () => {
    const told_ = await lines('{ class: rfc2136, port: 99999, key_algorithm: hmac-md5, colour: blue }')
    expect(told_.map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['mailsync.yaml:2:3', 'mailsync.yaml:2:30', 'mailsync.yaml:2:52', 'mailsync.yaml:2:62']),
    )
  })

  test('an environment variable that is missing hides nothing else', async () => {
    const told_ = await lines('{ class: rfc2136, host: env/NAMESERVER, port: 99999, colour: blue }')
    expect(told_.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'mailsync.yaml:2:30 env-missing:',
      'mailsync.yaml:2:52 spec-value:',
      'mailsync.yaml:2:59 spec-unknown-key:',
    ])
  })
})

test('a variable that is missing is not also told as an option that is missing beside another', async () => {
  const told_ = await lines('{ class: route53, access_key_id: env/KEY_ID, secret_access_key: x }')
  expect(told_).toEqual([expect.stringMatching(/^mailsync\.yaml:2:39 env-missing: .* KEY_ID is not set/)])
})

describe('a provider that cannot connect says which it is', () => {
  /** Connects an adapter whose methods are these. */
  const connect = async (file: string, methods: string): Promise<void> => {
    const adapter = `export default { type: 'mine', description: '', optionDocs: [], traits: { types: [], write: 'atomic', ttl: { min: 0, max: 9 } }, ${methods} }`
    await writeFile(join(directory, file), adapter)
    const { prepared } = await prepare(`{ class: ./${file} }`)
    await prepared[0]?.connect()
  }

  test('and where the spec has it', async () => {
    const { prepared } = await prepare('{ class: cloudflare }')
    vi.stubEnv('CLOUDFLARE_API_TOKEN', '')
    await expect(prepared[0]?.connect()).rejects.toMatchObject({
      code: 'authentication',
      where: { provider: 'p', file: 'mailsync.yaml', line: 2, column: 3 },
    })
  })

  test.each([
    ['connect.mjs', 'options: (input) => input, connect: async () => undefined.zones'],
    ['options.mjs', 'options: () => undefined.zones, connect: async () => ({})'],
  ])('and %s with a bug stays a bug, with the place it is at', async (file, methods) => {
    const error = await connect(file, methods).catch((thrown: unknown) => thrown)
    expect(error).not.toBeInstanceOf(MailsyncError)
    const { stack = '' } = error as Error
    expect(stack).toMatch(/^provider p: TypeError: Cannot read properties of undefined/)
    expect(stack).toContain(file)
  })
})

describe('no secret is ever told', () => {
  const SECRET = 'S3cr3t with spaces'

  test.each([
    '{ class: rfc2136, host: ns, key_name: k, key_secret: env/SECRET }',
    '{ class: rfc2136, host: ns, key_name: k, key_secret: [env/SECRET] }',
    '{ class: cloudflare, token: env/SECRET }',
    '{ class: cloudflare, token: { value: env/SECRET } }',
    '{ class: route53, access_key_id: env/SECRET, secret_access_key: [env/SECRET] }',
    '{ class: route53, access_key_id: a, secret_access_key: env/SECRET, session_token: { a: env/SECRET } }',
    '{ class: yaml, directory: [env/SECRET] }',
    '{ class: yaml, directory: zones, default_ttl: env/SECRET, enforce_order: env/SECRET }',
  ])('%s', async (options) => {
    expect((await lines(options, { SECRET })).join('\n')).not.toMatch(/S3cr3t/)
  })
})
