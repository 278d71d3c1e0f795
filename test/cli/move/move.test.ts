import { existsSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { dnsClient } from '../../../providers/dns/client/client.js'
import type { Name } from '../../../records/rr/name.js'
import { isKnown, rdataTexts } from '../../../records/rr/rrset.js'
import { CachedWorld, type Held } from '../../records/move/cached-world.js'
import { type Machine, undeliverable, unpassed } from '../../records/move/mail-contract.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, serverAvailable } from '../../servers/dns-server.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const START = Date.parse('2026-11-27T06:00:00Z') / 1000
const STEP = 150
const ZONES = ['example.com.', 'example.net.', '2.0.192.in-addr.arpa.', '100.51.198.in-addr.arpa.']
/** The TTL of "there is nothing", as the test servers' SOA says it. */
const NEGATIVE = 60

interface Kind {
  readonly title: string
  readonly old: Machine
  readonly goal: Machine
}

const OLD: Machine = { address: '192.0.2.10', host: 'mail.example.com.', key: 'aa'.repeat(32) }
const KINDS: readonly Kind[] = [
  { title: 'a host gets another address', old: OLD, goal: { ...OLD, address: '198.51.100.20', key: 'bb'.repeat(32) } },
  {
    title: 'another host takes its place',
    old: OLD,
    goal: { address: '198.51.100.20', host: 'mx.example.net.', key: 'bb'.repeat(32) },
  },
]

const place = (name: string, { host, port, key }: DnsServer): string =>
  `  ${name}: ${rfc2136Options({ host, port, key }, `env/${name.toUpperCase()}_SECRET`)}`

function spec(servers: readonly DnsServer[], { address, host, key }: Machine, selector: string): string {
  const name = host.slice(0, -1)
  const targets = `{ targets: [one, two], servers: [${servers.map((server) => `${server.host}:${server.port}`).join(', ')}] }`
  const domain = `{ mx: [${name}], dmarc: { policy: reject }, dkim: { algorithms: [], keys: { ${selector}: { txt: "v=DKIM1; k=ed25519; p=${'A'.repeat(43)}=" } } } }`
  return `
providers:
${servers.map((server, index) => place(index === 0 ? 'one' : 'two', server)).join('\n')}
zones: { ${ZONES.map((zone) => `${zone}: ${targets}`).join(', ')} }
defaults: { ttl: 600 }
hosts: { ${name}: { addresses: [${address}], tlsa: { records: ["3 1 1 ${key}"] } } }
domains: { example.com: ${domain}, example.net: ${domain} }
`
}

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('moves on BIND', () => {}))
else
  describe('a move on two BINDs', () => {
    const servers: DnsServer[] = []
    const client = dnsClient()
    let space: Workspace
    let now: number
    beforeAll(async () => {
      servers.push(await startBind(), await startBind())
    })
    afterAll(async () => {
      client.close()
      for (const server of servers) await server.stop()
    })
    beforeEach(async () => {
      now = START
      for (const server of servers) for (const zone of ZONES) await server.addZone(zone)
    })
    afterEach(() => space.remove())

    const run = (...args: string[]): Promise<Ran> =>
      space.run(args, {
        env: { ONE_SECRET: servers[0]?.key.secret ?? '', TWO_SECRET: servers[1]?.key.secret ?? '' },
        now: () => now,
      })
    const begin = async ({ old, goal }: Kind): Promise<void> => {
      space = await workspace({ 'mailsync.yaml': spec(servers, old, 'old'), 'new.yaml': spec(servers, goal, 'new') })
      expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
      const start = await run('move', 'start', '--to', space.path('new.yaml'), '--drain', '10m')
      expect(start).toMatchObject({ code: 0, stdout: expect.stringContaining('> lower') })
    }
    const state = async () => JSON.parse(await space.read('move.json'))
    const stage = async (): Promise<string> => {
      if (!existsSync(space.path('move.json'))) return 'over'
      const { stage: name, back = false } = (await state()).history.at(-1)
      return `${back ? 'back ' : ''}${name}`
    }
    const held = async (server: DnsServer, name: string, type: string): Promise<Held> => {
      const { answer } = await client.ask(server, { name: name as Name, type })
      const rrset = answer.find((one) => one.type === type)
      return rrset && isKnown(rrset) ? { values: rdataTexts(rrset), ttl: rrset.ttl } : { values: [], ttl: NEGATIVE }
    }
    const placesOf = ({ old, goal }: Kind): [string, string][] => [
      ...['example.com.', 'example.net.'].flatMap((domain): [string, string][] => [
        [domain, 'MX'],
        [domain, 'TXT'],
        [`old._domainkey.${domain}`, 'TXT'],
        [`new._domainkey.${domain}`, 'TXT'],
      ]),
      ...[...new Set([old.host, goal.host])].flatMap((host): [string, string][] => [
        [host, 'A'],
        [host, 'TXT'],
        [`_25._tcp.${host}`, 'TLSA'],
      ]),
    ]
    const record = async (world: CachedWorld, kind: Kind): Promise<void> => {
      for (const [index, server] of servers.entries()) {
        const found = placesOf(kind).map(
          async ([name, type]) => [`${name} ${type}`, await held(server, name, type)] as const,
        )
        world.serve(String(index), now, new Map(await Promise.all(found)))
      }
    }

    /** A person who does what the stages say: the servers that take mail, and those that send, with their keys. */
    const running = (at: string, { old, goal }: Kind, didNewSend: boolean) => ({
      alive: [
        ...(/^(raise|over|back lower)$/.test(at) ? [] : [old]),
        ...(/^(lower|back raise|back over)$/.test(at) ? [] : [goal]),
      ],
      senders: [
        ...(/^(lower|both|switch|drain|back drain|back clean|back raise|back over)$/.test(at)
          ? [[old, 'old'] as const]
          : []),
        ...(didNewSend && /^(drain|clean|raise|over|back lower|back both|back switch|back drain)$/.test(at)
          ? [[goal, 'new'] as const]
          : []),
      ],
    })

    /** Runs `move next` every so often until the move is over; a sender and a receiver try before and after each run. */
    const through = async (kind: Kind, abortAt?: string): Promise<string[]> => {
      const world = new CachedWorld()
      await record(world, kind)
      const stages: string[] = []
      let isBack = false
      for (let round = 0; round < 90; round++) {
        const before = await stage()
        if (before === abortAt && !isBack && (await run('move', 'status')).stdout.includes(`> ${before}`)) {
          expect(await run('move', 'abort')).toMatchObject({ code: 0 })
          isBack = true
        }
        expect(await run('move', 'next', '--yes')).toMatchObject({ code: 0, stderr: '' })
        await record(world, kind)
        const after = await stage()
        const at = after === 'over' && isBack ? 'back over' : after
        if (stages.at(-1) !== at) stages.push(at)
        for (const moment of [now, now + STEP - 1]) {
          const { alive, senders } = running(at, kind, stages.includes('drain'))
          for (const domain of ['example.com.', 'example.net.']) {
            expect({ at, moment: moment - START, faults: undeliverable(world, domain, moment, alive) }).toMatchObject({
              faults: [],
            })
            for (const [machine, selector] of senders) {
              expect({ at, faults: await unpassed(world, domain, moment, machine) }).toEqual({ at, faults: [] })
              const keys = world.remembered(`${selector}._domainkey.${domain} TXT`, moment)
              expect({ at, selector, keys: keys.filter((values) => values.length === 0) }).toMatchObject({ keys: [] })
            }
          }
        }
        if (after === 'over') return stages
        now += STEP
      }
      return stages
    }

    test.each(KINDS)(
      'goes through its stages where $title, and no sender is refused at any moment',
      async (kind) => {
        await begin(kind)
        expect(await through(kind)).toEqual(['lower', 'both', 'switch', 'drain', 'clean', 'over'])
        expect(await space.read('mailsync.yaml')).toBe(await space.read('new.yaml'))
        expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
        for (const server of servers) {
          expect(await server.dig('+short', 'example.com.', 'MX')).toBe(`10 ${kind.goal.host}\n`)
          expect(await server.dig('+short', 'example.com.', 'TXT')).toContain('v=spf1 ip4:198.51.100.20 ~all')
          expect(await server.dig('+short', 'old._domainkey.example.com.', 'TXT')).toBe('')
          expect(await server.dig('+short', '-x', '192.0.2.10')).toBe('')
          expect(await server.dig('+noall', '+answer', kind.goal.host, 'A')).toMatch(
            /\s600\s+IN\s+A\s+198\.51\.100\.20/,
          )
        }
      },
      600_000,
    )

    test.each(['lower', 'both', 'switch', 'drain', 'clean'])(
      'goes back from %s as safely, and all is as it was',
      async (from) => {
        const [kind] = KINDS.slice(from === 'switch' || from === 'clean' ? 0 : 1) as [Kind]
        await begin(kind)
        const before = await servers[0]?.dig('+onesoa', '+noall', '+answer', 'example.com.', 'MX')
        expect((await through(kind, from)).at(-1)).toBe('back over')
        expect(await servers[0]?.dig('+onesoa', '+noall', '+answer', 'example.com.', 'MX')).toBe(before)
        expect(await space.read('mailsync.yaml')).toBe(spec(servers, kind.old, 'old'))
        expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
        expect(await servers[1]?.dig('+short', '-x', '198.51.100.20')).toBe('')
      },
      600_000,
    )
  })
