import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { aboutCommit, comment, pullRequest, push, workflowRun } from './runner/events.js'
import { runStep, type Step } from './runner/runner.js'
import { EMPTY_ZONE, SPEC } from './runner/specs.js'

const CANARY = 'c4n4ry-0f-the-runner'
/** An adapter that tells that it was loaded. */
const ADAPTER =
  "import { writeFileSync } from 'node:fs'\nwriteFileSync('loaded', process.env.DNS_TOKEN ?? '')\nexport default {}\n"

let outside: Workspace
let checkout: Workspace
beforeEach(async () => {
  outside = await workspace({ secret: `password: ${CANARY}\n`, 'public.json': `${CANARY}\n`, 'adapter.mjs': ADAPTER })
  checkout = await workspace({ 'mailsync.yaml': SPEC, 'zones/example.com.yaml': EMPTY_ZONE, 'adapter.mjs': ADAPTER })
})
afterEach(async () => {
  await checkout.remove()
  await outside.remove()
})

const run = (step: Partial<Step> = {}) => runStep({ workspace: checkout.directory, event: push(), ...step })
const isLoaded = () =>
  readFile(checkout.path('loaded'), 'utf8').then(
    () => true,
    () => false,
  )
const withClass = (type: string) => SPEC.replace('class: yaml, directory: ./zones', `class: ${type}`)

describe.each([
  ['pull_request', pullRequest(1, { from: 'mallory/dns' })],
  ['pull_request_target', { ...pullRequest(1, { from: 'mallory/dns' }), name: 'pull_request_target' }],
  ['pull_request_review', { ...pullRequest(1, { from: null }), name: 'pull_request_review' }],
  ['workflow_run', workflowRun('mallory/dns')],
  ['workflow_run of a repository that is gone', workflowRun(null)],
  ['workflow_run after a comment', workflowRun('acme/dns', 'issue_comment')],
  ['workflow_run after pull_request_target', workflowRun('acme/dns', 'pull_request_target')],
  ['issue_comment', comment(1)],
  ['workflow_run after status', workflowRun('acme/dns', 'status')],
  ['check_run', aboutCommit('check_run')],
  ['check_suite', aboutCommit('check_suite')],
  ['deployment', aboutCommit('deployment')],
  ['deployment_status', aboutCommit('deployment_status')],
  ['status', aboutCommit('status')],
])('a run by %s for a branch that may be of somebody else', (_, event) => {
  it('loads no adapter and writes nothing', async () => {
    await checkout.write('mailsync.yaml', withClass('./adapter.mjs'))
    const env = { DNS_TOKEN: CANARY }
    expect((await run({ event, env })).summary).toContain('mailsync check')
    expect(await run({ event, env, inputs: { command: 'apply' } })).toMatchObject({ code: 1 })
    expect(await isLoaded()).toBe(false)
  })
})

it.each([
  ['push', push()],
  ['workflow_run', workflowRun('acme/dns')],
  ['workflow_run after push', workflowRun('acme/dns', 'push')],
  ['pull_request', pullRequest(1)],
  ['pull_request in other letters', pullRequest(1, { from: 'Acme/DNS' })],
])('a run by %s for a branch of the repository makes a plan', async (_, event) => {
  expect((await run({ event })).outputs.drift).toBe('true')
})

describe.each([
  ['a fork', pullRequest(1, { from: 'mallory/dns' })],
  ['the repository itself', push()],
])('a spec of %s', (_, event) => {
  it('includes no file from outside of the checkout, and tells nothing of it', async () => {
    await symlink(outside.path('secret'), checkout.path('linked.yaml'))
    await symlink(outside.directory, checkout.path('folder'))
    const away = `../${outside.directory.split('/').at(-1)}`
    for (const file of [outside.path('secret'), `${away}/secret`, 'linked.yaml', 'folder/secret', `${away}/nothing`]) {
      await checkout.write('mailsync.yaml', `${SPEC}keys: !include ${file}\n`)
      const { code, log, summary, annotations } = await run({ event })
      expect([file, code]).toEqual([file, 1])
      expect(annotations[0]?.message).toContain('outside of the checkout')
      expect(`${log}${summary}`).not.toContain(CANARY)
    }
  })

  it('is no symbolic link to a file outside', async () => {
    await symlink(outside.path('secret'), checkout.path('other.yaml'))
    const { code, log, summary } = await run({ event, inputs: { config: 'other.yaml' } })
    expect(code).toBe(1)
    expect(log).toContain('outside of the checkout')
    expect(`${log}${summary}`).not.toContain(CANARY)
  })

  it('has no keys outside', async () => {
    await mkdir(checkout.path('keys'))
    await symlink(outside.directory, join(checkout.path('keys'), 'example.com'))
    for (const keys of ['', `keys: { directory: ${outside.directory} }\n`, 'keys: { directory: ../../.. }\n']) {
      await checkout.write('mailsync.yaml', `${SPEC}${keys}`)
      const { code, log, summary } = await run({ event })
      expect(code).toBe(1)
      expect(log).toContain('outside of the checkout')
      expect(`${log}${summary}`).not.toContain(CANARY)
    }
  })
})

it('an adapter that is a file outside of the checkout is not loaded', async () => {
  await symlink(outside.path('adapter.mjs'), checkout.path('linked.mjs'))
  for (const type of [outside.path('adapter.mjs'), './linked.mjs']) {
    await checkout.write('mailsync.yaml', withClass(type))
    const { code, log } = await run()
    expect(code).toBe(1)
    expect(log).toContain('outside of the checkout')
    expect(await isLoaded()).toBe(false)
  }
})

it('a file of the repository is included through a link too', async () => {
  await writeFile(checkout.path('keys.yaml'), 'directory: keys\n')
  await symlink('keys.yaml', checkout.path('linked.yaml'))
  await checkout.write('mailsync.yaml', `${SPEC}keys: !include linked.yaml\n`)
  expect((await run()).outputs.drift).toBe('true')
})

it('a zone file in the checkout that is a link to outside is neither read nor written', async () => {
  const zone = `---\n${CANARY}: { type: A, value: 192.0.2.1 }\n`
  await outside.write('example.com.yaml', zone)
  await symlink(outside.directory, checkout.path('linked'))
  await mkdir(checkout.path('own'))
  await symlink(outside.path('example.com.yaml'), checkout.path('own/example.com.yaml'))
  for (const folder of ['linked', 'own'])
    for (const [command, spec] of [
      ['plan', SPEC],
      ['apply', SPEC],
      ['plan', SPEC.replace('example.com.:', "'*':")],
    ] as const) {
      await checkout.write('mailsync.yaml', spec.replace('./zones', folder))
      const { code, log, summary } = await run({ inputs: { command } })
      expect([folder, command, code]).toEqual([folder, command, 1])
      expect(`${log}${summary}`).not.toContain(CANARY)
    }
  expect(await outside.read('example.com.yaml')).toBe(zone)
  await checkout.write('mailsync.yaml', SPEC.replace('./zones', outside.directory))
  expect((await run()).outputs.drift).toBe('true')
})

it('a plan file in the checkout that is a link to outside is neither read nor written', async () => {
  await mkdir(checkout.path('plans'))
  for (const [link, target] of [
    ['plan.json', outside.path('secret')],
    ['plans/new.json', outside.path('new')],
    ['folder', outside.directory],
  ] as const)
    await symlink(target, checkout.path(link))
  for (const file of ['plan.json', 'plans/new.json', 'folder/secret', checkout.path('folder/new')])
    for (const command of ['plan', 'apply']) {
      const { code, log, summary } = await run({ inputs: { command, 'plan-file': file } })
      expect([command, file, code]).toEqual([command, file, 1])
      expect(log).toContain('outside of the checkout')
      expect(`${log}${summary}`).not.toContain(CANARY.slice(0, 6))
    }
  expect(await outside.read('secret')).toContain(CANARY)
  await expect(outside.read('new')).rejects.toThrow('ENOENT')
})

it('a plan file is taken from where an artifact was put, outside of the checkout', async () => {
  const file = outside.path('plan.json')
  expect((await run({ inputs: { 'plan-file': file } })).outputs['plan-path']).toBe(file)
  expect((await run({ inputs: { command: 'apply', 'plan-file': file } })).code).toBe(0)
})

it('an adapter that breaks outside of every call ends the run at once, and its words show no secret in any spelling', async () => {
  await checkout.write(
    'breaking.mjs',
    `export default {
      type: 'breaking', description: 'breaks', optionDocs: [{ name: 'token', secret: true, description: 'it' }],
      traits: { types: ['A'], write: 'atomic', compareAndSwap: false, ttl: { min: 0, max: 9 } },
      options: (input) => input,
      connect: ({ token }) => {
        setImmediate(() => { throw new Error('broke at ' + Buffer.from(token).toString('base64')) })
        return new Promise((resolve) => setTimeout(resolve, 60_000))
      },
    }`,
  )
  await checkout.write('mailsync.yaml', withClass('./breaking.mjs, token: env/DNS_TOKEN'))
  const { code, log } = await run({ env: { DNS_TOKEN: CANARY } })
  expect(code).toBe(1)
  expect(log).toContain('broke at ***')
  expect(log).not.toContain(Buffer.from(CANARY).toString('base64'))
})
