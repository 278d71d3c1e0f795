import { existsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startBind } from '../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../servers/dns-server.js'
import { signedMail, verified } from '../servers/signed-mail.js'
import { type Ran, type Workspace, workspace } from './workspace.js'

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
  dns: { class: rfc2136, host: ${host}, port: ${port}, key_name: ${key.name}, key_secret: env/TSIG_SECRET, key_algorithm: ${key.algorithm} }
zones:
${zones.join('\n')}
defaults: { ttl: 600, dmarc: { policy: reject }, dkim: { zone: keys.example.net, ${dkim} } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains:
${domains.map((domain) => `  ${domain}: { mx: [mail.example.com] }`).join('\n')}
`
}

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('key zones on BIND', () => {}))
else
  describe('keys that turn in a zone of their own, on BIND', () => {
    let server: DnsServer
    let space: Workspace
    let now: number
    beforeAll(async () => {
      server = await startBind({ recursion: true })
    })
    afterAll(() => server.stop())
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
  })
