import { nameServerAt, readNamedServer } from '../../../providers/dns/client/named-server.js'
import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import type { DelegatedZone } from '../../../providers/dns/client/zone-finder.js'
import { MailsyncError } from '../../../records/error.js'
import { type Name, zoneOf } from '../../../records/rr/name.js'
import type { MailSpec } from '../../../records/spec.js'

/** Finds the servers that answer for a name. Throws where it cannot be found out. */
export type FindServers = (name: Name, signal: AbortSignal) => Promise<DelegatedZone>

/** The name servers of the zones of a spec: those that it names, else those that the zone is delegated to. Asks once a zone. */
export function zoneServers(spec: Pick<MailSpec, 'zones'>, dns: PublicDns): FindServers {
  const known = new Map<Name, Promise<DelegatedZone>>()
  return (name, signal) => {
    const zone = zoneOf(name, spec.zones)
    const found =
      known.get(zone ?? name) ?? (zone ? serversOfZone(zone, spec, dns, signal) : dns.zones.find(name, signal))
    known.set(zone ?? name, found)
    return found
  }
}

/** The name servers of one zone, asked for anew: those that the spec names, else those that it is delegated to. Throws where it is none. */
export async function serversOfZone(
  zone: Name,
  { zones }: Pick<MailSpec, 'zones'>,
  dns: PublicDns,
  signal: AbortSignal,
): Promise<DelegatedZone> {
  const named = zones.get(zone)?.servers?.map(readNamedServer)
  if (named) {
    const servers = named.flatMap((server) => (typeof server === 'string' ? [] : [server]))
    const nameServers = await Promise.all(servers.map((server) => nameServerAt(dns.resolver, server, signal)))
    return { zone, nameServers }
  }
  const found = await dns.zones.find(zone, signal)
  if (found.zone === zone) return found
  throw new MailsyncError('zone-not-found', `${zone} is no zone in DNS: its name lies in ${found.zone}`, {
    where: { zone },
    hint: 'see that it is delegated, or name its servers: zones.<zone>.servers',
  })
}
