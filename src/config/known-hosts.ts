import type { Address } from '../../records/rr/address.js'
import { displayName, type Name } from '../../records/rr/name.js'
import type { Host } from '../../records/spec.js'

/** The hosts of a spec, as its domains refer to them. */
export interface KnownHosts {
  has(name: Name): boolean
  /** For people. */
  readonly names: readonly string[]
  /** The host with an address. */
  at(address: Address): Host | undefined
}

export function knownHosts(hosts: ReadonlyMap<Name, Host>): KnownHosts {
  const byAddress = new Map<Address, Host>()
  for (const host of hosts.values()) for (const { value } of host.addresses) byAddress.set(value, host)
  return {
    has: (name) => hosts.has(name),
    names: [...hosts.keys()].map(displayName),
    at: (address) => byAddress.get(address),
  }
}
