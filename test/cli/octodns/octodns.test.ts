import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isOctodnsAvailable, missingOctodns, octodnsPython } from '../../servers/octodns.js'
import { type Workspace, workspace } from '../workspace.js'

const SECRET = 'c4n4ry-"s3cr3t"/+='
const PARTS = /s3cr3t|czNjcjN0|M2NyM3|zY3IzdC/

const spec = (fault: string, token = 'env/TOKEN'): string => `providers:
  own:
    class: octodns
    python: ${octodnsPython}
    provider: { class: mailsync_faulty.FaultyProvider, store: zones.json, fault: ${fault}, token: ${token} }
zones: { example.com: { targets: [own] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dkim: false, dmarc: { policy: none } } }
`

let space: Workspace
beforeEach(async () => {
  vi.stubEnv('PYTHONPATH', resolve('test/providers/octodns/python'))
  space = await workspace({
    'mailsync.yaml': spec("''"),
    'zones.json': JSON.stringify({ 'example.com.': [{ name: 'www', type: 'A', ttl: 300, value: '192.0.2.80' }] }),
  })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await space.remove()
})

function cases(): void {
  test('a spec is planned, applied, and then there is nothing to do', async () => {
    const env = { TOKEN: SECRET }
    expect((await space.run(['plan', '--detailed-exitcode'], { env })).code).toBe(2)
    const applied = await space.run(['apply', '--yes'], { env })
    expect({ code: applied.code, stderr: applied.stderr }).toMatchObject({ code: 0 })
    const again = await space.run(['plan', '--detailed-exitcode'], { env })
    expect({ code: again.code, stdout: again.stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/nothing to do/i),
    })
    const [www] = (JSON.parse(await space.read('zones.json')) as Record<string, unknown[]>)['example.com.'] as unknown[]
    expect(www).toEqual({ name: 'www', type: 'A', ttl: 300, value: '192.0.2.80' })
  })

  test.each([
    ['comes from the environment', 'env/TOKEN'],
    ['stands in the spec', JSON.stringify(SECRET)],
  ])('a secret in the provider block that %s is in no output', async (_, token) => {
    await space.write('mailsync.yaml', spec('forbid', token))
    for (const args of [
      ['plan'],
      ['plan', '--format', 'json'],
      ['providers', '--check', '--resolver', '127.0.0.1:9'],
    ]) {
      const { code, stdout, stderr } = await space.run(args, { env: { TOKEN: SECRET } })
      expect(code).toBe(1)
      expect(stdout + stderr).toContain('no rights for *** here')
      expect(stdout + stderr).not.toMatch(PARTS)
      expect(stdout + stderr).toContain('mailsync_faulty.FaultyProvider says')
    }
  })

  test('a variable that is not set is asked for by its name, and never to be written into the spec', async () => {
    const { code, stdout, stderr } = await space.run(['plan'])
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(/the environment variable TOKEN is not set[\s\S]*the spec is no place for a secret/)
  })

  test('a record that the class does not hold is an error at plan time', async () => {
    await space.write(
      'mailsync.yaml',
      spec("''")
        .replace(', reverse: false', '')
        .replace('zones: {', 'zones: { 2.0.192.in-addr.arpa: { targets: [own] },'),
    )
    const { code, stdout, stderr } = await space.run(['plan'], { env: { TOKEN: SECRET } })
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(/does not serve 2.0.192.in-addr.arpa|cannot hold PTR records/)
  })
}

if (isOctodnsAvailable) describe('class: octodns', cases)
else describe.skip(missingOctodns(), () => test('skipped', () => {}))

describe('the provider block', () => {
  test.each([
    ['{ token: x }', /the key "class" is missing/],
    ['{ class: gandi }', /dotted path of a Python class/],
    ['{ class: octodns.provider.yaml.YamlProvider, directory: ./zones }', /zone files are for `class: yaml`/],
  ])('%s is refused with a word that helps', async (block, message) => {
    await space.write(
      'mailsync.yaml',
      `providers: { own: { class: octodns, provider: ${block} } }\nzones: { example.com: { targets: [own] } }\ndomains: { example.com: { mail: none } }\n`,
    )
    const { code, stdout, stderr } = await space.run(['plan'])
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(message)
  })
})
