import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownAdapter } from '../cli/own-adapter.js'
import { type Workspace, workspace } from '../cli/workspace.js'
import { replyTo, startScriptedDns } from '../servers/scripted-dns.js'
import { push } from './runner/events.js'
import { runStep, type Step } from './runner/runner.js'
import { CHANGED_SPEC, EMPTY_ZONE, SPEC } from './runner/specs.js'

let checkout: Workspace

beforeEach(async () => {
  checkout = await workspace({ 'mailsync.yaml': SPEC, 'zones/example.com.yaml': EMPTY_ZONE })
})

afterEach(() => checkout.remove())

const step = (inputs: Step['inputs'] = {}) => runStep({ workspace: checkout.directory, event: push(), inputs })
const apply = (inputs: Step['inputs'] = {}) => step({ command: 'apply', ...inputs })
const zone = () => checkout.read('zones/example.com.yaml')

describe('command: apply', () => {
  it('makes DNS as the spec says, keeps strangers’ values, and tells what it did', async () => {
    const { code, outputs, summary } = await apply()
    expect(code).toBe(0)
    expect(outputs).toMatchObject({ changes: '5', creates: '4', updates: '1', deletes: '0', drift: 'false' })
    expect(summary).toContain('4 created, 1 updated, 0 deleted in 1 zone')
    expect(await zone()).toContain('someone-verification=1234')
    expect(await apply()).toMatchObject({ code: 0, outputs: { changes: '0', drift: 'false' } })
  })

  it('carries out a reviewed plan, and says it is stale when it is carried out again', async () => {
    await step({ 'plan-file': 'reviewed.json' })
    expect(await apply({ 'plan-file': 'reviewed.json' })).toMatchObject({ code: 0, outputs: { changes: '5' } })
    const again = await apply({ 'plan-file': 'reviewed.json' })
    expect(again).toMatchObject({ code: 1, outputs: { changes: '' } })
    expect(again.log).toContain('example.com. MX: it is so already, or the spec does not ask for it')
  })

  it('refuses a reviewed plan, whole, where the spec asks for more in its zone, or where a change was taken out of it', async () => {
    await apply()
    await checkout.write('mailsync.yaml', CHANGED_SPEC)
    await step({ 'plan-file': 'reviewed.json' })
    await checkout.write('mailsync.yaml', CHANGED_SPEC.replace('reject', 'quarantine'))
    const refused = await apply({ 'plan-file': 'reviewed.json' })
    expect(refused.code).not.toBe(0)
    expect(refused.log).toContain('_dmarc.example.com. TXT: it was not in the plan that was reviewed')
    expect(await zone()).not.toContain('include:_spf.example.net')
  })

  it('writes one of several domains and its hosts, and deletes nothing then', async () => {
    await checkout.write(
      'mailsync.yaml',
      `${SPEC}  news.example.com: { mx: [mail.example.com], dkim: false, dmarc: { policy: reject } }\n`,
    )
    const { code, outputs } = await apply({ domains: 'news.example.com', parallel: '2' })
    expect({ code, outputs }).toMatchObject({ code: 0, outputs: { deletes: '0' } })
    expect(await zone()).toContain('news:')
    expect(await zone()).not.toContain('_dmarc:')
    expect(await step({ domains: 'news.example.com' })).toMatchObject({
      code: 0,
      outputs: { changes: '0', drift: 'false' },
    })
    expect(await step()).toMatchObject({ outputs: { drift: 'true' } })
  })

  it('waits, with verify: true, until name servers answer with it, and fails where one does not', async () => {
    const { code, log, outputs } = await apply({ verify: 'true', 'verify-wait': '0s', resolver: '127.0.0.1:9' })
    expect({ code, outputs }).toMatchObject({ code: 1, outputs: { changes: '5', drift: 'true' } })
    expect(log).toContain('Written, but not answered everywhere')
    expect(await zone()).toContain('mail.example.com.')
  })

  it('asks the resolver it is given for the address that a PTR waits for', async () => {
    const cancel = new AbortController()
    const resolver = await startScriptedDns((query) => {
      cancel.abort()
      return replyTo(query, { rcode: 2 })
    })
    const traits = `traits: { types: ['PTR', 'TXT'], write: 'atomic', compareAndSwap: false, ttl: { min: 60, max: 86400 }, needsForward: true },`
    await checkout.write('own.mjs', ownAdapter({ facts: traits }))
    await checkout.write('own.json', '{ "9.9.9.in-addr.arpa.": [] }')
    await checkout.write(
      'mailsync.yaml',
      `providers: { local: { class: yaml, directory: zones }, owner: { class: ./own.mjs, file: own.json } }
zones: { example.com: { targets: [local] }, 9.9.9.in-addr.arpa: { targets: [owner] } }
hosts: { mail.example.com: { addresses: [9.9.9.10] } }
domains: {}
`,
    )
    const { log } = await runStep({
      workspace: checkout.directory,
      event: push(),
      inputs: { command: 'apply', resolver: `${resolver.host}:${resolver.port}` },
      cancel: cancel.signal,
    })
    resolver.close()
    expect(resolver.queries.map(({ name }) => name)).toContain('mail.example.com')
    expect(log).toContain('waiting for the address before its PTR')
  })

  it.each([
    [{ parallel: '0' }, 'parallel is "0", and it is a whole number from 1 to 9999'],
    [{ verify: 'true', 'verify-wait': 'long' }, 'verify-wait is "long", and it is a time'],
    [{ 'verify-wait': '5s' }, 'verify-wait goes with verify'],
    [{ domains: 'example.com', 'plan-file': 'p.json' }, 'domains and plan-file exclude each other'],
  ])('refuses %j', async (inputs, fault) => {
    const { code, log } = await apply(inputs)
    expect([code, log]).toEqual([1, expect.stringContaining(fault.replaceAll('\\', ''))])
  })

  it('asks for adopt: true before it replaces a stranger’s record', async () => {
    await checkout.write(
      'zones/example.com.yaml',
      '---\n"": { type: MX, values: [{ preference: 10, exchange: other.example.net. }] }\n',
    )
    const refused = await apply()
    expect(refused.code).toBe(1)
    expect(refused.log).toContain('set adopt: true')
    expect(await zone()).not.toContain('mail.example.com')
    expect((await apply({ adopt: 'true' })).code).toBe(0)
    expect(await zone()).toContain('mail.example.com.')
  })

  it('asks for force: true before it deletes much', async () => {
    await apply()
    await checkout.write('mailsync.yaml', SPEC.replace(/^hosts:[\s\S]*/m, 'hosts: {}\ndomains: {}\n'))
    const refused = await apply()
    expect(refused.code).toBe(1)
    expect(refused.log).toContain('set force: true')
    expect(await zone()).toContain('mail.example.com.')
    expect(await apply({ force: 'true' })).toMatchObject({ code: 0, outputs: { deletes: '4' } })
  })

  it('makes no DKIM key on a runner', async () => {
    await checkout.write('mailsync.yaml', SPEC.replace('    dkim: false\n', ''))
    const { code, annotations } = await apply()
    expect(code).toBe(1)
    expect(annotations).toContainEqual(
      expect.objectContaining({
        command: 'error',
        message: expect.stringContaining('mailsync dkim generate'),
        properties: expect.objectContaining({ title: 'dkim-key-missing', file: 'mailsync.yaml', line: '10' }),
      }),
    )
    expect(await zone()).toBe(EMPTY_ZONE)
  })

  it('writes the zones it can when another cannot be read, fails, and says which', async () => {
    await checkout.write(
      'mailsync.yaml',
      SPEC.replace('domains:\n', 'domains:\n  example.org: { mail: none }\n').replace(
        'zones:\n',
        'zones:\n  example.org.: { targets: [local] }\n',
      ),
    )
    await checkout.write('zones/example.org.yaml', '- no zone')
    const { code, outputs, annotations, summary } = await apply()
    expect(code).toBe(1)
    expect(outputs).toMatchObject({ changes: '5', drift: 'true' })
    expect(annotations.some(({ properties }) => properties.title?.includes('example.org. at local'))).toBe(true)
    expect(summary).toContain('example.org.')
  })

  it('names a plan that is missing or is none', async () => {
    expect((await apply({ 'plan-file': 'nope.json' })).log).toContain('nope.json: no such file or directory')
    expect((await apply({ 'plan-file': 'mailsync.yaml' })).log).toContain('mailsync.yaml is no plan')
    expect((await apply({ 'plan-file': 'plan.json', zones: 'example.com' })).log).toContain('exclude each other')
  })
})
