import { existsSync, statSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startBind } from '../../servers/bind.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { type TestCa, testCa } from '../../servers/renewals.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'
import { tlsaInDns } from './tlsa-in-dns.js'

const TTL = 600
const START = Math.floor(Date.now() / 1000)
const STATE = 'tlsa/mail.example.com.json'

function spec({ host, port, key }: DnsServer, { roll = ROLL, servers = `${host}:${port}`, beside = '' } = {}): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones: { example.com: { targets: [dns], servers: [${servers}] } }
hosts:
  mail.example.com:
    addresses: [192.0.2.10]
    reverse: false
    ttl: { tlsa: ${TTL} }
    tlsa: { roll: ${roll}${beside} }
domains: { example.com: { mx: [mail.example.com], dmarc: false, dkim: false } }
`
}

const ROLL = '{ certificate: live/mail.example.com, install: server.pem, reload: touch reloaded }'

onBind('a certificate that is renewed with a fresh key', (server) => {
  let space: Workspace
  let ca: TestCa
  let now: number
  beforeEach(async () => {
    now = START
    await server.addZone('example.com.')
    space = await workspace({ 'mailsync.yaml': spec(server) })
    ca = await testCa(space.path('ca'), 'mail.example.com')
    await renew()
  })
  afterEach(() => space.remove())
  const live = () => space.path('live/mail.example.com')
  const renew = (options = {}) => ca.renew(live(), options)
  const renewed = () => ca.hashOf(space.path('live/mail.example.com/fullchain.pem'))
  const installed = () => ca.hashOf(space.path('server.pem'))
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    space.run(['tlsa', ...args], {
      env: { TSIG_SECRET: server.key.secret, PATH: process.env.PATH ?? '', ...env },
      today: new Date(now * 1000).toISOString().slice(0, 10),
      now: () => now,
    })
  const roll = (...args: string[]) => run(['roll', '--no-connect', ...args])
  const hook = (env: Readonly<Record<string, string>> = { RENEWED_LINEAGE: live() }) =>
    run(['roll', '--no-connect', '--deploy-hook'], env)
  const inDns = async () => (await tlsaInDns(server, '_25._tcp.mail.example.com.')).filter((line) => line !== '').sort()
  const states = async () =>
    JSON.parse(await space.read(STATE)).keys.map(({ state }: { readonly state: string }) => state)

  test('where DNS has no TLSA, the server gets the first one at once, and DNS tells of it then', async () => {
    const { code, stdout } = await roll()
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('its certificate is installed'),
    })
    expect(await installed()).toBe(await renewed())
    expect(await inDns()).toEqual([await renewed()])
    expect(await states()).toEqual(['serving'])
    expect(statSync(space.path('server.pem')).mode & 0o777).toBe(0o600)
    expect(await space.read('server.pem')).toContain('PRIVATE KEY')
    expect(existsSync(space.path('reloaded'))).toBe(true)
    expect((await roll()).stdout).toContain('No step is due.')
  })

  test('its key is in DNS for two TTLs before the server gets it, and the old one for two after', async () => {
    await roll()
    const old = await renewed()
    await renew()
    const next = await renewed()
    const refused = await hook()
    expect(refused).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('is not installed: senders do not know its key yet'),
    })
    expect(refused.stdout).toContain(
      `is installed from ${new Date((now + 2 * TTL) * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    )
    expect(refused.stdout).toContain('reuse_key = True')
    expect(await inDns()).toEqual([old, next].sort())
    expect(await installed()).toBe(old)
    now += 2 * TTL - 1
    await roll()
    expect(await installed()).toBe(old)
    now += 1
    await rm(space.path('reloaded'))
    await roll()
    expect(await installed()).toBe(next)
    expect(existsSync(space.path('reloaded'))).toBe(true)
    expect(await inDns()).toEqual([old, next].sort())
    now += 2 * TTL - 1
    await roll()
    expect(await inDns()).toEqual([old, next].sort())
    now += 1
    await roll()
    expect(await inDns()).toEqual([next])
    expect(await states()).toEqual(['serving'])
    expect((await hook()).code).toBe(0)
  })

  test('a renewal that keeps its key is installed at once', async () => {
    await roll()
    const before = await space.read('server.pem')
    await renew({ keepKey: true })
    expect(await hook()).toMatchObject({ code: 0 })
    expect(await space.read('server.pem')).not.toBe(before)
    expect(await inDns()).toEqual([await renewed()])
  })

  test('one that is renewed again while it waits never reaches the server, and leaves DNS', async () => {
    await roll()
    const old = await renewed()
    await renew()
    await roll()
    const between = await renewed()
    await renew()
    await roll()
    expect(await inDns()).toEqual([old, await renewed()].sort())
    expect(await inDns()).not.toContain(between)
  })

  test('every name server has to show it', async () => {
    const second = await startBind({ zones: { 'example.com.': [] } })
    try {
      await roll()
      await space.write(
        'mailsync.yaml',
        spec(server, { servers: `${server.host}:${server.port}, 127.0.0.1:${second.port}` }),
      )
      await renew()
      const refused = await hook()
      expect(refused).toMatchObject({ code: 3, stdout: expect.stringContaining(`port ${second.port}: has no TLSA`) })
      now += 10 * TTL
      await roll()
      expect(await installed()).not.toBe(await renewed())
    } finally {
      await second.stop()
    }
  })

  test.each([
    ['lego 5', (folder: string) => ({ LEGO_HOOK_CERT_PATH: `${folder}/fullchain.pem` }), '--reuse-key'],
    ['lego 4', (folder: string) => ({ LEGO_CERT_PATH: `${folder}/fullchain.pem` }), '--reuse-key'],
    [
      'acme.sh',
      (folder: string) => ({ CERT_FULLCHAIN_PATH: `${folder}/fullchain.pem` }),
      '--always-force-new-domain-key',
    ],
  ])('the hook knows what %s renewed', async (_client, env, keep) => {
    await roll()
    await renew()
    expect(await hook(env(live()))).toMatchObject({ code: 3, stdout: expect.stringContaining(keep) })
  })

  test('a certificate of no host here is none of the hook’s business', async () => {
    expect(await hook({ RENEWED_LINEAGE: '/etc/letsencrypt/live/www.example.com' })).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('is the certificate of no host'),
    })
    expect(existsSync(space.path('server.pem'))).toBe(false)
  })

  test('the hook says so where no ACME client runs it', async () => {
    expect(await hook({})).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('none says here what it renewed'),
    })
  })

  test('a private key of another certificate stops all, and nothing is changed', async () => {
    await roll()
    const [before, state] = [await space.read('server.pem'), await space.read(STATE)]
    const other = await space.read('live/mail.example.com/privkey.pem')
    await renew()
    await writeFile(space.path('live/mail.example.com/privkey.pem'), other)
    const { code, stdout } = await roll()
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('is not the private key of') })
    expect([await space.read('server.pem'), await space.read(STATE)]).toEqual([before, state])
    expect(stdout).not.toContain(other.split('\n')[1])
  })

  test('a folder without a certificate, and a file where none can be read, are told with what to do', async () => {
    await roll()
    const before = await space.read(STATE)
    await rm(live(), { recursive: true })
    await space.write('live/mail.example.com/README', '')
    const empty = await roll()
    expect(empty).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('neither fullchain.pem nor fullchain.cer'),
    })
    await rm(live(), { recursive: true })
    await space.write('live/mail.example.com/fullchain.pem/README', '')
    expect(await roll()).toMatchObject({ code: 1, stdout: expect.stringContaining('tlsa.roll.certificate') })
    await rm(live(), { recursive: true })
    await renew()
    await rm(space.path('server.pem'))
    await space.write('server.pem/README', '')
    expect(await roll()).toMatchObject({ code: 1, stdout: expect.stringContaining('server.pem: it is a directory') })
    expect(await space.read(STATE)).toBe(before)
  })

  test('a clock that went back, and a file of keys that was edited wrongly, change nothing', async () => {
    await roll()
    const before = await space.read(STATE)
    await renew()
    now -= TTL
    expect(await roll()).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('the clock of this machine is behind'),
    })
    expect(await space.read(STATE)).toBe(before)
    for (const [text, told] of [
      [before.slice(0, 40), 'is not JSON'],
      [before.replace('"serving"', '"served"'), 'keys.0.state'],
      [before.replace(/3 1 1 ../, '3 1 1 zz'), 'is no TLSA record'],
    ] as const) {
      await space.write(STATE, text)
      expect(await roll()).toMatchObject({ code: 1, stderr: expect.stringContaining(told) })
      expect(await space.read(STATE)).toBe(text)
    }
    expect(await inDns()).toEqual([await installed()])
  })

  test('a reload that fails is an error, and is tried again', async () => {
    await space.write('mailsync.yaml', spec(server, { roll: ROLL.replace('touch reloaded', 'ls /nowhere') }))
    expect(await roll()).toMatchObject({ code: 1, stdout: expect.stringContaining('ls /nowhere failed') })
    expect(existsSync(space.path('server.pem'))).toBe(false)
    expect(await inDns()).toEqual([])
    await space.write('mailsync.yaml', spec(server))
    expect(await roll()).toMatchObject({ code: 0 })
    const before = await installed()
    expect(await inDns()).toEqual([before])
    await renew({ keepKey: true })
    await space.write('mailsync.yaml', spec(server, { roll: ROLL.replace('touch reloaded', 'ls /nowhere') }))
    expect(await roll()).toMatchObject({ code: 1, stdout: expect.stringContaining('server.pem is as it was') })
    await space.write('mailsync.yaml', spec(server))
    await rm(space.path('reloaded'))
    expect(await roll()).toMatchObject({ code: 0, stdout: expect.stringContaining('its certificate is installed') })
    expect(existsSync(space.path('reloaded'))).toBe(true)
  })

  test('keys that DNS had before stay until the server has another', async () => {
    const old = 'ab'.repeat(32)
    await server.nsupdate(`update add _25._tcp.mail.example.com. 600 TLSA 3 1 1 ${old}`)
    expect(await roll()).toMatchObject({ code: 0, stdout: expect.stringContaining('was in DNS before') })
    expect(await inDns()).toEqual([old, await renewed()].sort())
    expect(existsSync(space.path('server.pem'))).toBe(false)
    now += 2 * TTL
    await roll()
    expect(await installed()).toBe(await renewed())
    now += 2 * TTL
    await roll()
    expect(await inDns()).toEqual([await renewed()])
  })

  test('other TLSA that DNS had before is replaced only with a word of yours', async () => {
    await server.nsupdate(`update add _25._tcp.mail.example.com. 600 TLSA 3 0 1 ${'ab'.repeat(32)}`)
    expect(await roll()).toMatchObject({ code: 3, stdout: expect.stringContaining('--adopt') })
    expect(await server.dig('+short', '_25._tcp.mail.example.com.', 'TLSA')).toMatch(/^3 0 1 ABAB/)
    now += 10 * TTL
    expect(await roll()).toMatchObject({ code: 3 })
    expect(existsSync(space.path('server.pem'))).toBe(false)
  })

  test('a machine without the DNS credentials leaves the writing to another', async () => {
    const local = await run(['roll', '--no-connect', '--no-publish'], { TSIG_SECRET: '' })
    expect(local).toMatchObject({ code: 0, stdout: expect.stringContaining('Commit') })
    expect(await inDns()).toEqual([])
    await space.run(['apply', '--yes', '--no-dns'], { env: { TSIG_SECRET: server.key.secret } })
    expect(await inDns()).toEqual([await renewed()])
  })

  test('a machine without the certificate publishes what is remembered, and installs nothing', async () => {
    await roll()
    await renew()
    await roll()
    await rm(space.path('live'), { recursive: true })
    await rm(space.path('server.pem'))
    now += 10 * TTL
    expect(await roll()).toMatchObject({ code: 0, stdout: expect.stringContaining('is not on this machine') })
    expect(await inDns()).toHaveLength(2)
    expect(existsSync(space.path('server.pem'))).toBe(false)
  })

  test('a dry run changes nothing', async () => {
    expect(await roll('--dry-run')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('due: its certificate'),
    })
    expect(existsSync(space.path(STATE)) || existsSync(space.path('server.pem'))).toBe(false)
  })

  test('a clock that went back is told', async () => {
    await roll()
    now -= 7200
    expect(await roll()).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('clock of this machine is behind'),
    })
  })

  test('a file that was edited wrongly stops the run before it begins', async () => {
    await roll()
    await space.write(STATE, '{ "version": 1, "keys": [{ "association": "3 1 1 zz" }] }')
    expect(await roll()).toMatchObject({ code: 1, stderr: expect.stringContaining(`${STATE} is malformed`) })
    expect(await space.read(STATE)).toContain('zz')
  })

  test('an expired certificate is not installed', async () => {
    await roll()
    await renew({ keepKey: true, days: 1 })
    now += 2 * 86_400
    expect(await roll()).toMatchObject({ code: 3, stdout: expect.stringContaining('and is not installed') })
  })

  test('status says what is where, in JSON too', async () => {
    await roll()
    now += 1
    await renew()
    await roll()
    const { stdout } = await run(['status', '--no-connect', '--format', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'mailsync-tlsa-status',
      hosts: [
        {
          host: 'mail.example.com.',
          keys: [
            { state: 'serving', waits: [] },
            { state: 'published', shownBy: [`127.0.0.1 port ${server.port}`], waits: [{ reason: 'ahead' }] },
          ],
        },
      ],
    })
    expect((await run(['status', '--no-connect', 'mail.example.com'])).stdout).toContain('shown by 1 name server')
    expect(await run(['status', 'nobody.example.com'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is no host'),
    })
  })

  test('plan says that a server has a key that is not published', async () => {
    await roll()
    await ca.renew(space.path('other'))
    await space.write('server.pem', await space.read('other/fullchain.pem'))
    const { stdout } = await space.run(['plan', '--no-dns'], { env: { TSIG_SECRET: server.key.secret } })
    expect(stdout).toContain('tlsa-not-covered')
    await roll()
    const after = await space.run(['plan', '--no-dns'], { env: { TSIG_SECRET: server.key.secret } })
    expect(after.stdout).not.toContain('tlsa-not-covered')
  })

  test('usage: ta follows the CA that signs, and names those that may sign the next time', async () => {
    await space.write('mailsync.yaml', spec(server, { beside: ', usage: ta' }))
    expect(await roll()).toMatchObject({ code: 0 })
    expect(await server.dig('+short', '_25._tcp.mail.example.com.', 'TLSA')).toMatch(/^2 1 1 /)
    await renew()
    expect(await hook()).toMatchObject({ code: 0 })
    expect(await installed()).toBe(await renewed())
  })
})
