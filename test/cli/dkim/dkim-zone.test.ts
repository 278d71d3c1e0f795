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
const ROTATE = 'rotate: { every: 20d, publish_ahead: 2d, drain: 7d, revoke_for: 2d, reveal: true }'
const INDEX = 'keys/keys.example.net/public.json'
const ZONES = ['keys.example.net.', 'example.com.', 'example.org.']

interface Entry {
  readonly selector: string
  readonly turn?: number
  readonly state: string
  readonly publicKey: string
}

function spec(
  { host, port, key }: DnsServer,
  { dkim = `algorithms: [ed25519], selectors: [a, b, c], ${ROTATE}`, domains = ['example.com', 'example.org'] } = {},
): string {
  const zones = ['keys.example.net', ...domains].map(
    (zone) => `  ${zone}: { targets: [dns], servers: ["${host}:${port}"] }`,
  )
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones:
${zones.join('\n')}
defaults: { ttl: 600, dmarc: { policy: reject }, dkim: { zone: keys.example.net, ${dkim} } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains:
${domains.map((domain) => `  ${domain}: { mx: [mail.example.com] }`).join('\n')}
`
}

onBind(
  'keys that turn in a zone of their own, on BIND',
  (server) => {
    let space: Workspace
    let now: number
    beforeEach(async () => {
      now = START
      for (const zone of ZONES) await server.addZone(zone)
      space = await workspace({ 'mailsync.yaml': spec(server) })
    })
    afterEach(() => space.remove())
    const run = (...args: string[]): Promise<Ran> =>
      space.run(args, {
        env: { TSIG_SECRET: server.key.secret },
        today: new Date(now * 1000).toISOString().slice(0, 10),
        now: () => now,
      })
    const entries = async (): Promise<Entry[]> => JSON.parse(await space.read(INDEX)).keys
    const idOf = ({ selector, turn }: Entry): string => (turn === undefined ? selector : `${selector}.${turn}`)
    const states = async () => (await entries()).map((entry) => `${idOf(entry)} ${entry.state}`)
    const inDns = (selector: string) => server.dig('+short', `${selector}._domainkey.keys.example.net.`, 'TXT')
    const led = async () => {
      const { domains } = JSON.parse(await space.read('keys/keys.example.net/domains.json'))
      return Object.keys(domains).filter((name) => domains[name].signing !== undefined)
    }
    /** The first key signs. */
    const signing = async () => {
      await run('apply', '--yes')
      for (const wait of [0, 3 * DAY]) {
        now += wait
        await run('dkim', 'rotate')
      }
    }
    const serial = async (zone: string) => (await server.dig('+short', zone, 'SOA')).split(' ')[2]

    test('go round their selectors, what was signed verifies at every moment, and no domain is ever written again', async () => {
      expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
      const before = await Promise.all(['example.com.', 'example.org.'].map(serial))
      const sent: { readonly mail: string; readonly at: number }[] = []
      for (; now < START + 90 * DAY; now += 18 * HOUR) {
        expect(await run('dkim', 'rotate')).toMatchObject({ code: 0 })
        for (const entry of (await entries()).filter(({ state }) => state === 'signing'))
          for (const domain of ['example.com', 'example.org']) {
            const pem = await space.read(`keys/keys.example.net/${idOf(entry)}.pem`)
            sent.push({ mail: await signedMail(domain, entry.selector, pem), at: now })
          }
        for (const { mail } of sent.filter(({ at }) => at >= now - 7 * DAY))
          expect(await verified(mail, server)).toBe('pass')
      }
      expect(sent.length).toBeGreaterThan(200)
      expect(await states()).toEqual(['a gone', 'a.2 retiring', 'b gone', 'b.2 signing', 'c gone'])
      expect(await Promise.all(['example.com.', 'example.org.'].map(serial))).toEqual(before)
      expect(await space.read('keys/keys.example.net/a.revealed.txt')).toBe(
        await space.read('keys/keys.example.net/a.pem'),
      )
      expect(existsSync(space.path('keys/keys.example.net/a.2.revealed.txt'))).toBe(false)
      expect(await run('dkim', 'check')).toMatchObject({ code: 0 })
      expect((await run('plan', '--detailed-exitcode')).code).toBe(0)
    }, 600_000)

    test('a domain signs with them only when every server leads its selectors there', async () => {
      await space.write('mailsync.yaml', spec(server, { domains: ['example.com'] }))
      await run('apply', '--yes')
      await run('dkim', 'rotate')
      now += 3 * DAY
      expect((await run('dkim', 'rotate')).stdout).toContain('example.com signs with these keys from now on')
      expect(await states()).toEqual(['a signing'])
      expect((await run('plan')).stdout).not.toContain('dmarc-reject-without-dkim')

      const second = await startBind({ zones: { 'example.org.': [] } })
      try {
        const both = spec(server).replace(
          `example.org: { targets: [dns], servers: ["${server.host}:${server.port}"]`,
          `example.org: { targets: [dns], servers: ["${server.host}:${server.port}", "127.0.0.1:${second.port}"]`,
        )
        await space.write('mailsync.yaml', both)
        expect((await run('plan')).stdout).toContain(
          'example.org asks to reject what fails DMARC, and does not sign yet',
        )
        expect((await run('dkim', 'rotate')).stdout).toContain(
          `example.org does not sign with them: its selectors do not lead here at every server; 127.0.0.1 port ${second.port}: a has no such record`,
        )
        await second.nsupdate(
          ['a', 'b', 'c']
            .map((one) => `update add ${one}._domainkey.example.org. 600 CNAME ${one}._domainkey.keys.example.net.`)
            .join('\n'),
        )
        now += DAY
        expect((await run('dkim', 'rotate')).stdout).toContain('example.org may sign with them from')
        expect(await led()).toEqual(['example.com'])
        now += 600
        expect((await run('dkim', 'rotate')).stdout).toContain('example.org signs with these keys from now on')
        expect(await led()).toEqual(['example.com', 'example.org'])
        await second.kill()
        expect((await run('dkim', 'rotate')).stdout).not.toContain('example.org does not sign')
      } finally {
        await second.stop()
      }
    })

    test('a key that leaked is replaced at once for every domain, named by one of them', async () => {
      await signing()
      expect(await run('dkim', 'rotate', '--now', 'example.org')).toMatchObject({ code: 0 })
      expect(await states()).toEqual(['a revoked', 'b signing'])
      const pem = await space.read('keys/keys.example.net/b.pem')
      expect(await verified(await signedMail('example.com', 'b', pem), server)).toBe('pass')
    })

    test('a second leak before anything has rested takes the last selectors, and then waits and says until when', async () => {
      await signing()
      for (const _ of [1, 2]) {
        now += DAY
        expect(await run('dkim', 'rotate', '--now', 'keys.example.net')).toMatchObject({ code: 0 })
      }
      expect(await states()).toEqual(['a revoked', 'b revoked', 'c signing'])
      now += HOUR
      const { stdout } = await run('dkim', 'rotate', '--now', 'keys.example.net')
      expect(stdout).toContain('no fixed selector is free for a new key before 2026-')
      expect(await states()).toEqual(['a revoked', 'b revoked', 'c signing'])
      now += 8 * DAY
      await run('dkim', 'rotate')
      expect(await states()).toEqual(['a gone', 'a.2 signing', 'b gone', 'c revoked'])
    })

    test('an index that was lost is told, and no live key is revoked', async () => {
      await run('apply', '--yes')
      const key = await inDns('a')
      await space.write(INDEX, '{ "version": 2, "keys": [] }')
      for (const args of [
        ['apply', '--yes'],
        ['dkim', 'rotate'],
      ]) {
        const { code, stdout, stderr } = await run(...args)
        expect({ code, said: stdout + stderr }).toMatchObject({
          code: 1,
          said: expect.stringContaining(
            'a._domainkey.keys.example.net. has a key that the key store does not know, and would be revoked',
          ),
        })
      }
      expect(await inDns('a')).toBe(key)
    })

    test('a domain that had keys of its own keeps them until those of the zone sign for it', async () => {
      const own = spec(server).replace('zone: keys.example.net,', '').replace('selectors: [a, b, c],', '')
      await space.write('mailsync.yaml', own)
      await run('apply', '--yes')
      await signing()
      const ownStates = async () =>
        JSON.parse(await space.read('keys/example.com/public.json')).keys.map(
          (key: Entry) => `${key.selector} ${key.state}`,
        )
      expect(await ownStates()).toEqual(['s202611 signing'])
      await space.write('mailsync.yaml', spec(server))
      const plan = await run('plan')
      expect(plan.stdout).toContain('a._domainkey.example.com.')
      expect(plan.stdout).not.toContain('s202611._domainkey.example.com.')
      await run('apply', '--yes')
      const status = await run('dkim', 'status', '--format', 'json')
      expect(JSON.parse(status.stdout)).toMatchObject({
        domains: [{ domain: 'keys.example.net.' }, { movesTo: 'keys.example.net.' }, {}],
      })
      await run('dkim', 'rotate')
      expect(await ownStates()).toEqual(['s202611 signing'])
      await signing()
      expect(await states()).toEqual(['a signing'])
      await run('dkim', 'rotate')
      expect(await ownStates()).toEqual(['s202611 retiring'])
      now += 10 * DAY
      await run('dkim', 'rotate')
      now += 10 * DAY
      await run('dkim', 'rotate')
      expect(await ownStates()).toEqual(['s202611 gone'])
      expect(await server.dig('+short', 's202611._domainkey.example.com.', 'TXT')).toBe('')
    })

    test('by hand: generate, apply, use, with either name; and keys made elsewhere are taken over', async () => {
      const byHand = spec(server, { dkim: 'algorithms: [ed25519], selectors: [a, b, c]' })
      await space.write('mailsync.yaml', byHand)
      expect((await run('dkim', 'generate')).stdout).toBe('keys.example.net  a  ed25519\n')
      await run('apply', '--yes')
      await run('dkim', 'rotate')
      now += 600
      expect(await run('dkim', 'use', 'example.org', 'a')).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('a of keys.example.net signs from now on'),
      })
      const other = await workspace({ 'mailsync.yaml': byHand })
      await other.run(['dkim', 'generate'])
      const pem = other.path('keys/keys.example.net/a.pem')
      const imported = (selector: string) => run('dkim', 'import', 'example.com', pem, '--selector', selector)
      expect(await imported('z')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('z is no fixed selector of keys.example.net'),
      })
      expect(await imported('a')).toMatchObject({ code: 3, stderr: expect.stringContaining('no key yet: b, c') })
      expect(await imported('b')).toMatchObject({ code: 0 })
      await other.remove()
      expect((await run('dkim', 'rotate')).code).toBe(0)
      expect(await inDns('b')).toContain('k=ed25519; p=')
      expect(await states()).toEqual(['a signing', 'b published'])
      expect(await run('dkim', 'status', 'example.com')).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('keys.example.net  signs for example.com, example.org'),
      })
    })

    test('private keys are encrypted for the recipients, those of a selector used again too', async () => {
      const to = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p'
      const rotate = 'rotate: { every: 6d, publish_ahead: 0s, drain: 1d, revoke_for: 0s }'
      const dkim = `algorithms: [ed25519], selectors: [a, b], recipients: [${to}], ${rotate}`
      await space.write('mailsync.yaml', spec(server, { dkim }))
      await run('apply', '--yes')
      for (; now < START + 20 * DAY; now += 12 * HOUR) expect(await run('dkim', 'rotate')).toMatchObject({ code: 0 })
      for (const id of ['a', 'b', 'a.2']) {
        expect(await space.read(`keys/keys.example.net/${id}.pem.age`)).toContain('BEGIN AGE ENCRYPTED FILE')
        expect(existsSync(space.path(`keys/keys.example.net/${id}.pem`))).toBe(false)
      }
    }, 120_000)

    test('what an edited file of domains says is refused, and nothing is written', async () => {
      await run('apply', '--yes')
      await run('dkim', 'rotate')
      for (const text of [
        'nonsense',
        '{ "version": 2, "domains": {} }',
        '{ "version": 1, "domains": { "a b": {} } }',
      ]) {
        await space.write('keys/keys.example.net/domains.json', text)
        expect(await run('dkim', 'rotate')).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('domains.json is malformed'),
        })
        expect(await space.read('keys/keys.example.net/domains.json')).toBe(text)
      }
    })
  },
  { recursion: true },
)
