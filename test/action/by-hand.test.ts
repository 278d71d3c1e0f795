import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { GitHubFake } from '../fakes/github/github.js'
import { startBind } from '../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../servers/dns-server.js'
import { pullRequest, push } from './runner/events.js'
import { runStep } from './runner/runner.js'
import { SPEC } from './runner/specs.js'

let github: GitHubFake
let server: DnsServer
let checkout: Workspace

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => it('steps', () => {}))

describe.skipIf(!serverAvailable('bind'))('a zone that a person writes', () => {
  beforeEach(async () => {
    github = await GitHubFake.start()
    github.repository.addPullRequest()
    server = await startBind({ zones: { 'example.com.': [] } })
    const panel = `local: { class: manual, servers: ['${server.host}:${server.port}'] }`
    checkout = await workspace({ 'mailsync.yaml': SPEC.replace(/local: \{.*\}/, panel) })
  })

  afterEach(async () => {
    await server.stop()
    await github.stop()
    await checkout.remove()
  })

  it('has its steps in the comment of the pull request, and on the page of the run', async () => {
    const { code, outputs, summary, log } = await runStep({
      workspace: checkout.directory,
      event: pullRequest(1),
      apiUrl: github.url,
      token: github.token({ 'pull-requests': 'write' }),
      inputs: { comment: 'true' },
    })
    expect(code).toBe(0)
    expect(outputs).toMatchObject({ changes: '0', drift: 'true' })
    const comment = github.repository.commentsOf(1)[0]?.body
    for (const text of [comment, summary]) {
      expect(text).toContain('#### To enter by hand: `example.com.` at `local`')
      expect(text).toContain('| add | `@` | MX | `10` | `mail.example.com` | 3600 |')
    }
    expect(log).toContain('     Priority  10\n     Value     mail.example.com\n')
  })

  it('is told by apply, which says that its memory is to be committed', async () => {
    const { code, outputs, summary, annotations } = await runStep({
      workspace: checkout.directory,
      event: push(),
      inputs: { command: 'apply' },
    })
    expect(code).toBe(0)
    expect(outputs).toMatchObject({ changes: '0', drift: 'true' })
    expect(summary).toContain('5 steps are yours.')
    expect(summary).toContain('| add | `@` | MX | `10` | `mail.example.com` | 3600 |')
    expect(annotations).toContainEqual(
      expect.objectContaining({
        command: 'warning',
        message: expect.stringContaining('owned/local/example.com.yaml says anew what mailsync owns'),
      }),
    )
    expect(await checkout.read('owned/local/example.com.yaml')).toContain('- example.com. MX mx')
  })
})
