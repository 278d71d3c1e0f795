import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { a, txt } from '../../../conformance/rrsets.js'
import { never, ZONE } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/octodns/index.js'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change } from '../../../records/rr/rrset.js'
import { BUILT_CLI } from '../../cli/workspace.js'
import { isOctodnsAvailable, missingOctodns, octodnsPython } from '../../servers/octodns.js'
import { connectTo } from './connect-to.js'

const WWW = { name: 'www', type: 'A', ttl: 300, value: '192.0.2.80' }
const first = a('mail', ['192.0.2.10'])
const second = txt('@', ['v=spf1 -all'])
const both: readonly Change[] = [
  { kind: 'create', after: first },
  { kind: 'create', after: second },
]

let folder: string
let opened: Provider[]
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-octodns-'))
  opened = []
  vi.stubEnv('PYTHONPATH', resolve('test/providers/octodns/python'))
  await writeFile(join(folder, 'zones.json'), JSON.stringify({ [ZONE]: [WWW], 'empty.example.': [] }))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(opened.map((provider) => provider.close?.()))
  await rm(folder, { recursive: true, force: true })
})

async function faulty(
  fault: string,
  options: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<Provider> {
  const provider = await connectTo(
    {
      class: 'mailsync_faulty.FaultyProvider',
      store: join(folder, 'zones.json'),
      fault,
      token: 's3cr3t-token',
      pid: join(folder, 'pid'),
      ...more,
    },
    options,
  )
  opened.push(provider)
  return provider
}

async function records(): Promise<(typeof WWW)[]> {
  const zones = JSON.parse(await readFile(join(folder, 'zones.json'), 'utf8')) as Record<string, (typeof WWW)[]>
  return zones[ZONE] ?? []
}

async function held(): Promise<string[]> {
  return (await records()).map(({ name, type }) => `${name || '@'} ${type}`)
}

async function script(text: string): Promise<string> {
  const path = join(folder, 'python')
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o755)
  return path
}

async function pid(): Promise<number> {
  return Number(await readFile(join(folder, 'pid'), 'utf8'))
}

function isRunning(process_: number): boolean {
  try {
    process.kill(process_, 0)
    return true
  } catch {
    return false
  }
}

async function untilGone(process_: number): Promise<void> {
  expect(process_).toBeGreaterThan(1)
  for (let wait = 0; isRunning(process_) && wait < 200; wait++) await sleep(25)
  expect(isRunning(process_)).toBe(false)
}

function bridgeCases(): void {
  describe('what a plugin does beside its work changes no answer', () => {
    test.each(['print', 'flood', 'eat'])('%s', async (fault) => {
      const provider = await faulty(fault)
      expect(await provider.read(ZONE, never)).toEqual([{ ...a('www', ['192.0.2.80'], 300) }])
      expect(await provider.write(ZONE, both, never)).toEqual({ applied: both })
    })
  })

  describe('what a plugin throws becomes an error with its own text', () => {
    test.each([
      ['forbid', 'permission', /^mailsync_faulty.FaultyProvider says: no rights for s3cr3t-token here$/],
      ['limit', 'rate-limited', /slow down/],
      ['bug', 'rejected', /'zone'/],
    ])('%s is %s', async (fault, code, message) => {
      const provider = await faulty(fault)
      await expect(provider.read(ZONE, never)).rejects.toMatchObject({
        name: 'MailsyncError',
        code,
        message: expect.stringMatching(message),
      })
      expect(await provider.write(ZONE, both, never)).toMatchObject({ applied: [], failure: { code } })
    })
  })

  describe('an API that is busy is asked again', () => {
    test('to read', async () => {
      const provider = await faulty('busy-read')
      expect(await provider.read(ZONE, never)).toHaveLength(1)
    })

    test('to write, as long as the zone is as before', async () => {
      const provider = await faulty('busy-write')
      expect(await provider.write(ZONE, both, never)).toEqual({ applied: both })
    })
  })

  test('a process that dies while it reads says what it said last, and the next call has a new one', async () => {
    const provider = await faulty('die-read')
    await expect(provider.read(ZONE, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/ended by itself \(code 7\); it said: the last words/),
    })
    expect(await provider.zones(never)).toEqual([ZONE, 'empty.example.'])
  })

  test.each(['hang-read', 'spin-read'])(
    'a read that does not end (%s) is ended, and its process too',
    async (fault) => {
      const provider = await faulty(fault, { timeout: 1 })
      await expect(provider.read(ZONE, never)).rejects.toMatchObject({
        code: 'timeout',
        message: 'octoDNS did not read example.com. within 1 s',
      })
      await untilGone(await pid())
    },
  )

  test('a read under way is left where the user stops', async () => {
    const provider = await faulty('hang-read')
    const stop = new AbortController()
    const reading = provider.read(ZONE, stop.signal)
    stop.abort()
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    const process_ = await pid()
    await provider.close?.()
    await untilGone(process_)
  })

  describe('a write that breaks off in the middle', () => {
    test('tells what is done, and that the rest is not, where the plugin says so', async () => {
      const provider = await faulty('throw-write')
      const { applied, uncertain, failure } = await provider.write(ZONE, both, never)
      expect({ applied, uncertain }).toEqual({ applied: both.slice(0, 1), uncertain: undefined })
      expect(failure).toMatchObject({
        code: 'rejected',
        message: expect.stringMatching(/the second one does not work/),
      })
      expect(await held()).toEqual(['www A', 'mail A'])
    })

    test.each([
      ['time-out-write', 'timeout'],
      ['hang-write', 'timeout'],
      ['die-write', 'unavailable'],
    ])('leaves in doubt what may still happen: %s', async (fault, code) => {
      const provider = await faulty(fault, { timeout: 2 })
      const { applied, uncertain, failure } = await provider.write(ZONE, both, never)
      expect({ applied, uncertain }).toEqual({ applied: both.slice(0, 1), uncertain: both.slice(1) })
      expect(failure?.code).toBe(code)
      expect(await held()).toEqual(['www A', 'mail A'])
    })
  })

  describe('nothing is written where octoDNS', () => {
    test.each([
      ['extra', /would also change www A, which is not asked for/],
      ['meta', /would also change settings of the zone: .*business/],
      ['leave', /would leave mail A, @ TXT as it is/],
    ])('has another plan: %s', async (fault, message) => {
      const provider = await faulty(fault)
      const { applied, uncertain, failure } = await provider.write(ZONE, both, never)
      expect({ applied, uncertain }).toEqual({ applied: [], uncertain: undefined })
      expect(failure).toMatchObject({ code: 'rejected', message: expect.stringMatching(message) })
      expect(await held()).toEqual(['www A'])
    })

    test.each([
      [
        'what is to be written',
        { name: '', type: 'TXT', ttl: 300, value: 'MS=ms1' },
        /^@ TXT is not what the plan saw$/,
      ],
      ['another record', { ...WWW, value: '192.0.2.81' }, /^www A is not what the plan saw$/],
      [
        'a record that is new',
        { name: 'ftp', type: 'A', ttl: 300, value: '192.0.2.21' },
        /^ftp A is not what the plan saw$/,
      ],
      ['a record by taking it away', { name: 'www', type: 'A' }, /^www A is not what the plan saw$/],
    ])('finds that somebody changed %s in between', async (_, record, message) => {
      const provider = await faulty(`rival ${JSON.stringify(record)}`)
      const { applied, uncertain, failure } = await provider.write(ZONE, both, never)
      expect({ applied, uncertain }).toEqual({ applied: [], uncertain: undefined })
      expect(failure).toMatchObject({
        code: 'stale',
        message: expect.stringMatching(message),
        hint: expect.any(String),
      })
      const values = 'value' in record ? [record] : []
      expect(await records()).toEqual(record.name === 'www' ? values : [WWW, ...values])
    })

    test('is told by its options not to apply', async () => {
      const provider = await faulty('', {}, { apply_disabled: true })
      const { applied, uncertain, failure } = await provider.write(ZONE, both, never)
      expect({ applied, uncertain }).toEqual({ applied: [], uncertain: undefined })
      expect(failure).toMatchObject({
        code: 'rejected',
        message: 'apply_disabled is set, so nothing was written',
        hint: 'take it out of `provider`',
      })
      expect(await records()).toEqual([WWW])
    })

    test('says that it wrote, and did not', async () => {
      const provider = await faulty('lie')
      const { applied, uncertain, failure } = await provider.write(ZONE, both.slice(0, 1), never)
      expect({ applied, uncertain }).toEqual({ applied: [], uncertain: undefined })
      expect(failure).toMatchObject({
        message: expect.stringMatching(/says it wrote, and does not show mail.example.com. A/),
      })
    })
  })

  test('a zone that is empty is told from one that is not there', async () => {
    const provider = await faulty('')
    expect(await provider.read('empty.example.' as Name, never)).toEqual([])
    await expect(provider.read('other.example.' as Name, never)).rejects.toMatchObject({ code: 'zone-not-found' })
  })

  test('a type that the class does not hold is rejected at plan time, and seen in no zone', async () => {
    const { facts } = await faulty('')
    expect(facts?.traits?.types).toEqual(['A', 'AAAA', 'CNAME', 'MX', 'SRV', 'TXT'])
    expect(facts?.rejects?.(txt('@', ['say "mail"']))).toMatch(/it is not known whether mailsync_faulty/)
    expect(facts?.rejects?.(second)).toBeUndefined()
  })

  test('a set with a value that may not come back as it was is locked', async () => {
    const record = { name: '', type: 'TXT', ttl: 300, values: ['v=spf1 -all', 'say "mail"'] }
    await writeFile(join(folder, 'zones.json'), JSON.stringify({ [ZONE]: [record] }))
    const provider = await faulty('')
    expect(await provider.read(ZONE, never)).toMatchObject([{ type: 'TXT', locked: expect.stringMatching(/quotes/) }])
  })

  test('options that the class does not take are told when it is connected', async () => {
    await expect(connectTo({ class: 'mailsync_faulty.FaultyProvider', colour: 'red' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/does not take these options: .*colour/),
    })
  })

  test.each([
    ['octodns_nowhere.Provider', /has no module octodns_nowhere$/, / -m pip install octodns-nowhere$/],
    ['nowhere.to.be.Found', /has no module nowhere/, /install the package that has it/],
    ['mailsync_faulty.Faulty', /has no class Faulty/, /it has mailsync_faulty.FaultyProvider/],
    ['mailsync_faulty.NotAProvider', /is no provider/, /name a provider class/],
  ])('a class that is not there, %s, is told with what helps', async (className, message, hint) => {
    await expect(connectTo({ class: className })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
  })

  test('of a node that is killed, no Python is left', async () => {
    await writeFile(
      join(folder, 'mailsync.yaml'),
      `providers:
  own:
    class: octodns
    python: ${octodnsPython}
    provider: { class: mailsync_faulty.FaultyProvider, store: ${join(folder, 'zones.json')}, fault: spin-read, pid: ${join(folder, 'pid')} }
zones: { example.com: { targets: [own] } }
domains: { example.com: { mail: none } }
`,
    )
    const node = spawn(process.execPath, [BUILT_CLI, 'plan', '--config', join(folder, 'mailsync.yaml')], {
      stdio: 'ignore',
    })
    for (let wait = 0; wait < 400; wait++) {
      if (await pid().catch(() => undefined)) break
      await sleep(25)
    }
    const python = await pid()
    expect(isRunning(python)).toBe(true)
    node.kill('SIGKILL')
    await once(node, 'exit')
    await untilGone(python)
  })
}

if (isOctodnsAvailable) describe('class: octodns', bridgeCases)
else describe.skip(missingOctodns(), () => test('skipped', () => {}))

describe('an interpreter that is none', () => {
  const connect = (python: string, within?: string): Promise<Provider> =>
    plugin.connect(plugin.options({ provider: { class: 'octodns_gandi.GandiProvider' }, python, timeout: 1 }), {
      directory: folder,
      zones: [],
      ...(within === undefined ? {} : { within }),
    })

  test('prints rubbish', async () => {
    await expect(connect(await script('echo hello; exec sleep 100'))).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the bridge to octoDNS answered "hello"',
    })
  })

  test('prints without an end of a line, and is bounded', async () => {
    await expect(connect(await script('exec cat /dev/zero'))).rejects.toMatchObject({
      message: 'the bridge to octoDNS answered without an end',
    })
  })

  test('ends at once', async () => {
    await expect(connect(await script('echo no such thing >&2; exit 3'))).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the bridge to octoDNS ended by itself (code 3); it said: no such thing',
    })
  })

  test('does not exist', async () => {
    await expect(connect('./none')).rejects.toMatchObject({ code: 'io', message: 'there is no program ./none' })
    await expect(connect('mailsync-no-python')).rejects.toMatchObject({
      code: 'io',
      message: 'Python cannot be started as mailsync-no-python: there is no such program',
    })
  })

  test('has no octoDNS', async () => {
    await expect(connect('python3')).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/octoDNS is not installed for python3/),
      hint: `python3 -m venv ${folder}/.venv && ${folder}/.venv/bin/pip install 'octodns>=1.22' octodns-gandi, and leave \`python\` out, which finds that one`,
    })
  })

  test('has no octoDNS, and lies beside a spec in another folder', async () => {
    const bare = await script('exec python3 "$@"')
    await expect(connect('./python')).rejects.toMatchObject({
      message: expect.stringContaining(`octoDNS is not installed for ${bare}`),
      hint: `${bare} -m pip install 'octodns>=1.22' octodns-gandi`,
    })
  })

  test('leads out of a checkout that others can put files into', async () => {
    await expect(connect('/usr/bin/python3', folder)).rejects.toMatchObject({
      code: 'io',
      message: '/usr/bin/python3 is not run: it is outside of the checkout',
      hint: expect.stringMatching(/--copies/),
    })
  })
})
