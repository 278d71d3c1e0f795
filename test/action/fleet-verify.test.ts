import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { GitHubFake } from '../fakes/github/github.js'
import { customers } from '../fleet/shards/fleet.js'
import { startBind } from '../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../servers/dns-server.js'
import { schedule } from './runner/events.js'
import { runWorkflow, type WorkflowRun } from './runner/workflow.js'

const WORKFLOW = resolve(import.meta.dirname, '../../examples/github/mailsync-fleet-verify.yml')
/** Milliseconds, for eight processes on a machine that has much else to do. */
const LIMIT = 300_000
const CUSTOMERS = customers(12)
const MAIL = '@ MX 10 mx.hosts.example.\n@ TXT "v=spf1 ip4:198.51.100.25 ~all"\n'
const HOST = 'mx A 198.51.100.25\nmx TXT "v=spf1 a -all"\n'

const spec = ({ host, port }: DnsServer): string => `
providers: { local: { class: yaml, directory: zones } }
zones: { ${['hosts.example', ...CUSTOMERS].map((zone) => `${zone}: { targets: [local], servers: ['${host}:${port}'] }`).join(', ')} }
hosts: { mx.hosts.example: { addresses: [198.51.100.25], reverse: false } }
defaults: { dkim: false, dmarc: false }
domains: { ${CUSTOMERS.map((zone) => `${zone}: { mx: [mx.hosts.example] }`).join(', ')} }
`

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => it('the workflow', () => {}))
else
  describe('the workflow that verifies a fleet', () => {
    let server: DnsServer
    let github: GitHubFake
    let checkout: Workspace
    beforeAll(async () => {
      server = await startBind({
        zones: {
          '.': '',
          'hosts.example.': HOST,
          '100.51.198.in-addr.arpa.': '25 PTR mx.hosts.example.\n',
          ...Object.fromEntries(CUSTOMERS.map((zone) => [`${zone}.`, MAIL])),
        },
      })
      github = await GitHubFake.start()
      checkout = await workspace({ 'mailsync.yaml': spec(server) })
    })
    afterAll(() => Promise.all([server.stop(), github.stop(), checkout.remove()]))

    const morning = (edit = (text: string) => text): Promise<WorkflowRun> =>
      runWorkflow(
        WORKFLOW,
        { event: schedule(), sha: '2'.repeat(40) },
        {
          github,
          checkout: checkout.directory,
          secrets: {},
          environments: {},
          edit: (text) =>
            edit(text)
              .replace(' # shard-count: 8, to choose how many', '\n          shard-count: 2')
              .replace('command: verify\n', `command: verify\n          resolver: ${server.host}:${server.port}\n`),
        },
      )

    it(
      'keeps one issue of all shards while a check fails, and closes it when none does',
      async () => {
        for (const zone of [CUSTOMERS[2], CUSTOMERS[9]])
          await server.addZone(`${zone}.`, MAIL.replace('mx.hosts', 'elsewhere.hosts'))
        const broken = await morning()
        expect(broken.jobs).toEqual({ shards: 'success', verify: 'failure', merge: 'failure' })
        const [issue, ...more] = github.repository.openIssues()
        expect(more).toEqual([])
        expect(issue?.title).toBe('Checks of the mail DNS of mailsync.yaml fail')
        for (const zone of [CUSTOMERS[2], CUSTOMERS[9]]) expect(issue?.body).toContain(`\`${zone}\``)

        for (const zone of [CUSTOMERS[2], CUSTOMERS[9]]) await server.addZone(`${zone}.`, MAIL)
        const sound = await morning()
        expect(sound.jobs).toEqual({ shards: 'success', verify: 'success', merge: 'success' })
        expect(github.repository.openIssues()).toEqual([])
      },
      LIMIT,
    )
  })
