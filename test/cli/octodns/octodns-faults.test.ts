import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isOctodnsAvailable, missingOctodns, octodnsPython } from '../../servers/octodns.js'
import { type Workspace, workspace } from '../workspace.js'

const WWW = { name: 'www', type: 'A', ttl: 300, value: '192.0.2.80' }
const TOKEN = { name: '', type: 'TXT', ttl: 600, values: ['MS=ms1', 'google-site-verification=abc'] }

let space: Workspace

const spec = (fault: string, zones = 'example.com: { targets: [own] }', more = ''): string => `providers:
  own:
    class: octodns
    python: ${octodnsPython}
    ${more}
    provider: { class: mailsync_faulty.FaultyProvider, store: ${space.path('zones.json')}, pid: ${space.path('pid')}, fault: '${fault}' }
zones: { ${zones} }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dkim: false, dmarc: { policy: none } } }
`

beforeEach(async () => {
  vi.stubEnv('PYTHONPATH', resolve('test/providers/octodns/python'))
  space = await workspace({
    'zones.json': JSON.stringify({ 'example.com.': [WWW, TOKEN], 'other.example.': [WWW] }),
  })
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await space.remove()
})

interface Held {
  readonly name: string
  readonly type: string
  readonly value?: unknown
  readonly values?: readonly unknown[]
}

async function held(): Promise<readonly Held[]> {
  return JSON.parse(await space.read('zones.json'))['example.com.']
}

/** The values of a record in the zone. */
async function valuesAt(name: string, type: string): Promise<readonly unknown[]> {
  const record = (await held()).find((one) => one.name === name && one.type === type)
  return record?.values ?? (record?.value === undefined ? [] : [record.value])
}

/** Every Python that was started. */
async function processes(): Promise<readonly number[]> {
  const text = await readFile(space.path('pid.all'), 'utf8')
  return [...new Set(text.trim().split('\n').map(Number))]
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let wait = 0; wait < 400 && !(await isSo()); wait++) await sleep(25)
  expect(await isSo()).toBe(true)
}

function cases(): void {
  test('the zones of a provider are those that octoDNS lists', async () => {
    await space.write('mailsync.yaml', spec('', "'*': { targets: [own] }"))
    const { code, stdout, stderr } = await space.run(['plan', '--format', 'json'])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const { zones } = JSON.parse(stdout) as { zones: { zone: string; changes: unknown[] }[] }
    expect(zones.find(({ zone }) => zone === 'example.com.')?.changes.length).toBeGreaterThan(0)
    expect((await space.run(['apply', '--yes'])).code).toBe(0)
    expect(await valuesAt('', 'MX')).toEqual([{ exchange: 'mail.example.com.', preference: 10 }])
    expect(await valuesAt('www', 'A')).toEqual(['192.0.2.80'])
    const again = await space.run(['plan', '--detailed-exitcode'])
    expect({ code: again.code, stdout: again.stdout }).toMatchObject({ code: 0 })
  })

  test('a class that cannot list its zones is told, with the provider, and what to do instead', async () => {
    await space.write('mailsync.yaml', spec('no-list', "'*': { targets: [own] }"))
    const { code, stdout, stderr } = await space.run(['plan'])
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(/FaultyProvider cannot list zones/)
    expect(stdout + stderr).toMatch(/\bown\b/)
    expect(stdout + stderr).toMatch(/declare each zone by its name/)
    await space.write('mailsync.yaml', spec('no-list'))
    expect((await space.run(['plan', '--detailed-exitcode'])).code).toBe(2)
  })

  test.each([
    ['hang-read', /octoDNS did not read example\.com\. within 1 s/],
    ['die-read', /ended by itself \(code 7\); it said: the last words/],
    ['bug', /says: KeyError: 'zone'/],
    ['forbid', /says: no rights/],
  ])('a fault while a zone is read (%s) is told with the provider and the zone', async (fault, message) => {
    await space.write('mailsync.yaml', spec(fault, undefined, 'timeout: 1'))
    const { code, stdout, stderr } = await space.run(['plan'])
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(message)
    expect(stdout).toMatch(/^ {2}example\.com\. {2}own$/m)
    const { failures } = JSON.parse((await space.run(['plan', '--format', 'json'])).stdout)
    expect(failures).toMatchObject([{ zone: 'example.com.', provider: 'own', message: expect.stringMatching(message) }])
  })

  test('a Python that is killed in the middle of a write: nothing is lost, and the next run ends the work', async () => {
    await space.write('mailsync.yaml', spec('hang-write'))
    const applying = space.run(['apply', '--yes'])
    await until(async () => (await held()).length > 2)
    const [first = 0] = await processes()
    expect(isRunning(first)).toBe(true)
    process.kill(first, 'SIGKILL')
    const { code, stdout, stderr } = await applying
    expect(code).toBe(1)
    // What octoDNS warns of at each start has nothing to do with it.
    expect(stdout + stderr).toMatch(/ended by itself \(SIGKILL\)$/m)
    expect(stdout).toContain('MX   not known: the reply was lost')
    expect(await valuesAt('www', 'A')).toEqual(['192.0.2.80'])
    expect(await valuesAt('', 'TXT')).toEqual(expect.arrayContaining(TOKEN.values))

    await space.write('mailsync.yaml', spec(''))
    const second = await space.run(['apply', '--yes'])
    expect({ code: second.code, stderr: second.stderr }).toMatchObject({ code: 0 })
    expect((await space.run(['plan', '--detailed-exitcode'])).code).toBe(0)
    expect(await valuesAt('www', 'A')).toEqual(['192.0.2.80'])
    expect(await valuesAt('', 'TXT')).toEqual(expect.arrayContaining([...TOKEN.values, 'v=spf1 ip4:192.0.2.10 ~all']))
    expect(await valuesAt('mail', 'A')).toEqual(['192.0.2.10'])
    await until(async () => !(await processes()).some(isRunning))
  })
}

if (isOctodnsAvailable) describe('a class of octoDNS that goes wrong', cases)
else describe.skip(missingOctodns(), () => test('skipped', () => {}))
