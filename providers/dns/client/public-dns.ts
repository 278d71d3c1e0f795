import type { ServerAddress } from '../server.js'
import { type DnsClient, dnsClient } from './client.js'
import { parseServer, type Resolver, resolverAt, systemResolvers } from './resolver.js'
import { resolvedZones, type ZoneFinder } from './zone-finder.js'

/** DNS as everybody sees it. */
export interface PublicDns {
  readonly client: DnsClient
  readonly resolvers: readonly ServerAddress[]
  readonly resolver: Resolver
  readonly zones: ZoneFinder
  close(): void
}

export interface PublicDnsOptions {
  /** `address[:port]` of the resolver; default: those the system is set up with. */
  readonly resolver?: string | undefined
  /** Where authoritative servers are asked; default 53. */
  readonly port?: number
}

/** Throws `usage` where `resolver` is no address. */
export function publicDns({ resolver: named, port }: PublicDnsOptions = {}): PublicDns {
  const resolvers = named === undefined ? systemResolvers() : [parseServer(named)]
  const client = dnsClient()
  const resolver = resolverAt(client, resolvers)
  return { client, resolvers, resolver, zones: resolvedZones(resolver, port), close: client.close }
}
