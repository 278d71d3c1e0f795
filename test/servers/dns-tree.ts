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
  const stops: (() => unknown)[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(stops.map((one) => one()))
  }
  const start = async (of: Readonly<Record<string, string>>, options = {}): Promise<DnsServer> => {
    const server = await startBind({ zones: whole(of), ...options })
    stops.push(server.stop)
    return server
  }
  const begun = await Promise.allSettled([
    start(all, { port, recursion: true }),
    ...Object.entries(zones).map(async ([host, of]) => {
      const server = await start(of)
      stops.push((await relayDns({ host, port }, server.port)).close)
      return server
    }),
  ])
  const failed = begun.find((one) => one.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  const [, ...started] = begun.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  const servers = new Map(Object.keys(zones).map((host, index) => [host, started[index] as DnsServer]))
  return {
    port,
    roots: Object.entries(zones).flatMap(([host, of]) => ('.' in of ? [{ host, port }] : [])),
    resolver: { host: '127.0.0.1', port },
    server: (host) => servers.get(host) as DnsServer,
    stop,
  }
}
