import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import { rrsetIn } from '../../../providers/dns/client/zone-finder.js'
import { MailsyncError } from '../../../records/error.js'
import { type Name, parentOf } from '../../../records/rr/name.js'

/** The name servers that a parent says a zone has: its referral, or the answer where its servers have the zone too. Throws where none tells. */
export async function delegationOf(dns: PublicDns, zone: Name, signal: AbortSignal): Promise<readonly Name[]> {
  const parent = await dns.zones.find(parentOf(zone), signal)
  const failures: string[] = []
  for (const { name, addresses } of parent.nameServers)
    for (const server of addresses) {
      try {
        const { answer, authority } = await dns.client.ask(server, { name: zone, type: 'NS' }, { signal })
        const found = rrsetIn(authority, zone, 'NS') ?? rrsetIn(answer, zone, 'NS')
        if (found) return found.rdata
        failures.push(`${name} knows no name servers of it`)
      } catch (error) {
        if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
        failures.push(error.message)
      }
    }
  throw new MailsyncError(
    'unavailable',
    `the servers of ${parent.zone} do not tell its name servers: ${failures.join('; ') || 'no address of theirs is known'}`,
  )
}
