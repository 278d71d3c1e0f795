import { existsSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { customers } from '../../fleet/shards/fleet.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { eventsIn } from '../fleet.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const DAY = 24 * 3600
const START = Date.parse('2026-11-27T06:00:00Z') / 1000
const CUSTOMERS = customers(10) // More than lead to one zone and stay together for that.
const ZONES = ['keys.example', ...CUSTOMERS]
const SHARDS = ['1/3', '2/3', '3/3']
const DKIM = 'algorithms: [ed25519], rotate: { every: 30d, publish_ahead: 2d, drain: 7d, revoke_for: 2d }'

/** @param led domains that sign with the keys of one zone; the others have their own */
function spec({ host, port, key }: DnsServer, led: readonly string[] = []): string {
  const dkim = (name: string): string =>
    led.includes(name) ? `{ zone: keys.example, selectors: [a, b, c], ${DKIM} }` : `{ ${DKIM} }`
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones: { ${ZONES.map((zone) => `${zone}: { targets: [dns], servers: ["${host}:${port}"] }`).join(', ')} }
hosts: { mail.c0.example: { addresses: [192.0.2.10], reverse: false } }
defaults: { ttl: 600, dmarc: false }
domains: { ${CUSTOMERS.map((name) => `${name}: { mx: [mail.c0.example], dkim: ${dkim(name)} }`).join(', ')} }
`
}

onBind('dkim rotate --shard', (server) => {
  let space: Workspace
  let now: number
  beforeEach(async () => {
    now = START
    for (const zone of ZONES) await server.addZone(`${zone}.`)
    space = await workspace({ 'mailsync.yaml': spec(server) })
  })
  afterEach(() => space.remove())
  const run = (...args: string[]): Promise<Ran> =>
    space.run(args, {
      env: { TSIG_SECRET: server.key.secret },
      today: new Date(now * 1000).toISOString().slice(0, 10),
      now: () => now,
    })
  const rotate = async () => {
    for (const shard of SHARDS)
      expect(await run('dkim', 'rotate', '--shard', shard)).toMatchObject({ code: 0, stderr: '' })
  }
  const withKeys = () => ZONES.filter((zone) => existsSync(space.path(`keys/${zone}/public.json`)))
  const states = async (zone: string): Promise<string[]> =>
    JSON.parse(await space.read(`keys/${zone}/public.json`)).keys.map(({ state }: { state: string }) => state)
  const inDns = (zone: string) => server.dig('+short', `s202611._domainkey.${zone}.`, 'TXT')

  test('turns the keys in the zones of its part, and touches no others', async () => {
    const parts: string[][] = []
    for (const shard of SHARDS) {
      const before = withKeys()
      expect(await run('dkim', 'rotate', '--shard', shard)).toMatchObject({ code: 0, stderr: '' })
      parts.push(withKeys().filter((zone) => !before.includes(zone)))
      const status = JSON.parse((await run('dkim', 'status', '--shard', shard, '--format', 'json')).stdout)
      const domains = status.domains.map(({ domain }: { domain: string }) => domain.replace(/\.$/, ''))
      expect(domains.sort()).toEqual(parts.at(-1))
    }
    expect(parts.flat().sort()).toEqual(CUSTOMERS)
    expect(parts.filter((part) => part.length > 0).length).toBeGreaterThan(1)
    for (const zone of CUSTOMERS) expect(await inDns(zone)).toContain('v=DKIM1')
    expect((await run('dkim', 'rotate')).stdout).toContain('No step is due.')
  })

  test('tells how far it is, as plan and apply do', async () => {
    const { stderr } = await run('dkim', 'rotate', '--log', 'json')
    const phases = eventsIn(stderr).flatMap(({ event, phase }) => (event === 'phase.end' ? [phase] : []))
    expect(new Set(phases)).toEqual(new Set(['reading zones', 'writing zones']))
  })

  test('retires the key of a domain once the key zone of another part signs for it', async () => {
    const wait = async (days: number) => {
      now += days * DAY
      await rotate()
    }
    await wait(0)
    await wait(3)
    await space.write('mailsync.yaml', spec(server, CUSTOMERS))
    await run('apply', '--yes')
    for (const days of [0, 3, 3]) await wait(days)
    expect(await states('keys.example')).toEqual(['signing'])
    for (const zone of CUSTOMERS) expect(await states(zone)).toEqual(['retiring'])
    const { domains } = JSON.parse(await space.read('keys/keys.example/domains.json'))
    expect(Object.keys(domains)).toHaveLength(CUSTOMERS.length)
    expect((await run('dkim', 'rotate')).stdout).toContain('No step is due.')
  })

  test.each([
    [['rotate', '--shard', '1/3', '--now', 'c1.example'], 'domains do not go with it'],
    [['status', 'c1.example', '--shard', '1/3'], 'domains do not go with it'],
    [['rotate', '--shard', '4/3'], 'it is one part of several'],
  ])('dkim %j is refused', async (args, fault) => {
    expect(await run('dkim', ...args)).toMatchObject({ code: 1, stderr: expect.stringContaining(fault) })
    expect(withKeys()).toEqual([])
  })
})
