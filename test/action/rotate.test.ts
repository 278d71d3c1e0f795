import { readdir } from 'node:fs/promises'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import type { DnsServer } from '../servers/dns-server.js'
import { onBind } from '../servers/on-bind.js'
import { rfc2136Options } from '../servers/rfc2136-options.js'
import { pullRequest, schedule } from './runner/events.js'
import { runStep, type Step } from './runner/runner.js'

const INDEX = 'keys/example.com/public.json'

const spec = ({ host, port, key }: DnsServer, keys: string) => `
providers:
  dns: ${rfc2136Options({ host, port, key }, 'env/DNS_TOKEN')}
zones: { example.com: { targets: [dns], servers: ['${host}:${port}'] } }
keys: ${keys}
hosts: { mail.example.com: { addresses: [198.51.100.25], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dmarc: false, ttl: 0, dkim: { algorithms: [ed25519], rotate: { publish_ahead: 0s } } } }
`

onBind('command: rotate', (server) => {
  let checkout: Workspace
  beforeEach(async () => {
    // What is not there is remembered for no time at all.
    const soa = '@ IN SOA ns1.mailsync.test. hostmaster.mailsync.test. 1 3600 600 604800 0\n@ IN NS ns1.mailsync.test.'
    await server.addZone('example.com.', soa)
    checkout = await workspace({})
  })
  afterEach(() => checkout.remove())
  const rotate = (more: Partial<Step> = {}) =>
    runStep({
      workspace: checkout.directory,
      event: schedule(),
      inputs: { command: 'rotate' },
      env: { DNS_TOKEN: server.key.secret },
      ...more,
    })
  const inDns = async () => (await server.dig('+short', '_mailsync.example.com.', 'TXT')).includes('dkim')

  it('publishes only what is committed, and takes one step a run', async () => {
    const recipient = await identityToRecipient(await generateIdentity())
    await checkout.write('mailsync.yaml', spec(server, `{ recipients: [${recipient}] }`))
    const states: string[] = []
    for (const published of [false, true, true]) {
      const { code, log, summary } = await rotate()
      expect({ code, log }).toMatchObject({ code: 0 })
      expect(await inDns()).toBe(published)
      expect(summary).toContain('### mailsync rotate')
      states.push(JSON.parse(await checkout.read(INDEX)).keys[0].state)
    }
    expect(states).toEqual(['published', 'published', 'signing'])
    expect((await readdir(checkout.path('keys/example.com'))).filter((name) => name.endsWith('.pem.age'))).toHaveLength(
      1,
    )
    expect((await rotate()).summary).toContain('No step is due.')
  })

  it('makes no key that would be lost with the runner, and says what to do', async () => {
    await checkout.write('mailsync.yaml', spec(server, '{}'))
    const { code, annotations, summary } = await rotate()
    expect(code).toBe(1)
    expect(annotations.map(({ message }) => message).join('\n')).toContain('a runner is thrown away')
    expect(summary).toContain('keys.recipients')
    expect(await readdir(checkout.path('keys')).catch(() => [])).toEqual([])
    expect(await inDns()).toBe(false)
  })

  it('does nothing for a pull request from a fork', async () => {
    await checkout.write('mailsync.yaml', spec(server, '{}'))
    const { code } = await rotate({ event: pullRequest(1, { from: 'mallory/dns' }) })
    expect(code).toBe(1)
    expect(await inDns()).toBe(false)
  })
})
