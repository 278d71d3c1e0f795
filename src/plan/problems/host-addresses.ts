import type { Name } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import type { Zone } from '../../../records/rr/zone.js'

/** Whether a name has addresses. `locked` says why the provider answers for them, and not the record. */
export interface HostAddresses {
  readonly what: 'address' | 'cname' | 'nothing'
  /** The DNAME above the name, which makes it a CNAME (RFC 6672 §3.1). */
  readonly dname?: Name
  readonly locked?: string
}

/**
 * Whether some names of a zone have addresses, as a resolver would find it, wildcards included. A name below a delegation is
 * left out: other name servers answer for it.
 */
export function hostAddresses(names: readonly Name[], zone: Zone): ReadonlyMap<Name, HostAddresses> {
  if (names.length === 0) return NOTHING
  const answered = names.filter((name) => zone.cutAbove(name) === undefined)
  return new Map(answered.map((name) => [name, addressesAt(name, zone)]))
}

function addressesAt(name: Name, zone: Zone): HostAddresses {
  const dname = zone.inTheWay(name, 'A').find((one) => one.kind === 'dname')
  return dname ? { what: 'cname', dname: dname.at } : addressesIn(zone.at(zone.source(name)))
}

function addressesIn(here: readonly AnyRRset[]): HostAddresses {
  if (here.some(({ type }) => type === 'CNAME')) return { what: 'cname' }
  const addresses = here.filter(({ type }) => type === 'A' || type === 'AAAA')
  const locked = addresses.find((rrset) => rrset.locked !== undefined)?.locked
  return addresses.length === 0 ? { what: 'nothing' } : { what: 'address', ...(locked === undefined ? {} : { locked }) }
}

/** For most zones: a map of its own takes as much memory as a record. */
const NOTHING: ReadonlyMap<Name, HostAddresses> = new Map()
