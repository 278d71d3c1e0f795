import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readdir } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { BUILT_CLI, type Workspace, workspace } from '../workspace.js'

let space: Workspace
afterEach(() => space.remove())

const ADAPTER = (provider: string) => `const never = () => new Promise(() => {})
export default { type: 'own', description: '', optionDocs: [], traits: { types: ['A', 'AAAA', 'MX', 'TXT'], write: 'atomic', compareAndSwap: false, ttl: { min: 60, max: 86400 } },
  options: () => ({}), connect: ${provider} }
`
const OWN = `providers: { own: { class: ./own.mjs } }
zones: { example.com: { targets: [own] } }
domains: { example.com: { mail: none } }
`
const start = (...args: string[]) =>
  spawn(process.execPath, [BUILT_CLI, ...args, '--config', space.path('mailsync.yaml')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = start(...args)
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { code: code as number, stdout, stderr }
}

describe('an adapter that never answers', () => {
  test.each([
    ['connect', 'never'],
    ['read', 'async () => ({ read: never })'],
  ])('to %s is named, and the run ends as with an error', async (call, provider) => {
    space = await workspace({ 'mailsync.yaml': OWN, 'own.mjs': ADAPTER(provider) })
    const { code, stdout, stderr } = await run('plan')
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(new RegExp(`the adapter began "${call}" and never ended it`))
    expect(stdout + stderr).toMatch(/\bown\b/)
  })

  test('to a write leaves it open what was written', async () => {
    space = await workspace({
      'mailsync.yaml': OWN,
      'own.mjs': ADAPTER('async () => ({ read: async () => [], write: never })'),
    })
    const { code, stdout } = await run('apply', '--yes', '--format', 'json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      zones: [{ applied: [], uncertain: [{}, {}, {}, {}, {}], pending: [], failure: { code: 'unavailable' } }],
    })
  })

  test('an error that it leaves to nobody is a bug, in one document', async () => {
    space = await workspace({
      'mailsync.yaml': OWN,
      'own.mjs': ADAPTER(
        "async () => { setImmediate(() => { throw new Error('left alone') }); return { read: never } }",
      ),
    })
    const { code, stdout, stderr } = await run('plan', '--format', 'json')
    expect(code).toBe(70)
    expect(JSON.parse(stdout)).toMatchObject({ format: 'mailsync-error', code: 'bug', message: 'left alone' })
    expect(stderr).toContain('This is a bug in mailsync')
  })
})

describe('an adapter that never answers while a timer of its own runs', () => {
  const HANGS = '() => new Promise(() => { setInterval(() => {}, 1000); process.stderr.write("it hangs") })'

  test.each([
    ['connect', HANGS, 'stopped while the adapter was asked to "connect"'],
    ['read', `async () => ({ read: ${HANGS} })`, 'the run was stopped before every zone was read; nothing was changed'],
  ])('to %s is given up at the first Ctrl-C, which speaks of no writing', async (_, provider, told) => {
    space = await workspace({ 'mailsync.yaml': OWN, 'own.mjs': ADAPTER(provider) })
    const child = start('plan')
    let stderr = ''
    child.stderr.on('data', (printed) => {
      if (!stderr.includes('it hangs') && `${stderr}${printed}`.includes('it hangs')) child.kill('SIGINT')
      stderr += printed
    })
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    expect(code).toBe(1)
    expect(stderr).toContain('\nStopping. Press Ctrl-C again to end at once.\n')
    expect(stderr).toContain(told)
    expect(stdout).toBe('')
  })
})

const ZONES = Array.from({ length: 120 }, (_, index) => `z${index}.test`)
const MANY = `providers: { local: { class: yaml, directory: zones } }
defaults: { dkim: false }
zones: { ${ZONES.map((zone) => `${zone}: { targets: [local] }`).join(', ')} }
hosts: { mail.z0.test: { addresses: [192.0.2.1], reverse: false } }
domains: { ${ZONES.map((zone) => `${zone}: { mx: [mail.z0.test] }`).join(', ')} }
`

test.skipIf(process.platform !== 'linux')('an output that cannot be written is an error', async () => {
  space = await workspace({ 'mailsync.yaml': MANY })
  const full = await open('/dev/full', 'w')
  const child = spawn(process.execPath, [BUILT_CLI, 'plan', '--config', space.path('mailsync.yaml')], {
    stdio: ['ignore', full.fd, 'pipe'],
  })
  const [stderr, [code]] = await Promise.all([text(child.stderr as Readable), once(child, 'exit')])
  await full.close()
  expect(code).toBe(1)
  expect(stderr).toContain('could not be written: ENOSPC')
})

test('a bug in what makes the words fit to be shown is a bug, with none of them', async () => {
  space = await workspace({ 'mailsync.yaml': MANY })
  const spoilt = "data:text/javascript,globalThis.URLSearchParams=function(){throw new Error('canary')}"
  const child = spawn(
    process.execPath,
    ['--import', spoilt, BUILT_CLI, 'plan', '--config', space.path('mailsync.yaml')],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, AWS_SECRET_ACCESS_KEY: 'canary-secret' } },
  )
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  expect(code).toBe(70)
  expect(stderr).toContain('This is a bug in mailsync')
  expect(stdout + stderr).not.toContain('canary')
})

test('a second Ctrl-C ends a write that hangs at once, with one whole document', async () => {
  const hanging = 'async () => ({ read: async () => [], write: () => new Promise(() => setInterval(() => {}, 1000)) })'
  space = await workspace({ 'mailsync.yaml': OWN, 'own.mjs': ADAPTER(hanging) })
  const child = start('apply', '--yes', '--format', 'json')
  let stderr = ''
  child.stderr.on('data', (printed) => {
    const before = stderr
    stderr += printed
    if (!before.includes('example.com') && stderr.includes('example.com')) child.kill('SIGINT')
    if (!before.includes('Stopping') && stderr.includes('Stopping')) child.kill('SIGINT')
  })
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  expect(JSON.parse(stdout)).toMatchObject({ format: 'mailsync-error', code: 'cancelled' })
  expect(stderr).toContain('Stopping: what is being written is finished first.')
  expect(stderr).toContain('ended at once by a second Ctrl-C')
  expect(code).toBe(1)
})

describe('a pipe', () => {
  test('that is read late gets the whole document, also after Ctrl-C', async () => {
    space = await workspace({ 'mailsync.yaml': MANY })
    const child = start('apply', '--yes', '--format', 'json')
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    for await (const printed of child.stderr) if (String(printed).includes('Stopping')) break
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    const { format, cancelled } = JSON.parse(stdout) as { format: string; cancelled: boolean }
    expect(stdout.length).toBeGreaterThan(65_536)
    expect({ format, code }).toEqual({ format: 'mailsync-apply', code: cancelled ? 1 : 0 })
  })

  test('that is closed by its reader does not stop what is being written', async () => {
    space = await workspace({ 'mailsync.yaml': MANY })
    const child = start('apply', '--yes')
    child.stdout.destroy()
    child.stderr.resume()
    const [code] = await once(child, 'exit')
    expect(code).toBe(0)
    expect(await readdir(space.path('zones'))).toHaveLength(ZONES.length)
  })
})
