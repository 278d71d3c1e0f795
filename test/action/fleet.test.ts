import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { GitHubFake } from '../fakes/github/github.js'
import { pullRequest, push, schedule } from './runner/events.js'
import { missingProgram } from './runner/missing-program.js'
import { runWorkflow, type WorkflowRun } from './runner/workflow.js'

const EXAMPLES = resolve(import.meta.dirname, '../../examples/github')
const HEAD = '1'.repeat(40)
const MERGE = '2'.repeat(40)

const CUSTOMERS = Array.from({ length: 200 }, (_, index) => `c${index}.example`)
const ZONES = ['hosts.example', '2.0.192.in-addr.arpa', ...CUSTOMERS]

const spec = (host: string, address: string): string =>
  [
    'providers: { local: { class: yaml, directory: ./zones } }',
    'zones:',
    ...ZONES.map((zone) => `  ${zone}.: { targets: [local] }`),
    'hosts:',
    `  ${host}.hosts.example: { addresses: [${address}] }`,
    'domains:',
    ...CUSTOMERS.map((zone) => `  ${zone}: { mx: [${host}.hosts.example], dkim: false, dmarc: { policy: reject } }`),
    '',
  ].join('\n')

/** The examples, with so many shards as a fleet of this size needs to have several. */
const IN_FOUR = [/ # shard-count: 8, to choose how many$/gm, '\n          shard-count: 4'] as const

let github: GitHubFake
let repository: Workspace

const missing = ['bash', 'curl', 'jq'].flatMap((program) => missingProgram(program) ?? [])

describe.skipIf(missing.length > 0)(missing.length > 0 ? missing.join('; ') : 'the workflows of a fleet', () => {
  beforeEach(async () => {
    github = await GitHubFake.start()
    const zones = ZONES.map((zone) => [`zones/${zone}.yaml`, '---\n{}\n'] as const)
    repository = await workspace({ 'mailsync.yaml': spec('old', '192.0.2.10'), ...Object.fromEntries(zones) })
  })

  afterEach(async () => {
    await Promise.all([github.stop(), repository.remove()])
  })

  const run = async (name: string, trigger: Parameters<typeof runWorkflow>[1]): Promise<WorkflowRun> => {
    const file = resolve(EXAMPLES, `${name}.yml`)
    return runWorkflow(file, trigger, {
      github,
      checkout: repository.directory,
      secrets: { DNS_READ_TOKEN: 'read' },
      environments: { 'mail-dns': { DNS_WRITE_TOKEN: 'write' } },
      edit: (text) => text.replace(...IN_FOUR),
    })
  }
  const propose = () => run('mailsync-fleet', { event: pullRequest(1, { headSha: HEAD }), sha: HEAD })
  const merge = () => run('mailsync-fleet-apply', { event: push(), sha: MERGE })
  const night = () => run('mailsync-fleet', { event: schedule(), sha: MERGE })
  const zone = (name: string): Promise<string> => repository.read(`zones/${name}.yaml`)

  it('keep one comment of all shards, carry its plan out in phases, and one issue about drift', async () => {
    github.repository.addPullRequest()
    github.repository.merged.push({ number: 1, headSha: HEAD, mergeSha: MERGE })
    const opened = await propose()
    expect(opened.jobs).toEqual({ shards: 'success', plan: 'success', merge: 'success' })
    expect(opened.outputs.shards).toMatchObject({ shards: expect.stringContaining('"shard":"4/4"') })
    expect(github.repository.commentsOf(1)).toHaveLength(1)
    expect(github.repository.commentsOf(1)[0]?.body).toContain('603 to create, 0 to update, 0 to delete in 202 zones.')
    const plans = github.repository.artifacts.map(({ name }) => name)
    expect(plans.filter((name) => name.startsWith('mailsync-shard-'))).toHaveLength(4)

    const merged = await merge()
    expect(merged.jobs).toEqual({ shards: 'success', first: 'success', rest: 'success', last: 'skipped' })
    expect(await zone('c7.example')).toContain('old.hosts.example.')

    await repository.write('zones/c7.example.yaml', (await zone('c7.example')).replace('old.hosts', 'elsewhere'))
    await night()
    const [issue, ...more] = github.repository.openIssues()
    expect(more).toEqual([])
    expect(issue?.body).toContain('Mail for `c7.example` goes to `old.hosts.example`')
  })

  it('move a fleet to another mail server: its address first, that of the old one last', async () => {
    github.repository.addPullRequest()
    github.repository.merged.push({ number: 1, headSha: HEAD, mergeSha: MERGE })
    expect((await repository.run(['apply', '--yes'])).code).toBe(0)
    await repository.write('mailsync.yaml', spec('new', '192.0.2.20'))
    await propose()
    const moved = await merge()
    expect(moved.jobs).toEqual({ shards: 'success', first: 'success', rest: 'success', last: 'success' })
    expect(await zone('hosts.example')).toMatch(/^new:/m)
    expect(await zone('hosts.example')).not.toMatch(/^old:/m)
    for (const name of CUSTOMERS.slice(0, 20)) expect(await zone(name)).toContain('new.hosts.example.')
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0)
  })

  it('say which shard is missing, and write nothing of such a plan', async () => {
    github.repository.addPullRequest()
    github.repository.merged.push({ number: 1, headSha: HEAD, mergeSha: MERGE })
    await repository.write('zones/c7.example.yaml', 'no: [zone')
    const opened = await propose()
    expect(opened.jobs).toEqual({ shards: 'success', plan: 'failure', merge: 'failure' })
    expect(github.repository.commentsOf(1)).toHaveLength(1)
    expect(github.repository.commentsOf(1)[0]?.body).toContain('1 zone failed')
    const merged = await merge()
    expect(merged.jobs).toEqual({ shards: 'failure', first: 'skipped', rest: 'skipped', last: 'skipped' })
    expect(await zone('c8.example')).toBe('---\n{}\n')
  })
})
