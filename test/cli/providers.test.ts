import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { decode, encode } from 'dns-packet'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { builtInClasses, zoneClasses } from '../../providers/index.js'
import { FakeCloudflare, TOKEN } from '../fakes/cloudflare/cloudflare.js'
import { type Ran, runMain, type Workspace, workspace } from './workspace.js'

/** A resolver that finds every zone delegated to somebody else. */
let resolver: Socket
beforeAll(async () => {
  resolver = createSocket('udp4')
  resolver.on('message', (query, { port, address }) => {
    const { id = 0, questions = [] } = decode(query)
    const answers = questions.map(({ name }) => ({ type: 'NS', name, ttl: 60, data: 'ns.example.org' }) as const)
    resolver.send(encode({ type: 'response', id, questions, answers }), port, address)
  })
  resolver.bind(0, '127.0.0.1')
  await once(resolver, 'listening')
})
afterAll(() => resolver.close())

let fake: FakeCloudflare
let space: Workspace
beforeEach(() => {
  fake = new FakeCloudflare()
  vi.stubEnv('CLOUDFLARE_API_TOKEN', '')
})
afterEach(async () => {
  fake.close()
  vi.unstubAllEnvs()
  await space?.remove()
})

/** Runs `providers --check` on a spec whose providers are `cf` (Cloudflare), `local` (yaml), `ns` (rfc2136), `none` (Cloudflare without a token) and `own` (./own.mjs). */
async function check(zones: string, domains = '{}', files: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const spec = `providers:
  cf: { class: cloudflare, token: env/TOKEN }
  local: { class: yaml, directory: ./zones }
  ns: { class: rfc2136, host: 127.0.0.1, port: 5 }
  none: { class: cloudflare }
  own: { class: ./own.mjs }
zones: ${zones}
domains: ${domains}
`
  space = await workspace({ 'mailsync.yaml': spec, ...files })
  const { port } = resolver.address()
  return space.run(['providers', '--check', '--resolver', `127.0.0.1:${port}`], { env: { TOKEN } })
}

const ELSEWHERE =
  'NOT delegated here: the world asks ns.example.org., this provider answers at ada.ns.cloudflare.com., bob.ns.cloudflare.com.'

test('the adapters there are, with what each can do and be told', async () => {
  const { code, stdout, stderr } = await runMain(['providers'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [zones = '', addresses = ''] = stdout.split(/^Address owners/m)
  expect(zones.match(/^\S+(?= {2})/gm)).toEqual(zoneClasses)
  const others = builtInClasses.filter((type) => !zoneClasses.includes(type))
  expect(addresses.match(/^\S+(?= {2})/gm)?.sort()).toEqual(['hetzner', ...others].sort())
  expect(addresses).toMatch(/^ec2 .*\n(?: .*\n)*? {2}needs the IAM actions ec2:DescribeAddresses/m)
  expect(addresses).toMatch(/^linode .*\n(?: .*\n)*? {2}needs a personal access token with IPs: Read\/Write/m)
  expect(stdout).toMatch(/^ {2}directory +.*\(required\)$/m)
  expect(stdout).toMatch(/^ {2}holds A, AAAA, .*; writes a zone at once, all or nothing; the server refuses/m)
})

test('each adapter says what the conformance suite found, on what, and when', async () => {
  const { stdout } = await runMain(['providers'])
  const [, rfc2136 = ''] = /^(rfc2136 .*?)^\S/ms.exec(stdout) ?? []
  expect(rfc2136).toMatch(
    /^ {2}certified on BIND [\d.]+ \(real server\), 20\d\d-\d\d-\d\d: \d+ of \d+ conformance cases passed, 3 left out$/m,
  )
  const { stdout: json } = await runMain(['providers', '--format', 'json'])
  const { providers } = JSON.parse(json) as { providers: { class: string; certificates: unknown[] }[] }
  expect(providers.find((one) => one.class === 'cloudflare')?.certificates).toMatchObject([
    {
      on: 'its v4 API',
      kind: 'stateful fake',
      rejected: { 'a TXT value of 0 octets': expect.stringContaining('empty') },
    },
  ])
})

test('the adapters as one JSON document', async () => {
  const { code, stdout } = await runMain(['providers', '--format', 'json'])
  const { format, providers } = JSON.parse(stdout) as { format: string; providers: { class: string; kind: string }[] }
  expect({ code, format }).toEqual({ code: 0, format: 'mailsync-providers' })
  expect([...new Set(providers.map((provider) => provider.class))]).toEqual(builtInClasses)
  const kinds = providers.filter((one) => one.class === 'hetzner' || one.class === 'ec2').map(({ kind }) => kind)
  expect(kinds).toEqual(['dns-provider', 'address-owner', 'address-owner'])
})

describe('a declared zone', () => {
  test('is served and writable; where the world asks is told, and no error', async () => {
    fake.addZone('example.com')
    expect(await check('{ example.com: { targets: [cf] } }')).toEqual({
      code: 0,
      stdout: `example.com.  cf\n  served; writable\n  ${ELSEWHERE}\n`,
      stderr: '',
    })
  })

  test('that the token may only read is an error', async () => {
    fake.addZone('example.com')
    fake.permissions = ['zone:read', 'dns:read']
    const { code, stdout } = await check('{ example.com: { targets: [cf, local] } }')
    expect(code).toBe(1)
    expect(stdout).toContain('example.com.  cf\n  served; NOT writable with these credentials\n')
    expect(stdout).toContain('example.com.  local\n  served; writable\n')
  })

  test('obeys nothing that an API has in the names of its name servers', async () => {
    fake.addZone('example.com', { zone: { name_servers: ['\u001b[31m\u202ens1.example.net', 'ns2\n::error::x'] } })
    const { stdout } = await check('{ example.com: { targets: [cf] } }')
    expect(stdout).toContain('answers at \\027[31m\\226\\128\\174ns1.example.net., ns2\\010')
    for (const raw of ['\u001b', '\u202e', '\n::error']) expect(stdout).not.toContain(raw)
  })

  test('of a provider that cannot connect is an error, and the others are still checked', async () => {
    fake.addZone('example.com')
    const { code, stdout } = await check(
      '{ example.com: { targets: [cf] }, example.net: { targets: [none, local] }, "*": { targets: [none] } }',
    )
    expect(code).toBe(1)
    expect(stdout.match(/^\S.*\n.*/gm)).toEqual([
      'example.com.  cf\n  served; writable',
      expect.stringMatching(/^example\.net\. {2}none\n {2}cannot be read: .*there is no Cloudflare API token$/),
      'example.net.  local\n  served; writable',
      expect.stringMatching(
        /^\* {2}none\n {2}what else it serves cannot be listed: .*there is no Cloudflare API token$/,
      ),
    ])
  })

  test('at an adapter with a bug ends as a bug does, with the others checked', async () => {
    const adapter =
      'export default { type: "own", description: "", optionDocs: [], traits: { types: [], write: "atomic", ttl: { min: 0, max: 9 } }, options: () => ({}), connect: async () => undefined.x }'
    const zones = '{ example.com: { targets: [local, own] } }'
    const { code, stdout } = await check(zones, '{}', { 'own.mjs': adapter })
    expect(code).toBe(70)
    expect(stdout).toMatch(/^example\.com\. {2}local\n {2}served; writable$/m)
    expect(stdout).toMatch(/^example\.com\. {2}own\n {2}cannot be read: provider own: TypeError/m)
  })

  test('is not planned while one provider cannot connect, and which and where is told', async () => {
    await check('{ example.com: { targets: [local, none] } }')
    const { code, stderr } = await space.run(['plan'], { env: { TOKEN } })
    expect(code).toBe(1)
    expect(stderr).toMatch(/there is no Cloudflare API token\n {4}at .*mailsync\.yaml:5:3, none\n/)
  })
})

describe('of the zone *', () => {
  const ZONES = { 'zones/example.com.yaml': '{}\n', 'zones/example.org.yaml': '{}\n' }
  const PARKED = '{ news.example.com: { mail: none } }'

  test('those are checked that the spec has records in', async () => {
    const { code, stdout, stderr } = await check('{ "*": { targets: [local] } }', PARKED, ZONES)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.match(/^\S.*/gm)).toEqual(['example.com.  local'])
  })

  test('a provider that cannot list its zones is an error', async () => {
    const { code, stdout } = await check('{ "*": { targets: [ns, local] } }', PARKED, ZONES)
    expect(code).toBe(1)
    expect(stdout.match(/^\S.*/gm)).toEqual(['example.com.  local', '*  ns'])
    expect(stdout).toContain('what else it serves cannot be listed: a DNS server cannot be asked for its zones')
  })

  test('that nothing was checked is said', async () => {
    const { code, stdout, stderr } = await check('{ "*": { targets: [local] } }', '{}', ZONES)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toContain('No zone was checked')
  })
})
