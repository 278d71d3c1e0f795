import type { DnsClient } from '../../../providers/dns/client/client.js'
import { outcomeAt, soaIn, type ZoneServer } from '../../../providers/dns/client/observe-zone.js'
import type { DelegatedZone } from '../../../providers/dns/client/zone-finder.js'
import { serverText } from '../../../providers/dns/server.js'
import { MailsyncError } from '../../../records/error.js'
import type { Name } from '../../../records/rr/name.js'

/** A name server that answers for a zone, and the serial of its SOA (RFC 1035 §3.3.13). */
export interface AnsweringServer extends ZoneServer {
  readonly serial: number
}

/** Who answers for a zone, and who does not. */
export interface ZoneServers {
  /** At least one. */
  readonly answering: readonly AnsweringServer[]
  /** Name servers of which no address answers for the zone, with why. */
  readonly silent: readonly { readonly server: Name; readonly why: string }[]
}

/**
 * Asks each name server of a zone for its SOA, at the first of its addresses that answers. Throws `unavailable` where none answers,
 * and `stale` where they do not all have the zone in one version: what one of them shows may not be what the provider holds.
 */
export async function askServers(
  client: DnsClient,
  { zone, nameServers }: DelegatedZone,
  signal: AbortSignal,
): Promise<ZoneServers> {
  const each = await Promise.all(nameServers.map((one) => askNameServer(client, zone, one, signal)))
  const answering = each.flatMap((one) => ('serial' in one ? [one] : []))
  const silent = each.flatMap((one) => ('why' in one ? [one] : []))
  const [first] = answering
  if (!first) throw new MailsyncError('unavailable', noAnswer(silent), { where: { zone } })
  const other = answering.find(({ serial }) => serial !== first.serial)
  if (other)
    throw new MailsyncError(
      'stale',
      `its name servers do not agree: ${shown(first)} has serial ${first.serial}, ${shown(other)} ${other.serial}`,
      { where: { zone } },
    )
  return { answering, silent }
}

async function askNameServer(
  client: DnsClient,
  zone: Name,
  { name, addresses }: DelegatedZone['nameServers'][number],
  signal: AbortSignal,
): Promise<AnsweringServer | ZoneServers['silent'][number]> {
  let why = `${name} has no address that can be found`
  for (const address of addresses) {
    const server = { nameServer: name, address }
    const reply = await outcomeAt(client, server, { name: zone, type: 'SOA' }, zone, signal)
    const soa = 'fault' in reply ? undefined : soaIn(reply.answer)
    if (soa) return { ...server, serial: soa.serial }
    why = 'fault' in reply ? reply.fault.message : `${serverText(address)} has no SOA of the zone`
  }
  return { server: name, why }
}

function noAnswer(silent: ZoneServers['silent']): string {
  const why = silent.length === 0 ? 'it is delegated to none' : silent.map((one) => one.why).join('; ')
  return `no name server answers for it: ${why}`
}

function shown({ address }: ZoneServer): string {
  return serverText(address)
}
