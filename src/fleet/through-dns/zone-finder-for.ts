import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import type { DelegatedZone } from '../../../providers/dns/client/zone-finder.js'
import { serverText } from '../../../providers/dns/server.js'
import { MailsyncError } from '../../../records/error.js'
import type { Name } from '../../../records/rr/name.js'
import type { MailSpec } from '../../../records/spec.js'
import type { Connected } from '../../connect/connect.js'
import { serversOfZone } from '../../dkim/rotation/zone-servers.js'
import type { ZoneTask } from '../../plan/zones/task.js'

/** Finds the servers that show what a provider holds of a zone. Throws where nobody can tell. */
export type FindZone = (task: Pick<ZoneTask, 'zone' | 'connected'>, signal: AbortSignal) => Promise<DelegatedZone>

/**
 * Those that the spec names, else those that the provider's options name, else those that the zone is delegated to. What is found of a
 * zone is not kept: there may be very many.
 */
export function zoneFinderFor(spec: Pick<MailSpec, 'zones'>, dns: PublicDns): FindZone {
  const own = new Map<Connected, Promise<DelegatedZone['nameServers']>>()
  return async ({ zone, connected }, signal) => {
    const declared = spec.zones.get(zone)
    const isShared = (declared?.targets.length ?? 1) > 1
    if (connected.provider.answersAt && (isShared || declared?.servers === undefined)) {
      const known = own.get(connected) ?? serversOfProvider(connected)
      own.set(connected, known)
      return { zone, nameServers: await known }
    }
    if (isShared)
      throw new MailsyncError('rejected', 'several providers have it, and DNS does not tell whose records it shows', {
        where: { zone },
      })
    return serversOfZone(zone, spec, dns, signal)
  }
}

/** One server, whatever addresses it has. */
async function serversOfProvider({ provider }: Connected): Promise<DelegatedZone['nameServers']> {
  const addresses = (await provider.answersAt?.()) ?? []
  const [first] = addresses
  return first ? [{ name: serverText(first) as Name, addresses }] : []
}
