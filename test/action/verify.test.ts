import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { onBind } from '../servers/on-bind.js'
import { schedule } from './runner/events.js'
import { runStep } from './runner/runner.js'

const RECORDS = `@ MX 10 mail.example.com.
@ TXT "v=spf1 ip4:198.51.100.25 ~all"
mail A 198.51.100.25
mail TXT "v=spf1 a -all"
`

onBind(
  'command: verify',
  (server) => {
    let checkout: Workspace
    beforeAll(async () => {
      checkout = await workspace({
        'mailsync.yaml': `
providers: { local: { class: yaml, directory: zones } }
zones: { example.com: { targets: [local], servers: ['${server.host}:${server.port}'] } }
hosts: { mail.example.com: { addresses: [198.51.100.25], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dmarc: false, dkim: false } }
`,
      })
    })
    afterAll(() => checkout.remove())
    const verify = (inputs: Readonly<Record<string, string>> = {}, env: Readonly<Record<string, string>> = {}) =>
      runStep({
        env,
        workspace: checkout.directory,
        event: schedule(),
        inputs: { command: 'verify', resolver: `${server.host}:${server.port}`, ...inputs },
      })

    it('tells what receivers find in the log and the summary, and passes where no check fails', async () => {
      const reverse = '25 PTR mail.example.com.\n'
      await Promise.all([server.addZone('example.com.', RECORDS), server.addZone('100.51.198.in-addr.arpa.', reverse)])
      const { code, log, summary } = await verify()
      expect({ code, log }).toMatchObject({ code: 0 })
      expect(log).toContain(
        'Gmail, Yahoo and Naver would take mail of example.com, but no bulk mail: DKIM: the spec has no key',
      )
      expect(summary).toContain('### mailsync verify')
    })

    it('compares what several resolvers have', async () => {
      const own = `${server.host}:${server.port}`
      const { log } = await verify({ resolver: `${own}, ${own}` })
      expect(log).toContain('would take mail of example.com')
      expect((await verify({ resolver: `${own}\nnobody` })).log).toContain('nobody')
    })

    it('shows with a plan what they find, in the summary and in the report', async () => {
      const { code, summary, outputs } = await runStep({
        workspace: checkout.directory,
        event: schedule(),
        inputs: { command: 'plan', verify: 'true', resolver: `${server.host}:${server.port}` },
      })
      expect(code).toBe(0)
      expect(summary).toContain('#### What receivers see now, before this plan')
      const report = await readFile(outputs['report-path'] ?? '', 'utf8')
      expect(report).toContain('<h2 id="receivers-h">What receivers see now, before this plan</h2>')
      expect(report).toContain('would take mail of example.com, but no bulk mail')
    })

    it('looks at the domains that are named, and at mail servers and block lists where it is asked to', async () => {
      const { log, summary } = await verify({ domains: 'example.com', smtp: 'true', blocklists: 'true' })
      expect(log).not.toContain('usage')
      expect(summary).toMatch(/`smtp-[a-z-]+`/)
      expect(summary).toMatch(/`blocklist[a-z-]*`/)
      const other = await verify({ domains: 'exmaple.com' })
      expect(other.code).toBe(1)
      expect(other.log).toContain('exmaple.com is no domain of mailsync.yaml')
      expect(other.log).toContain('did you mean example.com?')
    })

    it('asks providers, and judges a message, where it is asked to', async () => {
      const away = `providers: { aws: { class: route53, endpoint: 'http://127.0.0.1:9', client_max_attempts: 1, access_key_id: AKIAEXAMPLE, secret_access_key: env/AWS_KEY } }
zones: { example.com: { targets: [aws], servers: ['${server.host}:${server.port}'] } }
hosts: { mail.example.com: { addresses: [198.51.100.25], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dmarc: false, dkim: false } }
`
      await checkout.write('away.yaml', away)
      const { summary } = await verify({ config: 'away.yaml', message: 'true' })
      expect(summary).toContain('`message-dkim`')
      const unheld = await verify({ config: 'away.yaml', providers: 'true' })
      expect(unheld.code).toBe(1)
      expect(unheld.summary).toContain('provider aws: the environment variable `AWS_KEY` is not set')
      const env = { AWS_KEY: 'kept-from-the-log' }
      const refused = await verify({ config: 'away.yaml', providers: 'true' }, env)
      expect(refused.summary).toMatch(/`delegation-provider`.*aws does not tell/)
      expect(refused.masks).toContain(env.AWS_KEY)
    })

    it('looks in each shard at the domains of its zones', async () => {
      const shards = [await verify({ shard: '1/2' }), await verify({ shard: '2/2' })]
      expect(shards.map(({ code, log }) => ({ code, log }))).toMatchObject([{ code: 0 }, { code: 0 }])
      expect(shards.filter(({ log }) => log.includes('would take mail of example.com'))).toHaveLength(1)
    })

    it.each([
      [{ command: 'plan', smtp: 'true', resolver: '' }, 'smtp goes with the command verify'],
      [
        { command: 'shards', domains: 'a.example, b.example', resolver: '' },
        'domains goes with the commands plan, apply and verify',
      ],
      [{ command: 'plan', 'verify-wait': '5s', verify: 'true' }, 'verify-wait goes with the command apply'],
      [{ command: 'plan', wait: 'true', resolver: '' }, 'wait goes with the command apply'],
      [{ online: 'true' }, 'online goes with the command plan'],
      [
        { command: 'plan', online: 'true', resolver: '192.0.2.1 192.0.2.2' },
        'several resolvers go with the command verify',
      ],
      [{ command: 'plan', providers: 'true', resolver: '' }, 'providers goes with the command verify'],
      [{ command: 'plan', message: 'true', resolver: '' }, 'message goes with the command verify'],
      [
        { command: 'merge', plans: 'shards' },
        'resolver goes with the commands plan, apply, rotate, spf-refresh and verify',
      ],
      [{ command: 'shards' }, 'resolver goes with the commands'],
      [{ 'fail-on-drift': 'true' }, 'fail-on-drift goes with the commands plan and merge'],
      [{ command: 'plan', adopt: 'true', verify: 'true' }, 'adopt goes with the command apply'],
      [{ force: 'true' }, 'force goes with the command apply'],
      [{ zones: 'example.com' }, 'zones goes with the commands plan and apply'],
      [{ shard: '1/2', issue: 'true', 'github-token': 'token' }, 'a shard keeps no comment and no issue'],
      [{ reports: 'shards' }, 'reports goes with the command merge'],
      [{ domains: 'example.com', shard: '1/2' }, 'domains and shard exclude each other'],
      [{ shard: '3/2' }, 'it is one part of several'],
    ])('refuses %j, which would do nothing', async (inputs, fault) => {
      const { code, log } = await verify(inputs)
      expect(code).toBe(1)
      expect(log).toContain(fault)
    })

    it('fails where a check does', async () => {
      await server.addZone('example.com.', RECORDS.replace('198.51.100.25 ~all', '198.51.100.1 ~all'))
      const { code, summary } = await verify()
      expect(code).toBe(1)
      expect(summary).toContain('`record-served`')
    })
  },
  { zones: { '.': '' } },
)
