import type { Address } from '../../../records/rr/address.js'
import { labelsOf, type Name } from '../../../records/rr/name.js'
import { reverseName, reverseOwners } from '../../../records/rr/reverse.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { Holdings, ownersOf } from '../holdings/holdings.js'
import { namesAt } from '../holdings/names-at.js'
import { each } from './each.js'
import { readOwnZones } from './own-zones.js'
import type { ZoneReader } from './zone-reader.js'

/** Everything that was read to import some domains. */
export interface Gathered {
  readonly holdings: Holdings
  /** The zones that hold the domains. */
  readonly own: ReadonlySet<Name>
  /** Zones of hosts and addresses that another spec writes into, with its owner; they are in no holdings. */
  readonly managed: ReadonlyMap<Name, string>
}

/**
 * Reads the zones of the domains, and those of the hosts they name and of the hosts' addresses, as far as the provider has
 * them. Throws {@link SpecErrors} with every domain that is in no zone there.
 *
 * @param also zones to read besides, which the provider cannot be expected to find
 */
export async function gather(domains: readonly Name[], also: readonly Name[], reader: ZoneReader): Promise<Gathered> {
  const zones = new Map<Name, readonly AnyRRset[]>()
  const managed = new Map<Name, string>()
  for (const [zone, rrsets] of await readOwnZones(domains, also, reader)) zones.set(zone, rrsets)
  const own = new Set(zones.keys())
  const add = ([zone, rrsets]: readonly [Name, readonly AnyRRset[]]): void => {
    const [owner] = own.has(zone) || zones.has(zone) ? [] : ownersOf(zone, rrsets)
    if (owner === undefined) zones.set(zone, rrsets)
    else managed.set(zone, owner)
  }
  for (const zone of also) add([zone, (await reader.tryZone(zone)) ?? []])
  const asked = new Set<Name>()
  for (let wanted: readonly Name[] = domains; wanted.length > 0; ) {
    const holdings = new Holdings(zones)
    wanted = [...new Set(wanted.flatMap((name) => namesAt(name, holdings)))].filter((name) => !asked.has(name))
    const found = await each(wanted, async (name) => (holdings.serves(name) ? undefined : reader.zoneFor(name, 2)))
    for (const zone of found) if (zone) add(zone)
    for (const name of wanted) asked.add(name)
  }
  const hosts = new Holdings(zones)
  const addresses = [...asked].flatMap((name) => {
    const found = hosts.addressesAt(name)
    return 'addresses' in found ? found.addresses : []
  })
  for (const zone of await reverseZones(addresses, reader)) add(zone)
  return { holdings: new Holdings(zones), own, managed }
}

/** The zones that hold the PTR of these addresses. Where they cannot be listed, the networks addresses mostly come in are tried. */
async function reverseZones(
  addresses: readonly Address[],
  reader: ZoneReader,
): Promise<(readonly [Name, readonly AnyRRset[]])[]> {
  if (reader.listed) {
    const ownerOf = reverseOwners(reader.listed)
    const zones = new Set(addresses.flatMap((address) => ownerOf(address)?.zone ?? []))
    return (await each([...zones], (zone) => reader.zoneFor(zone))).filter((zone) => zone !== undefined)
  }
  const zones = [...new Set(addresses.flatMap(likelyReverseZones))]
  const read = await each(zones, (zone) => reader.tryZone(zone))
  return zones.flatMap((zone, index) => (read[index] ? [[zone, read[index]] as const] : []))
}

/** The networks of an address that zones are mostly made for: /24, /16, /8; of IPv6 /64, /56, /48, /32. */
function likelyReverseZones(address: Address): Name[] {
  const labels = labelsOf(reverseName(address))
  const lengths = address.includes(':') ? [16, 14, 12, 8] : [3, 2, 1]
  const suffix = 2
  return lengths.map((length) => `${labels.slice(-length - suffix).join('.')}.` as Name)
}
