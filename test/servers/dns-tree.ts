import type { ServerAddress } from '../../providers/dns/server.js'
import { startBind } from './bind.js'
import { relayDns } from './dns-relay.js'
import type { DnsServer } from './dns-server.js'
import { freePort } from './server-process.js'

/** Zones by the address of the server that has them, 127.0.0.2 and on: lines of a zone file, NS too, and an SOA where it matters. */
export type TreeZones = Readonly<Record<string, Readonly<Record<string, string>>>>

/** A BIND an address, all at one port, so that delegations lead from one to the next. */
export interface DnsTree {
  readonly port: number
  /** The servers that have the zone `.`. */
  readonly roots: readonly ServerAddress[]
  /** A server that knows all zones, as the first address has them: what a resolver would say. */
  readonly resolver: ServerAddress
  /** The server behind an address. */
  server(host: string): DnsServer
  stop(): Promise<void>
}

const SOA = '@ SOA ns.mailsync.test. hostmaster.mailsync.test. 1 3600 600 604800 60'

export async function startDnsTree(zones: TreeZones): Promise<DnsTree> {
  const port = await freePort()
  const whole = (of: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(
      Object.entries(of).map(([zone, lines]) => [zone, /\sSOA\s/.test(lines) ? lines : `${SOA}\n${lines}`]),
    )
  const all: Record<string, string> = Object.assign({}, ...Object.values(zones).reverse())
  const resolver = await startBind({ port, zones: whole(all), recursion: true })
  const started = await Promise.all(
    Object.entries(zones).map(async ([host, of]) => {
      const server = await startBind({ zones: whole(of) })
      return { host, server, relay: await relayDns({ host, port }, server.port) }
    }),
  )
  const servers = new Map(started.map(({ host, server }) => [host, server]))
  return {
    port,
    roots: Object.entries(zones).flatMap(([host, of]) => ('.' in of ? [{ host, port }] : [])),
    resolver: { host: resolver.host, port },
    server: (host) => servers.get(host) as DnsServer,
    stop: async () => {
      for (const { relay } of started) relay.close()
      await Promise.all([resolver, ...servers.values()].map((server) => server.stop()))
    },
  }
}
