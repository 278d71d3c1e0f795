import { existsSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startBind } from '../../servers/bind.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { signedMail, verified } from '../../servers/mail/signed-mail.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const HOUR = 3600
const DAY = 24 * HOUR
const START = Date.parse('2026-11-27T06:00:00Z') / 1000
const ROTATE = 'every: 30d, publish_ahead: 2d, drain: 7d, revoke_for: 10d'
const INDEX = 'keys/example.com/public.json'

interface Entry {
  readonly selector: string
  readonly state: string
  readonly algorithm: string
  readonly times: Readonly<Record<string, string>>
}

function spec(
  { host, port, key }: DnsServer,
  { dkim = `algorithms: [ed25519], rotate: { ${ROTATE} }`, servers = [''] } = {},
): string {
  const asked = servers.map((server) => server || `${host}:${port}`).join(', ')
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones: { example.com: { targets: [dns], servers: [${asked}] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dmarc: false, ttl: 600, dkim: { ${dkim} } } }
`
}

onBind('a rotation on BIND', (server) => {
  let space: Workspace
  let now: number
  beforeEach(async () => {
    now = START
    await server.addZone('example.com.')
    space = await workspace({ 'mailsync.yaml': spec(server) })
  })
  afterEach(() => space.remove())
  const run = (...args: string[]): Promise<Ran> =>
    space.run(['dkim', ...args], {
      env: { TSIG_SECRET: server.key.secret },
      today: new Date(now * 1000).toISOString().slice(0, 10),
      now: () => now,
    })
  const entries = async (): Promise<Entry[]> => JSON.parse(await space.read(INDEX)).keys
  const states = async () => (await entries()).map(({ selector, state }) => `${selector} ${state}`)
  const key = (selector: string) => space.read(`keys/example.com/${selector}.pem`)
  const inDns = (selector: string) => server.dig('+short', `${selector}._domainkey.example.com.`, 'TXT')

  test('goes through its whole life, and at every moment what was signed verifies', async () => {
    await space.write('mailsync.yaml', spec(server, { dkim: `rotate: { ${ROTATE}, reveal: true }` }))
    const sent: { readonly mail: string; readonly at: number }[] = []
    for (; now < START + 66 * DAY; now += 18 * HOUR) {
      expect(await run('rotate')).toMatchObject({ code: 0 })
      const signing = (await entries()).filter(({ state }) => state === 'signing')
      expect(signing).toHaveLength(now < START + 2 * DAY ? 0 : 2)
      for (const { selector } of signing)
        sent.push({ mail: await signedMail('example.com', selector, await key(selector)), at: now })
      for (const { mail } of sent.filter(({ at }) => at >= now - 7 * DAY))
        expect(await verified(mail, server)).toBe('pass')
    }
    const [first] = sent
    expect(await verified(first?.mail ?? '', server)).toContain('neutral')
    expect(await states()).toEqual([
      's202611 gone',
      's202611-ed25519 gone',
      's202612 retiring',
      's202612-ed25519 retiring',
      's202701 signing',
      's202701-ed25519 signing',
    ])
    expect(await inDns('s202611')).toBe('')
    expect(await space.read('keys/example.com/s202611.revealed.txt')).toBe(await key('s202611'))
    expect(existsSync(space.path('keys/example.com/s202612.revealed.txt'))).toBe(false)
    expect((await run('check')).code).toBe(0)
  }, 600_000)

  test('run again at once does nothing', async () => {
    const first = await run('rotate')
    expect(first.stdout).toContain('a new key, to be published')
    const index = await space.read(INDEX)
    const second = await run('rotate')
    expect(second.stdout).toContain('No step is due.')
    expect(await space.read(INDEX)).toBe(index)
  })

  test('a dry run says what is due, and changes nothing', async () => {
    const { code, stdout } = await run('rotate', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toContain('1 step is due.')
    expect(existsSync(space.path(INDEX))).toBe(false)
    expect(await server.dig('+short', '_mailsync.example.com.', 'TXT')).toBe('')
  })

  test('a key that leaked is replaced at once, and revoked as soon as the new one is shown', async () => {
    await run('rotate')
    now += 3 * DAY
    await run('rotate')
    expect(await states()).toEqual(['s202611 signing'])
    const dry = await run('rotate', '--now', 'example.com', '--dry-run')
    expect(dry.stdout).toContain('due: a new key, to be published')
    expect(await states()).toEqual(['s202611 signing'])
    const { code, stdout } = await run('rotate', '--now', 'example.com')
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('is compromised') })
    expect(await states()).toEqual(['s202611 revoked', 's202611b signing'])
    expect(await inDns('s202611')).toBe('"v=DKIM1; k=ed25519; p="\n')
    expect(await verified(await signedMail('example.com', 's202611b', await key('s202611b')), server)).toBe('pass')
  })

  test('a server that lacks the key is named, and the key does not sign until it has it', async () => {
    const second = await startBind({ zones: { 'example.com.': [] } })
    try {
      await space.write('mailsync.yaml', spec(server, { servers: ['', `127.0.0.1:${second.port}`] }))
      await run('rotate')
      now += 10 * DAY
      const waiting = await run('rotate')
      expect(waiting.stdout).toContain(`127.0.0.1 port ${second.port}: has no such record`)
      expect(await states()).toEqual(['s202611 published'])
      const use = await run('use', 's202611')
      expect(use).toMatchObject({
        code: 3,
        stderr: expect.stringContaining(`port ${second.port}: has no such record`),
      })
      const value = (await inDns('s202611')).trim()
      await second.nsupdate(`update add s202611._domainkey.example.com. 600 TXT ${value.replace('p=', 'p=A')}`)
      expect((await run('rotate')).stdout).toContain('has another key')
      await second.nsupdate(
        `update delete s202611._domainkey.example.com. TXT\nupdate add s202611._domainkey.example.com. 600 TXT ${value}`,
      )
      expect((await run('rotate')).stdout).toContain('every server shows it')
      now += 599
      await run('rotate')
      expect(await states()).toEqual(['s202611 published'])
      now += 1
      await run('rotate')
      expect(await states()).toEqual(['s202611 signing'])
      await second.kill()
      const { stdout } = await run('status')
      expect(stdout).toContain('shown by 1 of 2 servers')
      expect(await run('status', '--format', 'json').then((ran) => JSON.parse(ran.stdout))).toMatchObject({
        format: 'mailsync-dkim-status',
        domains: [
          {
            domain: 'example.com.',
            keys: [
              {
                selector: 's202611',
                state: 'signing',
                shownBy: [`127.0.0.1 port ${server.port}`],
                waits: [{ reason: 'servers' }, { reason: 'age', until: '2027-01-04T06:00:00Z' }],
              },
            ],
          },
        ],
      })
    } finally {
      await second.stop()
    }
  })

  test('without a policy keys turn by hand: generate, apply, use', async () => {
    await space.write('mailsync.yaml', spec(server, { dkim: 'algorithms: [ed25519]' }))
    await run('generate')
    expect(await run('use', 's202611')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('has no such record'),
    })
    await run('rotate')
    expect((await run('rotate')).stdout).toContain('mailsync dkim use example.com s202611')
    now += 600
    expect(await run('use', 's202611')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('signs from now on'),
    })
    expect(await run('use', 'example.com', 's202611')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('signs already'),
    })
    expect(await states()).toEqual(['s202611 signing'])
    now += 400 * DAY
    expect((await run('rotate')).stdout).toContain('No step is due.')
    expect(await run('use', 'nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no domain has a key'),
    })
  })

  test('a clock that went back is told, and nothing is changed', async () => {
    await run('rotate')
    const index = await space.read(INDEX)
    now -= 2 * HOUR
    const { code, stdout } = await run('rotate')
    expect({ code, stdout }).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('the clock of this machine is behind'),
    })
    expect(await space.read(INDEX)).toBe(index)
  })

  test('an index that was lost is told, and no new key takes its place', async () => {
    await run('rotate')
    await space.write(INDEX, '{ "version": 2, "keys": [] }')
    const status = await run('status')
    expect(status.stdout).toContain(
      's202611._domainkey.example.com. is in DNS at dns, and in no index: mailsync wrote it',
    )
    const { code, stdout } = await run('rotate')
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('see its problems') })
    expect(await space.read(INDEX)).toBe('{ "version": 2, "keys": [] }')
    expect(await inDns('s202611')).toContain('v=DKIM1')
  })

  test('a private key of another pair never comes to sign', async () => {
    await run('rotate')
    now += 3 * DAY
    await space.write('keys/example.net/x', '')
    const other = await workspace({ 'mailsync.yaml': spec(server) })
    await other.run(['dkim', 'generate'], { today: '2026-11-27' })
    await space.write('keys/example.com/s202611.pem', await other.read('keys/example.com/s202611.pem'))
    await other.remove()
    const { code, stdout } = await run('rotate')
    expect({ code, stdout }).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('does not belong to the public key'),
    })
    expect(await states()).toEqual(['s202611 published'])
  })

  test('only keys are written: what else the spec wants stays for apply', async () => {
    await run('rotate')
    expect(await server.dig('+short', 'example.com.', 'MX')).toBe('')
    const before = await server.dig('+short', '_mailsync.example.com.', 'TXT')
    expect(before).toContain('dkim.TXT=s202611')
  })
})
