import type { Address } from '../../records/rr/address.js'
import { displayName, labelsOf, type Name } from '../../records/rr/name.js'
import type { Host } from '../../records/spec.js'
import { slipOf } from './faults/suggest.js'

/** The hosts of a spec, as its domains refer to them. */
export interface KnownHosts {
  has(name: Name): boolean
  /** For people. */
  readonly names: readonly string[]
  /** The host with an address. */
  at(address: Address): Host | undefined
  /** The host, for people, that was probably meant by a name that is none: see {@link slipOf}. */
  meantBy(name: Name): string | undefined
}

export function knownHosts(hosts: ReadonlyMap<Name, Host>): KnownHosts {
  const byAddress = new Map<Address, Host>()
  for (const host of hosts.values()) for (const { value } of host.addresses) byAddress.set(value, host)
  const names = [...hosts.keys()].map(displayName)
  // Thousands of domains lead to the few servers of one relay.
  const meant = new Map<Name, string | undefined>()
  return {
    has: (name) => hosts.has(name),
    names,
    at: (address) => byAddress.get(address),
    meantBy: (name) => {
      if (!meant.has(name)) meant.set(name, withoutItsEndTwice(name, hosts) ?? slipOf(displayName(name), names))
      return meant.get(name)
    },
  }
}

/** `mail.example.com` where `mail.example.com.example.com` is written, as panels make of a whole name. */
function withoutItsEndTwice(name: Name, hosts: ReadonlyMap<Name, Host>): string | undefined {
  const labels = labelsOf(name)
  for (let kept = labels.length - 1; kept >= labels.length / 2; kept--) {
    const host = `${labels.slice(0, kept).join('.')}.` as Name
    if (hosts.has(host) && host.endsWith(`.${labels.slice(kept).join('.')}.`)) return displayName(host)
  }
  return undefined
}
