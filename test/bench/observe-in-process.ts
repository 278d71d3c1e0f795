import { dnsClient } from '../../providers/dns/client/client.js'
import { observeZone } from '../../providers/dns/client/observe-zone.js'
import type { ServerAddress } from '../../providers/dns/server.js'
import { joinName, type Name } from '../../records/rr/name.js'
import { zoneNames } from './workload.js'

const ASKED = [
  ['_dmarc', 'TXT'],
  ['_mailsync', 'TXT'],
  ['s1._domainkey', 'TXT'],
  ['s2._domainkey', 'TXT'],
  ['mail', 'A'],
  ['mail', 'AAAA'],
  ['www', 'A'],
] as const

/** Seconds to ask one server nine questions about each of its zones, as for zones that have no API. */
export async function secondsToObserve({ host, port }: ServerAddress, zones: number): Promise<number> {
  const client = dnsClient()
  const begin = performance.now()
  await Promise.all(
    zoneNames(zones).map((text) => {
      const zone = `${text}.` as Name
      const nameServers = [{ name: zone, addresses: [{ host, port }] }]
      const inside = ASKED.map(([prefix, type]) => ({ name: joinName(prefix, zone), type }))
      const questions = [{ name: zone, type: 'MX' }, { name: zone, type: 'TXT' }, ...inside]
      return observeZone(client, { zone, nameServers }, questions)
    }),
  )
  client.close()
  return (performance.now() - begin) / 1000
}
