import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { GitHubFake } from '../fakes/github/github.js'
import { pullRequest, schedule } from './runner/events.js'
import { runStep, type Step } from './runner/runner.js'
import { EMPTY_ZONE, SPEC } from './runner/specs.js'

let github: GitHubFake
let checkout: Workspace
let token: string

beforeEach(async () => {
  github = await GitHubFake.start()
  token = github.token({ issues: 'write' })
  checkout = await workspace({ 'mailsync.yaml': SPEC, 'zones/example.com.yaml': EMPTY_ZONE })
})

afterEach(async () => {
  await github.stop()
  await checkout.remove()
})

const night = (step: Partial<Step> = {}) =>
  runStep({
    workspace: checkout.directory,
    event: schedule(),
    apiUrl: github.url,
    token,
    ...step,
    inputs: { issue: 'true', ...step.inputs },
  })

const repair = () => runStep({ workspace: checkout.directory, event: schedule(), inputs: { command: 'apply' } })
const open = () => github.repository.openIssues()

describe('the issue about drift', () => {
  it('is opened once, kept up to date, and closed with a word when DNS is as the spec says', async () => {
    expect((await night()).code).toBe(0)
    expect(open()).toHaveLength(1)
    expect(open()[0]?.body).toContain('4 to create, 1 to update')

    await checkout.write('mailsync.yaml', SPEC.replace('    dmarc: { policy: reject }\n', ''))
    await night()
    expect(open()).toHaveLength(1)
    const [issue] = open()
    expect(issue?.body).toContain('p=none')

    expect((await repair()).code).toBe(0)
    await night()
    expect(open()).toEqual([])
    expect(issue).toMatchObject({ state: 'closed', reason: 'completed' })
    expect(github.repository.commentsOf(issue?.number ?? 0)).toHaveLength(1)
  })

  it('is not closed a second time, and a new drift opens a new one', async () => {
    await night()
    await repair()
    await night()
    await night()
    expect(github.repository.comments).toHaveLength(1)
    await checkout.write('zones/example.com.yaml', EMPTY_ZONE)
    await night()
    expect(github.repository.issues.map(({ state }) => state)).toEqual(['closed', 'open'])
  })

  it('is found behind two hundred issues, and is none of a stranger’s and no pull request', async () => {
    await night()
    for (let index = 0; index < 200; index++) github.repository.addIssue({ title: 'bug', user: 'dev' })
    const marker = '<!-- mailsync drift mailsync.yaml -->\n'
    const strangers = [
      github.repository.addIssue({ title: 'fake', user: 'mallory', body: marker }),
      github.repository.addIssue({ title: 'fake', user: 'github-actions[bot]', body: marker, isPullRequest: true }),
    ]
    await night()
    expect(github.repository.issues).toHaveLength(203)
    await repair()
    await night()
    expect(github.repository.issues[0]?.state).toBe('closed')
    expect(strangers.map(({ state, body }) => [state, body])).toEqual([
      ['open', marker],
      ['open', marker],
    ])
  })

  it('is one again where two runs at once have opened two', async () => {
    await night()
    github.repository.addIssue({ title: 'double', user: 'github-actions[bot]', body: `${open()[0]?.body}` })
    await night()
    expect(github.repository.issues.map(({ state, reason }) => [state, reason])).toEqual([
      ['open', null],
      ['closed', 'duplicate'],
    ])
  })

  it('stays as it is while a zone cannot be read, as nobody knows then', async () => {
    await night()
    await checkout.write('zones/example.com.yaml', '- no zone')
    const { code, outputs } = await night()
    expect(code).toBe(1)
    expect(outputs.drift).toBe('')
    expect(open()).toHaveLength(1)
    expect(open()[0]?.body).toContain('4 to create, 1 to update')
  })

  it('is no affair of a pull request', async () => {
    expect((await night({ event: pullRequest(1) })).code).toBe(0)
    expect(github.calls).toEqual([])
  })

  it.each(['cut-before', 'cut-after'] as const)('is opened once when the connection is %s', async (fault) => {
    let cuts = 0
    github.fault = ({ method, path }) =>
      method === 'POST' && path.endsWith('/issues') && cuts++ === 0 ? fault : undefined
    expect((await night()).code).toBe(0)
    expect(open()).toHaveLength(1)
  })

  it('names the permission that is missing, or that issues are turned off', async () => {
    token = github.token({ issues: 'read' })
    expect((await night()).log).toMatch(/GitHub refuses to keep an issue[\s\S]*issues: write/)
    token = github.token({ issues: 'write' })
    github.repository.hasIssues = false
    expect((await night()).log).toContain('turn on issues in the settings')
  })
})
