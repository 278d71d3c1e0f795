import { afterEach, describe, expect, test } from 'vitest'
import { FakeCloudflare, TOKEN } from '../../fakes/cloudflare/cloudflare.js'
import { eventsIn } from '../fleet.js'
import { ownAdapter } from '../own-adapter.js'
import { type Workspace, workspace } from '../workspace.js'

const KEY = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
const NAMES = Array.from({ length: 6 }, (_, index) => `c${index}.example`)

/** Zones that all sign and have no key of ours, so that no name server is asked for one. */
function spec(providers: string, targetsOf: (index: number) => string): string {
  return `providers: { ${providers} }
zones: { ${NAMES.map((name, index) => `${name}: { targets: [${targetsOf(index)}] }`).join(', ')} }
hosts: { mail.c0.example: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
defaults: { dkim: { algorithms: [ed25519] }, dmarc: false }
domains: { ${NAMES.map((name) => `${name}: { mx: [mail.c0.example] }`).join(', ')} }
`
}

const zoneFile = (names: readonly string[], value = KEY): string =>
  `---\n${names.map((name) => `${name}: { type: TXT, value: ${JSON.stringify(value.replaceAll(';', '\\;'))} }\n`).join('')}`

/** What is told of a key. */
const told = (name: string, provider: string): string =>
  `! ${name}. is in DNS at ${provider}, and in no index: somebody else put it there`

let space: Workspace
let fake: FakeCloudflare | undefined
afterEach(async () => {
  fake?.close()
  fake = undefined
  await space.remove()
})
const status = (...args: string[]) => space.run(['dkim', 'status', ...args], { env: { TOKEN } })

/** The second half of the zones is at Cloudflare too. */
const isAtBoth = (index: number): boolean => index > 2

async function atTwoAccounts(): Promise<FakeCloudflare> {
  const cloudflare = new FakeCloudflare()
  for (const name of NAMES.filter((_, index) => isAtBoth(index)))
    cloudflare.addZone(name).put({ name: `far._domainkey.${name}`, type: 'TXT', content: `"${KEY}"`, ttl: 300 })
  space = await workspace({
    'mailsync.yaml': spec(
      'files: { class: yaml, directory: zones }, cf: { class: cloudflare, token: env/TOKEN }',
      (index) => (isAtBoth(index) ? 'files, cf' : 'files'),
    ),
    ...Object.fromEntries(NAMES.map((name) => [`zones/${name}.yaml`, zoneFile(['near._domainkey'])])),
  })
  return cloudflare
}

describe('keys in DNS that nobody here knows', () => {
  test('are told of each domain in the order of the spec, whichever account answers first', async () => {
    fake = await atTwoAccounts()
    const { code, stdout, stderr } = await status()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').filter((line) => line.startsWith('  !'))).toEqual(
      NAMES.flatMap((name, index) => [
        `  ${told(`near._domainkey.${name}`, 'files')}`,
        ...(isAtBoth(index) ? [`  ${told(`far._domainkey.${name}`, 'cf')}`] : []),
      ]),
    )
    expect(JSON.parse((await status('--format', 'json')).stdout).orphans).toEqual(
      NAMES.flatMap((name, index) =>
        (isAtBoth(index) ? ['files', 'cf'] : ['files']).map((provider) => ({
          name: `${provider === 'cf' ? 'far' : 'near'}._domainkey.${name}.`,
          domain: `${name}.`,
          provider,
          ours: false,
        })),
      ),
    )
    expect((await status('--parallel', '1')).stdout).toBe(stdout)
  })

  test('are told of the other zones where one cannot be read', async () => {
    fake = await atTwoAccounts()
    fake.zones.splice(1, 1)
    await space.write(`zones/${NAMES[1]}.yaml`, 'no: [zone')
    const { code, stdout, stderr } = await status()
    expect(code).not.toBe(0)
    const failing = [...stderr.matchAll(/^keys in (\S+) that nobody here knows are not told/gm)].map(([, zone]) => zone)
    expect(failing).toEqual([`${NAMES[1]}.`, `${NAMES[4]}.`])
    for (const [index, name] of NAMES.entries()) {
      expect(stdout.includes(told(`near._domainkey.${name}`, 'files'))).toBe(index !== 1)
      expect(stdout.includes(told(`far._domainkey.${name}`, 'cf'))).toBe(isAtBoth(index) && index !== 4)
    }
  })

  test('are looked for in the zone of a domain, above it and below it, and nowhere else', async () => {
    space = await workspace({
      'mailsync.yaml': `providers: { files: { class: yaml, directory: zones } }
zones: { example.com: { targets: [files] }, _domainkey.a.example.com: { targets: [files] }, elsewhere.example: { targets: [files] } }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
defaults: { dkim: { algorithms: [ed25519] }, dmarc: false }
domains: { a.example.com: { mx: [mail.example.com] }, b.example.com: { mx: [mail.example.com], dkim: false } }
`,
      'zones/example.com.yaml': zoneFile(['x._domainkey.a', 'x._domainkey.b', 'x._domainkey.a.b', 'x.a', 'a']),
      'zones/_domainkey.a.example.com.yaml': zoneFile(['y', 'y.y']),
      'zones/elsewhere.example.yaml': 'no: [zone',
    })
    const { code, stdout, stderr } = await status('--format', 'json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout).orphans.map(({ name }: { name: string }) => name)).toEqual(
      ['x', 'y', 'y.y'].map((selector) => `${selector}._domainkey.a.example.com.`),
    )
  })

  test('are not what stands there without being a key', async () => {
    space = await workspace({
      'mailsync.yaml': spec('files: { class: yaml, directory: zones }', () => 'files'),
      ...Object.fromEntries(NAMES.map((name) => [`zones/${name}.yaml`, zoneFile(['x._domainkey'], 'some token')])),
    })
    expect(JSON.parse((await status('--format', 'json')).stdout).orphans).toEqual([])
  })
})

describe('the zones that are read for them', () => {
  const own = async (lies: Parameters<typeof ownAdapter>[0]) => {
    space = await workspace({
      'own.mjs': ownAdapter(lies),
      'own.json': JSON.stringify(Object.fromEntries(NAMES.map((name) => [`${name}.`, []]))),
    })
    const provider = `own: { class: ./own.mjs, file: ${JSON.stringify(space.path('own.json'))} }`
    await space.write(
      'mailsync.yaml',
      spec(provider, () => 'own'),
    )
  }

  test('are read several at a time', async () => {
    const together = `(() => {
  let begun = 0
  let open
  const all = new Promise((resolve) => { open = resolve })
  return async () => { if (++begun === ${NAMES.length}) open(); await all }
})()`
    await own({ before: together })
    expect(await status()).toMatchObject({ code: 0, stderr: '' })
  })

  test('are read no more at a time than --parallel says', async () => {
    await own({
      see: 'Object.assign((sets) => { see.now -= 1; return sets }, { now: 0 })',
      before: `async () => {
  if (++see.now > 2) throw new Error('too many at a time')
  await new Promise(setImmediate)
}`,
    })
    expect(await status('--parallel', '2')).toMatchObject({ code: 0, stderr: '' })
  })

  test('are counted while somebody waits', async () => {
    await own({})
    const { stderr } = await status('--log', 'json')
    expect(eventsIn(stderr)).toContainEqual(expect.objectContaining({ event: 'phase.end', phase: 'reading zones' }))
  })
})
