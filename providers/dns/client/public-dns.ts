import { DNS_PORT, parseServer, type ServerAddress } from '../server.js'
import { type DnsClient, dnsClient } from './client.js'
import { type Resolver, resolverAt, systemResolvers } from './resolver.js'
import { walkFromRoot } from './root-walk.js'
import { resolvedZones, type ZoneFinder } from './zone-finder.js'

/** DNS as everybody sees it. */
export interface PublicDns {
  readonly client: DnsClient
  readonly resolver: Resolver
  /** The servers behind `resolver`; none where it asks from the root down. */
  readonly resolvers: readonly ServerAddress[]
  readonly zones: ZoneFinder
  close(): void
}

export interface PublicDnsOptions {
  /** `address[:port]` of the resolver, or `root`: none at all, from the root down; default: those the system is set up with. */
  readonly resolver?: string | undefined
  /** Where authoritative servers are asked; default 53. */
  readonly port?: number
  /** For `root`; default: the root of the Internet. */
  readonly roots?: readonly ServerAddress[]
  /** Asks the servers; closed with all the rest. Default: one of its own. */
  readonly client?: DnsClient
}

/** Throws `usage` where `resolver` is neither an address nor `root`. */
export function publicDns(options: PublicDnsOptions = {}): PublicDns {
  const { resolver: named, port = DNS_PORT, roots, client = dnsClient() } = options
  const resolvers = named === undefined ? systemResolvers() : named === 'root' ? [] : [parseServer(named)]
  const { close } = client
  if (named === 'root') {
    const walk = walkFromRoot(client, { port, ...(roots && { roots }) })
    return { client, resolver: walk, resolvers, zones: walk, close }
  }
  const resolver = resolverAt(client, resolvers)
  return { client, resolver, resolvers, zones: resolvedZones(resolver, port), close }
}
