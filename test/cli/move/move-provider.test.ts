import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, workspace } from '../workspace.js'

const START = Date.parse('2026-11-27T06:00:00Z') / 1000
const DAY = 86_400

/** A zone that names this name server. */
const zoneOf = (nameServer: string): string =>
  `@ SOA ${nameServer} hostmaster.mailsync.test. 1 3600 600 604800 60\n@ NS ${nameServer}`

const spec = (name: string, { host, port, key }: DnsServer): string => `
providers:
  ${name}: ${rfc2136Options({ host, port, key }, `env/${name.toUpperCase()}_SECRET`)}
zones: { example.com: { targets: [${name}], servers: ["${host}:${port}"] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dkim: false } }
`

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('moves on BIND', () => {}))
else
  describe('a zone that goes to another provider', () => {
    let one: DnsServer
    let two: DnsServer
    /** What a resolver says of the delegation. */
    let resolver: DnsServer
    beforeAll(async () => {
      one = await startBind({ zones: { 'example.com.': zoneOf('ns.one.test.') } })
      two = await startBind({ zones: { 'example.com.': zoneOf('ns.two.test.') } })
      resolver = await startBind({ zones: { 'example.com.': zoneOf('ns.one.test.') } })
    })
    afterAll(() => Promise.all([one, two, resolver].map((server) => server.stop())))

    test('is held by both until it is delegated to the new one and nobody remembers the old delegation', async () => {
      const space = await workspace({ 'mailsync.yaml': spec('one', one), 'new.yaml': spec('two', two) })
      let now = START
      const run = (...args: string[]): Promise<Ran> =>
        space.run([...args, '--resolver', `${resolver.host}:${resolver.port}`], {
          env: { ONE_SECRET: one.key.secret, TWO_SECRET: two.key.secret },
          now: () => now,
        })
      const mx = (server: DnsServer) => server.dig('+short', 'example.com.', 'MX')
      try {
        await run('apply', '--yes')
        expect(await mx(two)).toBe('')
        expect(await run('move', 'start', '--to', space.path('new.yaml'))).toMatchObject({ code: 0 })
        expect((await run('move', 'next', '--yes')).stdout).toContain('> switch')
        expect(await mx(two)).toBe('10 mail.example.com.\n')
        now += DAY
        const waiting = await run('move', 'next', '--yes')
        expect(waiting.stdout).toContain('Waits until every zone is delegated to the other provider')
        expect(waiting.stdout).toContain('example.com. to ns.two.test (now: ns.one.test)')
        now += 10 * DAY
        expect((await run('move', 'status')).stdout).toContain('> switch')
        await resolver.addZone('example.com.', zoneOf('ns.two.test.'))
        expect((await run('move', 'next', '--yes')).stdout).toContain('Goes on from 2026-12-10 06:00 UTC')
        now += 2 * DAY - 1
        expect((await run('move', 'next', '--yes')).stdout).toContain('> switch')
        now += 1
        expect((await run('move', 'next', '--yes')).stdout).toContain('> drain')
        expect(await mx(one)).toBe('10 mail.example.com.\n')
        now += 7 * DAY
        const last = await run('move', 'next', '--yes')
        expect(last.stdout).toMatch(/> clean|The move is over/)
        now += DAY
        await run('move', 'next', '--yes')
        expect(await space.read('mailsync.yaml')).toBe(spec('two', two))
        expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
      } finally {
        await space.remove()
      }
    }, 300_000)
  })
