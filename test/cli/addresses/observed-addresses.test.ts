import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ScriptedDns } from '../../servers/scripted-dns.js'
import { startZonesDns } from '../../servers/zones-dns.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const ZONES = { 'zones/example.com.yaml': '---\n{}\n', 'zones/9.9.9.in-addr.arpa.yaml': '---\n{}\n' }

let space: Workspace
let dns: ScriptedDns
let page: Server
let body = '9.9.9.30\n'
let status = 200
beforeAll(async () => {
  dns = await startZonesDns({
    'home.dyn.example.net': ['A 9.9.9.20', 'AAAA 2a00:1450::20'],
    'gone.example.net': ['TXT no'],
    'half.example.net': ['failure'],
  })
  page = createServer((_, reply) => reply.writeHead(status).end(body))
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  dns.close()
  page.close()
})
beforeEach(() => {
  body = '9.9.9.30\n'
  status = 200
})
afterEach(() => space.remove())

const specWith = (from: string, more = '') => `
providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local] }, 9.9.9.in-addr.arpa.: { targets: [local] } }
hosts:
  mail.example.com: { addresses: { from: [${from}] } }
${more}domains:
  example.com: { mx: [mail.example.com], dkim: false, dmarc: false }
`
const start = async (from: string, address = '9.9.9.10', more = ''): Promise<void> => {
  space = await workspace({ ...ZONES, 'mailsync.yaml': specWith(from, more), 'address.txt': `${address}\n` })
}
const run = (...args: string[]): Promise<Ran> =>
  space.run([...args, ...(args[0] === 'compile' ? [] : ['--resolver', `${dns.host}:${dns.port}`])])
const zone = () => space.read('zones/example.com.yaml')
const reverse = () => space.read('zones/9.9.9.in-addr.arpa.yaml')
const FROM_FILE = 'exec:cat address.txt'

describe('an address that changes', () => {
  test('is followed by A, SPF and PTR', async () => {
    await start(FROM_FILE)
    expect((await run('apply', '--yes')).code).toBe(0)
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.10 ~all')
    await space.write('address.txt', '9.9.9.11')
    const { code, stdout } = await run('apply', '--yes')
    expect(code).toBe(0)
    expect(stdout).toContain('mail.example.com  9.9.9.11  observed by exec:cat address.txt')
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.11 ~all')
    expect(await zone()).not.toContain('9.9.9.10')
    expect(await reverse()).toMatch(/'?11'?:\n[^1]*mail\.example\.com\./)
    expect(await reverse()).not.toMatch(/^'?10'?:/m)
    expect((await run('plan', '--detailed-exitcode')).code).toBe(0)
  })

  test('is in a saved plan, which is carried out with it although it changed since', async () => {
    await start(FROM_FILE)
    await run('plan', '--out', space.path('plan.json'))
    expect(JSON.parse(await space.read('plan.json')).observed).toEqual([
      { host: 'mail.example.com.', addresses: ['9.9.9.10'], by: 'exec:cat address.txt' },
    ])
    await space.write('address.txt', '9.9.9.11')
    expect((await run('apply', space.path('plan.json'), '--yes')).code).toBe(0)
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.10 ~all')
    expect((await run('apply', '--yes')).code).toBe(0)
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.11 ~all')
  })

  test('is known to the plan that is made anew once DKIM keys are there', async () => {
    await start(FROM_FILE)
    await space.write('mailsync.yaml', specWith(FROM_FILE).replace('dkim: false', 'dkim: { algorithms: [ed25519] }'))
    expect((await run('apply', '--yes')).code).toBe(0)
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.10 ~all')
  })
})

describe('an observation that fails', () => {
  test('changes and deletes nothing of the host, and shrinks no SPF; all else goes on', async () => {
    const other = '  other.example.com: { addresses: [9.9.9.40] }\n'
    await start(FROM_FILE, '9.9.9.10', other)
    await space.write('mailsync.yaml', specWith(FROM_FILE, other).replace('mx: [mail', 'mx: [other.example.com, mail'))
    expect((await run('apply', '--yes')).code).toBe(0)
    const [before, ptrs] = [await zone(), await reverse()]
    expect(before).toContain('v=spf1 ip4:9.9.9.10 ip4:9.9.9.40 ~all')
    await space.write('address.txt', '')
    const { code, stdout } = await run('plan', '--detailed-exitcode')
    expect(code).toBe(0)
    expect(stdout).toContain(
      'the addresses of mail.example.com are not known: exec:cat address.txt: it tells no address',
    )
    expect(stdout).toContain('its A, AAAA and PTR, and the SPF of the domains it sends for, stay as they are')
    const moved = specWith(FROM_FILE, other.replace('9.9.9.40', '9.9.9.41')).replace(
      'mx: [mail',
      'mx: [other.example.com, mail',
    )
    await space.write('mailsync.yaml', moved)
    expect((await run('apply', '--yes')).code).toBe(0)
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.10 ip4:9.9.9.40 ~all')
    expect(await zone()).toContain('9.9.9.41')
    expect(await reverse()).toMatch(/'?10'?:\n/)
    await space.write('address.txt', '9.9.9.10')
    expect((await run('apply', '--yes')).code).toBe(0)
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.10 ip4:9.9.9.41 ~all')
    expect(ptrs).toContain('mail.example.com.')
  })

  test('says which command is not there', async () => {
    await start('exec:no-such-command-here --now')
    const { stdout } = await run('plan')
    expect(stdout).toContain('exec:no-such-command-here --now: it failed: there is no command no-such-command-here')
  })

  test('on the first run publishes nothing of the host, and the next one does', async () => {
    await start(FROM_FILE, '')
    const { code, stdout, stderr } = await run('apply', '--yes')
    expect(code).toBe(0)
    expect(stdout + stderr).toMatch(/warning +mail.example.com has no address, in its zone or in this spec/)
    expect(stdout + stderr).toContain('run this again when one does')
    expect(await zone()).not.toMatch(/ip4|type: A\b/)
    expect(await zone()).toContain('v=spf1 a -all')
    await space.write('address.txt', '9.9.9.10')
    expect((await run('apply', '--yes')).code).toBe(0)
    expect(await zone()).toContain('v=spf1 ip4:9.9.9.10 ~all')
  })

  test('in a saved plan is one when it is applied, too', async () => {
    await start(FROM_FILE)
    await run('apply', '--yes')
    const before = await zone()
    await space.write('address.txt', '')
    await run('plan', '--out', space.path('plan.json'))
    await space.write('address.txt', '9.9.9.11')
    expect((await run('apply', space.path('plan.json'), '--yes')).code).toBe(0)
    expect(await zone()).toBe(before)
  })

  test.each([
    ['10.0.0.7', 'a private or shared address'],
    ['100.64.0.7', 'a private or shared address'],
    ['192.0.2.7', 'a documentation address'],
    ['fe80::1', 'no public address'],
    ['127.0.0.1', 'no public address'],
    ['not.an.address', 'it tells no address'],
  ])('is one that tells %s', async (address, why) => {
    await start(FROM_FILE, address)
    const { stdout } = await run('plan')
    expect(stdout).toContain(why)
    expect(stdout).not.toMatch(/\+ mail\.example\.com\. +A{1,4} /)
  })
})

describe('a source', () => {
  test.each([
    ['dns:home.dyn.example.net', ['2a00:1450::20', '9.9.9.20']],
    ['dns:gone.example.net, exec:cat address.txt', ['9.9.9.10']],
    [
      'dns:half.example.net, exec:no-such-command-here, exec:cat no-such-file, interface:nosuch0, exec:cat address.txt',
      ['9.9.9.10'],
    ],
    ['interface:lo, exec:cat address.txt', ['9.9.9.10']],
  ])('%s tells %j', async (from, addresses) => {
    await start(from)
    const { observed } = JSON.parse((await run('plan', '--format', 'json')).stdout)
    expect(observed).toMatchObject([{ addresses }])
  })

  test('over http tells what its page has, and neither its query nor its password is shown', async () => {
    const { port } = page.address() as AddressInfo
    await start(`"http:http://127.0.0.1:${port}/ip?token=hidden-token"`)
    const told = await run('plan')
    expect(told.stdout).toContain(`mail.example.com  9.9.9.30  observed by http:http://127.0.0.1:${port}/ip\n`)
    expect(told.stdout + told.stderr).not.toContain('hidden-token')
    status = 503
    expect((await run('plan')).stdout).toContain('it answers 503')
    status = 200
    body = '9'.repeat(100_000)
    expect((await run('plan')).stdout).toContain('its answer is too long for an address')
    body = '<html>your address is 9.9.9.30</html>'
    expect((await run('plan')).stdout).toContain('it tells no address')
  })

  test.each([
    ['http:http://ip.example.net/', 'an answer over plain http may be anybody’s'],
    ['http:ip.example.net', 'it has no URL'],
    ['carrier:pigeon', 'it is no source of addresses'],
    ['exec:', 'it is no source of addresses'],
  ])('%s is an error of the spec', async (from, why) => {
    await start(`"${from}"`)
    const { code, stderr } = await run('plan')
    expect(code).toBe(1)
    expect(stderr).toContain(why)
  })

  test('is asked by compile only with --observe', async () => {
    await start(FROM_FILE)
    const offline = await run('compile')
    expect(offline.stdout).not.toContain('9.9.9.10')
    expect(offline.stdout).not.toContain('v=spf1 ~all')
    expect(offline.stderr).toContain('the addresses of mail.example.com are not known')
    expect((await run('compile', '--observe')).stdout).toContain('9.9.9.10')
  })
})
