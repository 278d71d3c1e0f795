import { type Address, familyOf, octetsOf } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'

/** What an IPv4 address has that nobody has named; an IPv6 address has nothing (docs.hetzner.com/cloud/servers/cloud-server-rdns, read 2026-11). */
export function hetznerDefault(address: Address): Name | undefined {
  if (familyOf(address) === 6) return undefined
  return `static.${octetsOf(address).reverse().join('.')}.clients.your-server.de.` as Name
}
