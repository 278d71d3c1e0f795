import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { GitHubFake } from '../fakes/github/github.js'
import { startBind } from '../servers/bind.js'
import { type DnsServer, missingServer, newKey, serverAvailable } from '../servers/dns-server.js'
import { pullRequest, push, schedule } from './runner/events.js'
import { missingProgram } from './runner/missing-program.js'
import { runWorkflow, type WorkflowRun } from './runner/workflow.js'

const EXAMPLES = resolve(import.meta.dirname, '../../examples/github')
const HEAD = '1'.repeat(40)
const MERGE = '2'.repeat(40)

let bind: DnsServer
let github: GitHubFake
let repository: Workspace

const spec = () => `providers:
  bind:
    class: rfc2136
    host: 127.0.0.1
    port: ${bind.port}
    key_name: ${bind.key.name}
    key_secret: env/DNS_TOKEN
zones:
  example.com.: { targets: [bind] }
hosts:
  mail.example.com: { addresses: [198.51.100.25], reverse: false }
domains:
  example.com:
    mx: [mail.example.com]
    dkim: false
    dmarc: { policy: reject }
`

const missing = [
  ...(serverAvailable('bind') ? [] : [missingServer('bind')]),
  ...['bash', 'curl', 'jq'].flatMap((program) => missingProgram(program) ?? []),
]

describe.skipIf(missing.length > 0)(
  missing.length > 0 ? missing.join('; ') : 'the workflows of examples/github',
  () => {
    beforeEach(async () => {
      bind = await startBind({ zones: { 'example.com.': 'example.com. 300 IN TXT "someone-verification=1234"' } })
      github = await GitHubFake.start()
      repository = await workspace({ 'mailsync.yaml': spec() })
    })

    afterEach(async () => {
      await Promise.all([bind.stop(), github.stop(), repository.remove()])
    })

    const run = (name: 'plan' | 'apply' | 'drift', trigger: Parameters<typeof runWorkflow>[1]): Promise<WorkflowRun> =>
      runWorkflow(resolve(EXAMPLES, `mailsync-${name}.yml`), trigger, {
        github,
        checkout: repository.directory,
        secrets: { DNS_READ_TOKEN: bind.key.secret },
        environments: { 'mail-dns': { DNS_WRITE_TOKEN: bind.key.secret } },
      })

    const openPull = () => run('plan', { event: pullRequest(1, { headSha: HEAD }), sha: HEAD })
    const merge = () => {
      github.repository.merged.push({ number: 1, headSha: HEAD, mergeSha: MERGE })
      return run('apply', { event: push(), sha: MERGE })
    }
    const night = () => run('drift', { event: schedule(), sha: MERGE })

    it('carry a change from its pull request to DNS, report a hand edit, and take it back when it is repaired', async () => {
      github.repository.addPullRequest()

      const opened = await openPull()
      expect(opened.conclusion).toBe('success')
      expect(github.repository.commentsOf(1)[0]?.body).toContain('Mail for `example.com` goes to `mail.example.com`')
      expect(await bind.dig('+short', 'MX', 'example.com')).toBe('')

      const merged = await merge()
      expect(merged.conclusion).toBe('success')
      expect(merged.summary).toContain('4 created, 1 updated, 0 deleted in 1 zone')
      expect(await bind.dig('+short', 'MX', 'example.com')).toBe('10 mail.example.com.\n')
      expect(await bind.dig('+short', 'TXT', 'example.com')).toContain('someone-verification=1234')

      expect((await night()).outputs).toEqual({})
      expect(github.repository.openIssues()).toEqual([])

      await bind.nsupdate('update delete example.com MX\nupdate add example.com 60 MX 5 elsewhere.example.net')
      await night()
      await night()
      const [issue, ...more] = github.repository.openIssues()
      expect(more).toEqual([])
      expect(issue?.title).toBe('Mail DNS is not as mailsync.yaml says')
      expect(issue?.body).toContain(
        'Mail for `example.com` goes to `mail.example.com` instead of `elsewhere.example.net`',
      )

      await bind.nsupdate('update delete example.com MX\nupdate add example.com 3600 MX 10 mail.example.com')
      await night()
      expect(github.repository.openIssues()).toEqual([])
      expect(issue).toMatchObject({ state: 'closed', reason: 'completed' })
      expect(github.repository.commentsOf(issue?.number ?? 0)[0]?.body).toContain('as the spec says again')
    })

    it('refuse a reviewed plan, whole, once DNS has changed under it', async () => {
      github.repository.addPullRequest()
      await openPull()
      await bind.nsupdate('update add example.com 300 MX 10 somewhere.example.net')
      const { conclusion, log } = await merge()
      expect(conclusion).toBe('failure')
      expect(log).toContain('the reviewed plan is stale')
      expect(log).toContain('example.com. MX: DNS holds something else now')
      expect(await bind.dig('+short', 'A', 'mail.example.com')).toBe('')
    })

    it('refuse a plan that asks for more than the merged spec does', async () => {
      github.repository.addPullRequest()
      await openPull()
      const artifact = github.repository.artifacts[0]
      const files = artifact?.files as Map<string, string>
      files.set('plan.json', (files.get('plan.json') as string).replaceAll('198.51.100.25', '203.0.113.66'))
      const { conclusion, log } = await merge()
      expect(conclusion).toBe('failure')
      expect(log).toContain('mail.example.com. A: the spec asks for something else')
      expect(await bind.dig('+short', 'A', 'mail.example.com')).toBe('')
    })

    it('write nothing for a merge that nobody planned, until a person has planned it', async () => {
      github.repository.addPullRequest()
      const unplanned = await merge()
      expect(unplanned.conclusion).toBe('failure')
      expect(unplanned.log).toContain('no plan was made for this commit')

      const planned = await run('plan', { event: { name: 'workflow_dispatch' }, sha: MERGE })
      const inputs = { 'plan-run': String(planned.id) }
      expect(await run('apply', { event: { name: 'workflow_dispatch' }, sha: MERGE, inputs })).toMatchObject({
        conclusion: 'success',
      })
      expect(await bind.dig('+short', 'MX', 'example.com')).toBe('10 mail.example.com.\n')
    })

    it('check a fork’s pull request without secrets, and write nothing when it is merged', async () => {
      github.repository.addPullRequest()
      const checked = await run('plan', { event: pullRequest(1, { headSha: HEAD, from: 'mallory/dns' }), sha: HEAD })
      expect(checked.conclusion).toBe('success')
      expect(checked.summary).toContain('comes from a fork')
      expect(github.repository.commentsOf(1)).toEqual([])
      expect((await merge()).log).toContain('no plan was made for this commit')
    })

    it('never show the credential, and refuse a wrong one in words', async () => {
      github.repository.addPullRequest()
      const secret = newKey().secret
      const wrong = await runWorkflow(
        resolve(EXAMPLES, 'mailsync-plan.yml'),
        { event: pullRequest(1), sha: HEAD },
        {
          github,
          checkout: repository.directory,
          secrets: { DNS_READ_TOKEN: secret },
          environments: {},
        },
      )
      expect(wrong.conclusion).toBe('failure')
      const comment = github.repository.commentsOf(1)[0]?.body ?? ''
      for (const text of [wrong.log, wrong.summary, comment]) expect(text).not.toContain(secret)
      expect(comment).toContain('has another secret for the key mailsync-test')
      expect(github.repository.artifacts).toEqual([])
    })

    it('make no DKIM key on a runner, and go on once its public half is committed', async () => {
      github.repository.addPullRequest()
      await repository.write(
        'mailsync.yaml',
        spec().replace('    dkim: false\n', '    dkim: { algorithms: [ed25519], selector: s1 }\n'),
      )
      await openPull()
      expect((await merge()).log).toContain('waits for a DKIM key')

      const made = await repository.run(['dkim', 'generate'])
      expect(made.code).toBe(0)
      const index = await readFile(repository.path('keys/example.com/public.json'), 'utf8')
      await repository.remove()
      repository = await workspace({
        'mailsync.yaml': spec().replace('    dkim: false\n', '    dkim: { algorithms: [ed25519], selector: s1 }\n'),
        'keys/example.com/public.json': index,
      })
      await openPull()
      expect((await merge()).conclusion).toBe('success')
      expect(await bind.dig('+short', 'TXT', 's1._domainkey.example.com')).toContain('v=DKIM1; k=ed25519; p=')
    })
  },
)
