import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ownAdapter } from '../cli/own-adapter.js'
import { type Workspace, workspace } from '../cli/workspace.js'
import { startBind } from '../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../servers/dns-server.js'
import { rfc2136Options } from '../servers/rfc2136-options.js'
import { push } from './runner/events.js'
import { runStep, type Step } from './runner/runner.js'

let checkout: Workspace
afterEach(() => checkout.remove())

const step = (inputs: NonNullable<Step['inputs']>, env: Step['env'] = {}) =>
  runStep({ workspace: checkout.directory, event: push(), inputs, env })

const mail = (spf = '') => `
hosts: { mail.example.com: { addresses: [198.51.100.25], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dkim: false, dmarc: false${spf} } }
`

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => it('the action and name servers', () => {}))
else
  describe('the action, with name servers that answer', () => {
    let server: DnsServer
    beforeAll(async () => {
      server = await startBind({
        zones: {
          '.': '',
          'example.com.': '',
          'example.net.':
            '_spf TXT "v=spf1 include:more.example.net ip4:203.0.113.0/24 -all"\nmore TXT "v=spf1 a:mx.example.net -all"\nmx A 203.0.113.9',
        },
      })
    })
    afterAll(() => server.stop())
    const resolver = () => `${server.host}:${server.port}`
    const spec = (spf?: string) => `
providers: { dns: ${rfc2136Options(server)} }
zones: { example.com: { targets: [dns], servers: ['${resolver()}'] } }
${mail(spf)}`
    const run = (inputs: NonNullable<Step['inputs']>) =>
      step({ resolver: resolver(), ...inputs }, { TSIG_SECRET: server.key.secret })

    it('apply with verify ends well once every one of them has what was written', async () => {
      checkout = await workspace({ 'mailsync.yaml': spec() })
      const { code, log, outputs } = await run({ command: 'apply', verify: 'true' })
      expect({ code, log, outputs }).toMatchObject({ code: 0, outputs: { creates: '4', drift: 'false' } })
      expect(log).not.toContain('not answered everywhere')
      expect(await server.dig('+short', 'example.com.', 'MX')).toBe('10 mail.example.com.\n')
      expect(await run({ command: 'apply', verify: 'true' })).toMatchObject({ code: 0, outputs: { changes: '0' } })
    })

    it('plan with online counts what the SPF of others costs', async () => {
      checkout = await workspace({ 'mailsync.yaml': spec(', spf: { include: [_spf.example.net] }') })
      const { code, log } = await run({ command: 'plan', online: 'true' })
      expect({ code, log }).toMatchObject({ code: 0 })
      expect(log).toContain('example.com  spf 3/10 look-ups: _spf.example.net 3')
      const { log: offline } = await step({ command: 'plan' }, { TSIG_SECRET: server.key.secret })
      expect(offline).not.toContain('look-ups')
    })
  })

describe('apply with wait', () => {
  /** An adapter that looks twice until its name servers have what its file has. */
  const adapter = (wait: string): string =>
    ownAdapter().replace('return {\n      zones:', `return {\n      waitUntilServed: ${wait},\n      zones:`)
  const SERVED = `async (signal, report) => {
        const zones = JSON.parse(await readFile(file, 'utf8'))
        report(\`waiting for \${zones['example.com.'].length} sets\`)
        await new Promise(setImmediate)
        report('every set is on every name server')
      }`
  const apply = async (wait: string, inputs: NonNullable<Step['inputs']> = { wait: 'true' }) => {
    checkout = await workspace({ 'own.mjs': adapter(wait), 'own.json': '{ "example.com.": [] }' })
    const file = JSON.stringify(checkout.path('own.json'))
    await checkout.write(
      'mailsync.yaml',
      `providers: { own: { class: ./own.mjs, file: ${file} } }\nzones: { example.com: { targets: [own] } }\n${mail()}`,
    )
    return step({ command: 'apply', ...inputs })
  }

  it('ends well once the provider says that its name servers have what was written', async () => {
    const { code, log, outputs } = await apply(SERVED)
    expect({ code, log, outputs }).toMatchObject({ code: 0, outputs: { creates: '4', drift: 'false' } })
    expect(log).toMatch(/own: waiting for 5 sets\n(?:.*\n)*own: every set is on every name server/)
  })

  it('fails where the provider says that they have not', async () => {
    const { code, log, outputs } = await apply(`async () => { throw new MailsyncError('timeout', 'no server has it') }`)
    expect({ code, outputs }).toMatchObject({ code: 1, outputs: { creates: '4' } })
    expect(log).toContain('Written, but not known to be served')
    expect(log).toContain('no server has it')
    expect(log).not.toMatch(/bug/i)
  })

  it('asks no provider without it', async () => {
    const { code, log } = await apply(SERVED, {})
    expect(code).toBe(0)
    expect(log).not.toContain('name server')
  })
})
