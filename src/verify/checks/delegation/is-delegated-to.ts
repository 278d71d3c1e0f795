import { readNamedServer } from '../../../../providers/dns/client/named-server.js'
import type { Name } from '../../../../records/rr/name.js'
import type { DnsView } from '../../view/dns-view.js'

/**
 * Whether one of the name servers of a delegation is one of the servers that a spec names, by its name or by an address.
 * Undefined where an address is not to be found out, so that it may be.
 */
export async function isDelegatedTo(
  servers: readonly string[],
  nameServers: readonly Name[],
  dns: Pick<DnsView, 'look'>,
): Promise<boolean | undefined> {
  const named = servers.map(readNamedServer).filter((server) => typeof server !== 'string')
  const names = named.filter(({ isAddress }) => !isAddress).map(({ host }) => host as Name)
  if (names.some((name) => nameServers.includes(name))) return true
  const [theirs, wanted] = await Promise.all([addressesOf(nameServers, dns), addressesOf(names, dns)])
  const hosts = new Set([...named.map(({ host }) => host), ...wanted.addresses])
  if (theirs.addresses.some((address) => hosts.has(address))) return true
  return theirs.isWhole && wanted.isWhole ? false : undefined
}

async function addressesOf(names: readonly Name[], dns: Pick<DnsView, 'look'>) {
  const looks = await Promise.all(names.flatMap((name) => [dns.look(name, 'A'), dns.look(name, 'AAAA')]))
  return {
    addresses: looks.flatMap((look) => (look.kind === 'answer' ? (look.rrset.rdata as readonly string[]) : [])),
    isWhole: looks.every(({ kind }) => kind !== 'failure'),
  }
}
