import type { DnsClient } from '../../../../providers/dns/client/client.js'
import { outcomeAt, soaIn } from '../../../../providers/dns/client/observe-zone.js'
import { readServer, type ServerAddress } from '../../../../providers/dns/server.js'
import type { Name } from '../../../../records/rr/name.js'
import type { AnsweringServer } from '../ask-servers.js'

/** Whether every server still has the zone in the version it is known in: one question each. */
export async function serialsNow(
  client: DnsClient,
  zone: Name,
  known: Readonly<Record<string, number>>,
  signal: AbortSignal,
): Promise<boolean> {
  const each = Object.entries(known).map(async ([text, serial]) => {
    const address = readServer(text)
    if (address === undefined) return false
    const server = { nameServer: address.host as Name, address }
    const reply = await outcomeAt(client, server, { name: zone, type: 'SOA' }, zone, signal)
    return 'outcome' in reply && reply.outcome.kind === 'rrset' && soaIn(reply.answer)?.serial === serial
  })
  const same = await Promise.all(each)
  return same.length > 0 && same.every(Boolean)
}

/** The serials of servers, as they are remembered. */
export function textsOf(servers: readonly AnsweringServer[]): Record<string, number> {
  return Object.fromEntries(servers.map(({ address, serial }) => [addressText(address), serial]))
}

/** `192.0.2.53:53`, as it is read again. */
function addressText({ host, port }: ServerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
