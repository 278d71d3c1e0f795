import { afterAll, beforeAll, expect, test } from 'vitest'
import { manifestRRsets, ownedIn } from '../../../records/manifest.js'
import type { Name } from '../../../records/rr/name.js'
import { type Zone, zoneWith } from '../../../records/rr/zone.js'
import { connectTo } from '../../providers/rfc2136/connect-to.js'
import { onEachServer } from '../../providers/rfc2136/on-each-server.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Workspace, workspace } from '../workspace.js'

/**
 * PowerDNS looks through the zone for each record that goes, so it gets fewer: 1,500 domains are the fewest whose manifest in longer values
 * was more than it sends in one message of a transfer.
 */
const SIZES = {
  bind: { many: 5000, hosts: 2000, foreign: 20_000 },
  knot: { many: 5000, hosts: 2000, foreign: 20_000 },
  powerdns: { many: 1500, hosts: 200, foreign: 3000 },
} as const
/** Milliseconds, on a machine that has much else to do. */
const LIMIT = 600_000
const ZONE = 'example.com.' as Name
const HOST = 'mail.example.com: { addresses: [192.0.2.10], reverse: false }'

/** 50 letters and digits, as a generator of names for customers makes them. */
const customer = (index: number): string => `customer-with-a-name-as-long-as-some-are-${String(index).padStart(8, '0')}`

function spec({ host, port, key }: DnsServer, hosts: readonly string[], domains: readonly string[]): string {
  return [
    `providers: { dns: ${rfc2136Options({ host, port, key })} }`,
    `zones: { ${ZONE}: { targets: [dns] } }`,
    'defaults: { dkim: false, dmarc: { policy: none } }',
    'hosts:',
    ...hosts.map((one) => `  ${one}`),
    domains.length > 0 ? 'domains:' : 'domains: {}',
    ...domains.map((name) => `  ${name}.example.com: { mx: [mail.example.com] }`),
    '',
  ].join('\n')
}

onEachServer('a large zone', (server, kind) => {
  const { many, hosts: hostCount, foreign: foreignCount } = SIZES[kind]
  let space: Workspace
  beforeAll(async () => {
    space = await workspace({})
  })
  afterAll(() => space.remove())

  const run = (...args: string[]) => space.run(args, { env: { TSIG_SECRET: server().key.secret } })
  const read = async (): Promise<Zone> =>
    zoneWith(ZONE, await (await connectTo(server())).read(ZONE, new AbortController().signal))
  /** Applies, and finds nothing more to do. */
  const applied = async (text: string): Promise<Zone> => {
    await space.write('mailsync.yaml', text)
    const { code, stderr } = await run('apply', '--yes', '--force')
    expect([stderr, code]).toEqual(['', 0])
    expect(await run('plan', '--detailed-exitcode')).toMatchObject({ code: 0 })
    return read()
  }
  const texts = (rrsets: Zone['rrsets']): string[] =>
    rrsets
      .filter(({ type }) => (type as string) !== 'SOA')
      .map(({ name, ttl, type, rdata }) => {
        const values = (rdata as readonly unknown[]).map((value) => JSON.stringify(value)).sort()
        return `${name} ${ttl} ${type} ${values}`
      })

  test(
    `remembers ${many} domains with long names, and a domain less changes only what is its`,
    async () => {
      await server().addZone(ZONE, 'www 300 IN A 198.51.100.1\n@ 300 IN TXT "a token of others"')
      const names = Array.from({ length: many }, (_, index) => customer(index))
      const all = await applied(spec(server(), [HOST], names))
      expect(ownedIn(all, 'default')).toHaveLength(3 * many + 2)
      expect(manifestRRsets(all).length).toBeGreaterThan(10)

      const without = names.filter((_, index) => index !== 1234)
      await space.write('mailsync.yaml', spec(server(), [HOST], without))
      const { zones } = JSON.parse((await run('plan', '--format', 'json')).stdout)
      const kinds = zones[0].changes.map(
        ({ kind: of, manifest }: { kind: string; manifest: boolean }) => `${of} ${manifest}`,
      )
      expect(kinds.filter((one: string) => one === 'delete false')).toHaveLength(3)
      expect(kinds.filter((one: string) => one.endsWith('true')).length).toBeLessThanOrEqual(3)
      expect(kinds.length).toBeLessThanOrEqual(6)
      const less = await applied(spec(server(), [HOST], without))
      expect(ownedIn(less, 'default')).toHaveLength(3 * (many - 1) + 2)
      const before = new Set(texts(all.rrsets))
      expect(texts(less.rrsets).filter((text) => !before.has(text)).length).toBeLessThanOrEqual(3)

      const none = await applied(spec(server(), [HOST], []))
      expect(manifestRRsets(none).map(({ name }) => name)).toEqual([`_mailsync.${ZONE}`])
      expect(none.rrsets.filter(({ name }) => name.includes('customer'))).toEqual([])
      expect(none.texts(ZONE)).toContain('a token of others')
    },
    LIMIT,
  )

  test(
    `leaves ${foreignCount} records of others as they are, beside ${hostCount} hosts`,
    async () => {
      const foreign = Array.from(
        { length: foreignCount },
        (_, index) => `f${index} 300 IN A 198.51.${index >> 8}.${index & 255}`,
      )
      await server().addZone(ZONE, `${foreign.join('\n')}\n@ 300 IN TXT "a token of others"`)
      const before = await read()
      expect(before.rrsets.length).toBeGreaterThan(foreignCount)
      const hosts = Array.from(
        { length: hostCount },
        (_, index) =>
          `mx${index}.example.com: { addresses: [203.0.${113 + (index >> 8)}.${index & 255}], reverse: false }`,
      )
      const after = await applied(spec(server(), [HOST, ...hosts], ['one']))
      const held = new Set(texts(after.rrsets))
      expect(texts(before.rrsets).filter((text) => !held.has(text))).toEqual([])
      expect(ownedIn(after, 'default')).toHaveLength(2 * (hostCount + 1) + 3)
      const none = await applied(spec(server(), [HOST], []))
      const left = new Set(texts(none.rrsets))
      expect(texts(before.rrsets).filter((text) => !left.has(text))).toEqual([])
    },
    LIMIT,
  )
})
