import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { push, schedule } from './runner/events.js'
import { runStep, type Step } from './runner/runner.js'
import { EMPTY_ZONE } from './runner/specs.js'

const NAMES = ['one.example', 'two.example']
const SPEC = `providers: { local: { class: yaml, directory: zones } }
zones: { ${NAMES.map((name) => `${name}.: { targets: [local] }`).join(', ')} }
hosts:
  mail.one.example: { addresses: [198.51.100.25], reverse: false }
defaults: { dkim: false }
domains:
  one.example: { mx: [mail.one.example], dmarc: { policy: reject } }
  two.example: { mx: [mail.one.example], dmarc: { policy: reject } }
`
const CHANGED = SPEC.replace(/(two.*)reject/, '$1quarantine')

let checkout: Workspace
let first: string
beforeEach(async () => {
  checkout = await workspace({ 'mailsync.yaml': SPEC })
  for (const name of NAMES) await checkout.write(`zones/${name}.yaml`, EMPTY_ZONE)
  git('init', '--quiet', '--initial-branch=main')
  first = commit()
  await checkout.write('mailsync.yaml', CHANGED)
  commit()
})
afterEach(() => checkout.remove())

function git(...args: string[]): string {
  const own = ['-c', 'user.name=mailsync', '-c', 'user.email=mailsync@example.com', '-c', 'commit.gpgsign=false']
  return execFileSync('git', ['-C', checkout.directory, ...own, ...args], { encoding: 'utf8' }).trim()
}

function commit(): string {
  git('add', '--all')
  git('commit', '--quiet', '--message', 'change')
  return git('rev-parse', 'HEAD')
}

function step(inputs: NonNullable<Step['inputs']>, event: Step['event'] = pushAfter(first)) {
  return runStep({ workspace: checkout.directory, event, inputs })
}

function pushAfter(before: string): Step['event'] {
  const { payload, ...event } = push()
  return { ...event, payload: { ...(payload as object), before } }
}

const zone = (name: string) => checkout.read(`zones/${name}.yaml`)

describe('since: push', () => {
  it('applies what the push changed, and claims nothing of the rest', async () => {
    const { code, outputs, summary } = await step({ command: 'apply', since: 'push' })
    expect(code).toBe(0)
    expect(outputs).toMatchObject({ creates: '2', drift: '' })
    expect(summary).toContain(`1 zone was not looked at: its desired records are as in \`${first.slice(0, 7)}\`.`)
    expect(await zone('two.example')).toContain('p=quarantine')
    expect(await zone('one.example')).toBe(EMPTY_ZONE)
  })

  it('plans the same, which is carried out as it was reviewed', async () => {
    await checkout.write('mailsync.yaml', SPEC)
    await step({ command: 'apply' })
    const other = await zone('one.example')
    await checkout.write('mailsync.yaml', CHANGED)
    const { outputs } = await step({ since: 'push', 'plan-file': 'reviewed.json' })
    expect(outputs).toMatchObject({ drift: 'true' })
    const applied = await step({ command: 'apply', 'plan-file': 'reviewed.json' })
    expect(applied).toMatchObject({ code: 0, outputs: { drift: '' } })
    expect(await zone('two.example')).toContain('p=quarantine')
    expect(await zone('one.example')).toBe(other)
  })

  it.each([
    ['where the branch is new', () => pushAfter('0'.repeat(40)), 'the branch is new'],
    [
      'where the push was forced',
      () => pushAfter('1'.repeat(40)),
      'the commit before this push, 1111111, is not in this clone',
    ],
    ['where there was no push', schedule, 'this run is not about a push'],
  ])('plans everything %s, and says so', async (_, event, why) => {
    const { code, outputs, log } = await step({ since: 'push' }, event())
    expect(code).toBe(0)
    expect(outputs.drift).toBe('true')
    expect(log).toContain(`every zone is planned: ${why}`)
    expect(log).not.toContain('not looked at')
  })
})

describe('since: a revision', () => {
  it('is compared with, and refused where there is none', async () => {
    expect((await step({ since: 'HEAD' })).log).toContain('2 zones were not looked at')
    const { code, log } = await step({ since: 'nowhere' })
    expect([code, log]).toEqual([1, expect.stringContaining('there is no such commit in this repository')])
  })

  it.each([
    [{ since: 'push', issue: 'true', 'github-token': 't' }, 'issue and since exclude each other'],
    [{ since: 'push', command: 'apply', 'plan-file': 'plan.json' }, 'since and plan-file exclude each other'],
    [{ since: 'push', command: 'verify' }, 'since goes with the commands plan and apply'],
  ])('does not go with %j', async (inputs, message) => {
    const { code, log } = await step(inputs)
    expect([code, log]).toEqual([1, expect.stringContaining(message)])
  })
})
