import { once } from 'node:events'
import { readFile, symlink } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { GitHubFake } from '../fakes/github/github.js'
import { pullRequest, push } from './runner/events.js'
import { RUN_ID, runStep, type Step } from './runner/runner.js'
import { CHANGED_SPEC, EMPTY_ZONE, SPEC } from './runner/specs.js'

let github: GitHubFake
let checkout: Workspace
let token: string

beforeEach(async () => {
  github = await GitHubFake.start()
  github.repository.addPullRequest()
  token = github.token({ 'pull-requests': 'write' })
  checkout = await workspace({ 'mailsync.yaml': SPEC, 'zones/example.com.yaml': EMPTY_ZONE })
})

afterEach(async () => {
  await github.stop()
  await checkout.remove()
})

const plan = (step: Partial<Step> = {}) =>
  runStep({
    workspace: checkout.directory,
    event: pullRequest(1),
    apiUrl: github.url,
    token,
    ...step,
    inputs: { comment: 'true', ...step.inputs },
  })

const comments = () => github.repository.commentsOf(1)

describe('a pull request', () => {
  it('gets one comment that says what the change does to the mail, and each push updates it', async () => {
    const opened = await plan()
    expect(opened).toMatchObject({ code: 0, outputs: { changes: '5', creates: '4', updates: '1', drift: 'true' } })
    expect(comments()).toHaveLength(1)
    expect(comments()[0]?.body).toMatch(/^<!-- mailsync comment mailsync\.yaml -->\n### mailsync plan/)
    expect(comments()[0]?.body).toContain('Mail for `example.com` goes to `mail.example.com`')
    expect(comments()[0]?.body).toContain(
      `<sub>\`aaaaaaa\`, [this run](https://github.com/acme/dns/actions/runs/${RUN_ID})`,
    )

    await checkout.write('mailsync.yaml', CHANGED_SPEC)
    await plan({ event: pullRequest(1, { headSha: 'b'.repeat(40) }) })
    expect(comments()).toHaveLength(1)
    expect(comments()[0]?.body).toContain('include:_spf.example.net')
    expect(comments()[0]?.body).toContain('`bbbbbbb`')
  })

  it('is told on the page of the run and to later steps as well', async () => {
    const { summary, outputs, log } = await plan()
    expect(summary).toMatch(/^### mailsync plan/)
    expect(JSON.parse(await readFile(outputs['plan-path'] as string, 'utf8'))).toMatchObject({
      format: 'mailsync-plan',
    })
    expect(await readFile(outputs['report-path'] as string, 'utf8')).toMatch(/^<!doctype html>/i)
    expect(log).toContain('4 to create, 1 to update, 0 to delete in 1 zone.')
  })

  it('finds its comment behind two hundred others, and leaves a stranger’s copy of the marker alone', async () => {
    const text = '<!-- mailsync comment mailsync.yaml -->\nNothing changes.'
    const fakes = ['mallory', 'github-actions'].map((user) => github.repository.addComment(1, user, text))
    for (let index = 0; index < 200; index++) github.repository.addComment(1, 'dev', `comment ${index}`)
    await plan()
    await plan()
    expect(comments()).toHaveLength(203)
    expect(fakes.map(({ body }) => body)).toEqual([text, text])
    expect(comments().at(-1)?.body).toContain('### mailsync plan')
  })

  it('keeps one of the comments that two runs at once have left', async () => {
    await plan()
    github.repository.addComment(1, 'github-actions[bot]', `${comments()[0]?.body}`)
    await plan()
    expect(comments()).toHaveLength(1)
  })

  it('has a comment for each spec of the repository', async () => {
    await checkout.write('other/mailsync.yaml', SPEC)
    await checkout.write('other/zones/example.com.yaml', EMPTY_ZONE)
    await plan()
    await plan({ inputs: { 'working-directory': 'other' } })
    await plan({ inputs: { zones: 'example.com' } })
    expect(comments().map(({ body }) => body.split('\n')[0])).toEqual([
      '<!-- mailsync comment mailsync.yaml -->',
      '<!-- mailsync comment other/mailsync.yaml -->',
      '<!-- mailsync comment mailsync.yaml example.com -->',
    ])
  })

  it('has a comment for each of two specs whose names an HTML comment cannot tell apart', async () => {
    for (const config of ['a-b.yaml', 'a--b.yaml']) {
      await checkout.write(config, SPEC)
      await plan({ inputs: { config } })
      await plan({ inputs: { config } })
    }
    expect(comments()).toHaveLength(2)
  })

  it('whose spec has errors shows each at its line, and the comment lists them instead of the old plan', async () => {
    await plan()
    await checkout.write(
      'dns/mailsync.yaml',
      SPEC.replace('198.51.100.25', '198.51.100.256').replace('reject', 'rejekt'),
    )
    await checkout.write('mailsync.yaml', SPEC.replace('198.51.100.25', '198.51.100.256').replace('reject', 'rejekt'))
    const { code, annotations } = await plan()
    expect(code).toBe(1)
    const errors = annotations.filter(({ properties }) => properties.file !== undefined)
    expect(errors.map(({ command, properties: { file, line } }) => [command, file, line])).toEqual([
      ['error', 'mailsync.yaml', '7'],
      ['error', 'mailsync.yaml', '13'],
    ])
    expect(comments()).toHaveLength(1)
    expect(comments()[0]?.body).toContain('`mailsync.yaml:13:')
    expect(comments()[0]?.body).not.toContain('### mailsync plan')

    const nested = await plan({ inputs: { 'working-directory': 'dns' } })
    expect(nested.annotations.map(({ properties }) => properties.file)).toContain('dns/mailsync.yaml')
  })

  it.skipIf(process.platform === 'win32')(
    'has its files named as in the repository when the checkout is behind a link',
    async () => {
      await checkout.write('real/mailsync.yaml', SPEC.replace('reject', 'rejekt'))
      await symlink(checkout.path('real'), checkout.path('link'))
      const { annotations } = await plan({ workspace: checkout.path('link') })
      expect(annotations[0]?.properties.file).toBe('mailsync.yaml')
      expect(comments()[0]?.body).toContain('<!-- mailsync comment mailsync.yaml -->')
    },
  )

  it('fits into a comment however much it changes, and the comment leads to the whole plan', async () => {
    const domains = Array.from({ length: 800 }, (_, index) => `  d${index}.example.com: { mail: none }\n`)
    await checkout.write('mailsync.yaml', `${SPEC}${domains.join('')}`)
    const { code, outputs } = await plan()
    expect(code).toBe(0)
    expect(Number(outputs.changes)).toBeGreaterThan(2000)
    expect(comments()[0]?.body.length).toBeGreaterThan(60_000)
    expect(comments()[0]?.body).toContain(
      `[The whole plan](https://github.com/acme/dns/actions/runs/${RUN_ID}#artifacts)`,
    )
  })

  it('that needs DKIM keys is told where to make them, at the line that asks for them', async () => {
    await checkout.write('mailsync.yaml', SPEC.replace('    dkim: false\n', ''))
    const { annotations, outputs } = await plan()
    expect(outputs.drift).toBe('true')
    expect(annotations).toContainEqual(
      expect.objectContaining({
        command: 'warning',
        message: expect.stringContaining('mailsync dkim generate'),
        properties: expect.objectContaining({ file: 'mailsync.yaml', line: '10' }),
      }),
    )
  })
})

describe('a pull request from a fork', () => {
  const fork = (step: Partial<Step> = {}) => plan({ event: pullRequest(1, { from: 'mallory/dns' }), ...step })

  it('is checked without secrets and without a plan, and the summary says so', async () => {
    token = github.token({ 'pull-requests': 'read' })
    await checkout.write(
      'mailsync.yaml',
      SPEC.replace('{ class: yaml, directory: ./zones }', '{ class: cloudflare, token: env/DNS_TOKEN }'),
    )
    const { code, summary, annotations, outputs } = await fork({ env: { DNS_TOKEN: '' } })
    expect(code).toBe(0)
    expect(summary).toContain('it comes from a fork, or the event does not say. So it runs without secrets')
    expect(summary).toContain('It means 5 records in 1 zone.')
    expect(outputs).toMatchObject({ changes: '', drift: '', 'plan-path': '' })
    expect(annotations.at(-1)).toMatchObject({ command: 'notice', message: expect.stringContaining('may not comment') })
  })

  it('has its errors shown, and fails', async () => {
    await checkout.write('mailsync.yaml', SPEC.replace('reject', 'rejekt'))
    expect(await fork()).toMatchObject({ code: 1, summary: expect.stringContaining('mailsync.yaml:13') })
  })

  it('cannot have an adapter of its own run', async () => {
    await checkout.write('evil.mjs', "process.stdout.write('OWNED'); export default {}")
    await checkout.write('mailsync.yaml', SPEC.replace('class: yaml', 'class: ./evil.mjs'))
    const { log } = await fork({ event: { ...pullRequest(1, { from: null }), name: 'pull_request_target' } })
    expect(log).not.toContain('OWNED')
  })

  it('is never applied', async () => {
    const { code, log } = await fork({ inputs: { command: 'apply' } })
    expect(code).toBe(1)
    expect(log).toContain('a pull request from a fork is never applied')
    expect(await checkout.read('zones/example.com.yaml')).toBe(EMPTY_ZONE)
  })
})

describe('when GitHub does not do what it is asked', () => {
  it('names the permission that is missing, and the plan is on the page of the run all the same', async () => {
    token = github.token({ 'pull-requests': 'read' })
    const { code, log, summary } = await plan()
    expect(code).toBe(1)
    expect(log).toContain('GitHub refuses to comment on the pull request')
    expect(log).toContain('pull-requests: write')
    expect(summary).toContain('### mailsync plan')
  })

  it('says so when the token is wrong or the conversation is locked', async () => {
    expect((await plan({ token: 'wrong' })).log).toContain('github-token has expired or is wrong')
    Object.assign(github.repository.issues[0] as object, { locked: true })
    expect((await plan()).log).toContain('unlock the conversation')
  })

  it('waits for a rate limit as long as it says, and not for hours', async () => {
    github.fault = ({ method }, number) =>
      method === 'POST' && number < 3
        ? { status: 403, text: 'You have exceeded a secondary rate limit.', headers: { 'retry-after': '1' } }
        : undefined
    expect((await plan()).code).toBe(0)
    expect(comments()).toHaveLength(1)

    const reset = String(Math.floor(Date.now() / 1000) + 3000)
    github.fault = () => ({
      status: 403,
      text: 'API rate limit exceeded for installation.',
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset },
    })
    const { code, log } = await plan()
    expect(code).toBe(1)
    expect(log).toContain('rate limit exceeded')
    expect(log).not.toContain('permissions:')
  })

  it('tries again after a 502', async () => {
    github.fault = (_, number) => (number === 1 ? { status: 502, text: 'Bad Gateway' } : undefined)
    expect((await plan()).code).toBe(0)
    expect(comments()).toHaveLength(1)
  })

  it.each(['cut-before', 'cut-after'] as const)('writes one comment when the connection is %s', async (fault) => {
    let cuts = 0
    github.fault = ({ method }) => (method === 'POST' && cuts++ === 0 ? fault : undefined)
    expect((await plan()).code).toBe(0)
    expect(comments()).toHaveLength(1)
  })
})

describe('the step', () => {
  it.skipIf(process.platform === 'win32')('leaves the comment to the newer run that has it cancelled', async () => {
    const cancel = new AbortController()
    const server = createServer(() => cancel.abort()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await checkout.write(
      'mailsync.yaml',
      SPEC.replace('class: yaml, directory: ./zones', `class: rfc2136, host: 127.0.0.1, port: ${port}`),
    )
    const { code, log } = await plan({ cancel: cancel.signal })
    server.close()
    expect(code).toBe(1)
    expect(log).toContain('1 zone failed')
    expect(github.calls).toEqual([])
  })

  it('needs no token, and makes no call, as long as nothing asks for one', async () => {
    expect((await plan({ inputs: { comment: 'false' }, token: '' })).code).toBe(0)
    expect(github.calls).toEqual([])
  })

  it('comments nowhere in a run that is not about a pull request', async () => {
    expect((await plan({ event: push() })).code).toBe(0)
    expect(github.calls).toEqual([])
  })

  it('tells everything that is wrong with its inputs at once', async () => {
    const { code, annotations } = await plan({ inputs: { command: 'deploy', comment: 'yes', issue: 'maybe' } })
    expect(code).toBe(1)
    expect(annotations[0]?.message).toMatch(/command is "deploy".*comment is "yes".*issue is "maybe"/)
  })

  it('names a spec or a folder that is not there', async () => {
    expect((await plan({ inputs: { config: 'nope.yaml' } })).log).toContain('nope.yaml')
    expect((await plan({ inputs: { 'working-directory': 'nope' } })).log).toContain('there is no folder nope')
  })

  it('fails on drift where it is asked to', async () => {
    expect((await plan({ inputs: { 'fail-on-drift': 'true' } })).log).toContain(
      'DNS is not as the spec says: 4 to create',
    )
    expect((await plan({ inputs: { 'fail-on-drift': 'true' } })).code).toBe(1)
  })
})
