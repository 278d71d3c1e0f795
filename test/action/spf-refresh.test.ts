import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { GitHubFake } from '../fakes/github/github.js'
import type { Zones } from '../records/families/spf/zones.js'
import { startZonesDns } from '../servers/zones-dns.js'
import { pullRequest, schedule } from './runner/events.js'
import { runStep, type Step, type StepResult } from './runner/runner.js'

const SPEC = `providers: { local: { class: yaml, directory: ./zones, secret: env/NOT_SET } }
zones: { example.com.: { targets: [local] } }
domains:
  example.com: { spf: { addresses: [192.0.2.1], flatten: [relay.example] }, dkim: false, dmarc: false }
`
const ONE: Zones = { 'relay.example': ['v=spf1 ip4:198.51.100.1 -all'] }
const TWO: Zones = { 'relay.example': ['v=spf1 ip4:198.51.100.1 ip4:203.0.113.9 -all'] }
const BRANCH = 'mailsync/spf-refresh'

let github: GitHubFake
let checkout: Workspace
let token: string

beforeEach(async () => {
  github = await GitHubFake.start()
  token = github.token({ contents: 'write', 'pull-requests': 'write' })
  checkout = await workspace({ 'mailsync.yaml': SPEC })
  github.repository.push('main', { 'mailsync.yaml': SPEC })
})
afterEach(async () => {
  await github.stop()
  await checkout.remove()
})

async function refresh(zones: Zones, step: Partial<Step> = {}): Promise<StepResult> {
  const dns = await startZonesDns(zones)
  try {
    return await runStep({
      workspace: checkout.directory,
      event: schedule(),
      apiUrl: github.url,
      token,
      ...step,
      inputs: { command: 'spf-refresh', resolver: `${dns.host}:${dns.port}`, ...step.inputs },
    })
  } finally {
    dns.close()
  }
}

const proposals = () => github.repository.proposals
const proposed = () => github.repository.fileOn(BRANCH, 'spf-lock.json')

/** Somebody merges what is proposed. */
async function merge(): Promise<void> {
  const text = proposed() ?? ''
  github.repository.push('main', { 'mailsync.yaml': SPEC, 'spf-lock.json': text })
  await checkout.write('spf-lock.json', text)
  for (const one of proposals()) one.state = 'closed'
}

describe('command: spf-refresh', () => {
  it('opens one pull request with the lock file, says what changed, and needs no secret of a provider', async () => {
    const { code, log, summary } = await refresh(ONE)
    expect({ code, log }).toMatchObject({ code: 0 })
    expect(proposals()).toMatchObject([{ head: BRANCH, base: 'main', state: 'open' }])
    expect(proposed()).toContain('"ip4:198.51.100.1"')
    for (const text of [proposals()[0]?.body, summary]) expect(text).toContain('  + ip4:198.51.100.1\n')
    expect(github.repository.fileOn(BRANCH, 'mailsync.yaml')).toBe(SPEC)
  })

  it('keeps it up to date, on top of what the branch of the run is by then', async () => {
    await refresh(ONE)
    await checkout.remove()
    checkout = await workspace({ 'mailsync.yaml': SPEC })
    const moved = github.repository.push('main', { 'mailsync.yaml': SPEC, 'README.md': 'new' })
    await refresh(TWO)
    expect(proposals()).toHaveLength(1)
    expect(proposed()).toContain('"ip4:203.0.113.9"')
    expect(github.repository.commits.get(github.repository.branches.get(BRANCH) ?? '')?.parents).toEqual([moved.sha])
  })

  it('makes no second commit of the same', async () => {
    await refresh(ONE)
    const head = github.repository.branches.get(BRANCH)
    await checkout.remove()
    checkout = await workspace({ 'mailsync.yaml': SPEC })
    await refresh(ONE)
    expect(github.repository.branches.get(BRANCH)).toBe(head)
    expect(proposals()).toHaveLength(1)
  })

  it('proposes nothing where the lock file is as DNS says, and closes what was proposed', async () => {
    await refresh(ONE)
    await merge()
    expect((await refresh(ONE)).summary).toContain('Nothing changed.')
    expect(proposals()).toHaveLength(1)
    await refresh(TWO)
    expect(proposals().map(({ state }) => state)).toEqual(['closed', 'open'])
    await checkout.write('spf-lock.json', github.repository.fileOn('main', 'spf-lock.json') ?? '')
    await refresh(ONE)
    expect(proposals().map(({ state }) => state)).toEqual(['closed', 'closed'])
  })

  it('fails where an include cannot be looked up, and leaves it and the pull request as they were', async () => {
    await refresh(ONE)
    await merge()
    await refresh(TWO)
    await checkout.write('spf-lock.json', github.repository.fileOn('main', 'spf-lock.json') ?? '')
    const { code, annotations } = await refresh({ 'relay.example': ['failure'] })
    expect(code).toBe(1)
    expect(annotations.map(({ message }) => message).join('\n')).toContain('relay.example cannot be flattened')
    expect(proposals().at(-1)?.state).toBe('open')
    expect(proposed()).toContain('"ip4:203.0.113.9"')
  })

  it.each(['cut-before', 'cut-after'] as const)('opens it once when the connection is %s', async (fault) => {
    let cuts = 0
    github.fault = ({ method, path }) =>
      method === 'POST' && path.endsWith('/pulls') && cuts++ === 0 ? fault : undefined
    expect((await refresh(ONE)).code).toBe(0)
    expect(proposals()).toHaveLength(1)
  })

  it('names the permissions that are missing, or the setting that forbids it', async () => {
    token = github.token({ contents: 'read', 'pull-requests': 'write' })
    expect((await refresh(ONE)).log).toMatch(/GitHub refuses to propose[\s\S]*contents: write%0A +pull-requests: write/)
    token = github.token({ contents: 'write', 'pull-requests': 'write' })
    github.repository.allowsProposals = false
    expect((await refresh(ONE)).log).toMatch(/Allow GitHub Actions to create and approve pull requests/)
  })

  it('proposes nothing on a pull request, and does nothing for a fork', async () => {
    expect((await refresh(ONE, { event: pullRequest(1) })).log).toContain('this run is on no branch')
    expect((await refresh(ONE, { event: pullRequest(1, { from: 'mallory/dns' }) })).log).toContain('from a fork')
    expect(github.lines().filter((line) => !line.startsWith('GET'))).toEqual([])
  })

  it('refuses inputs that are not its own', async () => {
    const { log } = await refresh(ONE, { inputs: { issue: 'true', zones: 'example.com.' } })
    expect(log).toContain(
      'zones goes with the commands plan and apply; issue goes with the commands plan, merge and verify',
    )
  })
})
