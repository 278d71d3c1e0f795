import { isSpfValue } from '../../../../records/families/spf/read-spf.js'
import { ownedIn } from '../../../../records/manifest.js'
import type { Address } from '../../../../records/rr/address.js'
import { compareNames, type Name, parseHostname } from '../../../../records/rr/name.js'
import { zoneWith } from '../../../../records/rr/zone.js'
import type { Holdings } from '../../holdings/holdings.js'
import type { Gathered } from '../../source/gather.js'
import { draftMx } from '../draft-mx.js'
import { spfMeaning } from '../spf/spf-meaning.js'

/** A machine that moves mail, as far as DNS tells. */
export interface FoundHost {
  readonly name: Name
  readonly addresses: readonly Address[]
  /** Whether it is a host because of an SPF alone: no MX leads to it, and no spec writes it. */
  readonly onlySends: boolean
}

/**
 * The hosts of some domains, by name: the targets of their MX, the names that only their SPF knows, and those the spec of
 * `owner` already has, which leaving out would delete. Names whose addresses were not read are none.
 */
export function findHosts(domains: readonly Name[], owner: string | undefined, gathered: Gathered): FoundHost[] {
  const { holdings } = gathered
  const receivers = new Set(domains.flatMap((name) => receiversOf(name, holdings)))
  const senders = new Set(domains.flatMap((name) => senderNames(name, holdings)))
  const targets = new Set(
    domains.flatMap((name) => holdings.get(name, 'MX')?.rdata ?? []).map(({ exchange }) => exchange),
  )
  const managed = new Set(managedHosts(owner, gathered))
  const names = new Set([...receivers, ...senders, ...managed])
  return [...names].sort(compareNames).flatMap((name) => {
    const addresses = addressesOf(name, holdings)
    const isHost = addresses.length > 0 && typeof parseHostname(name) === 'string'
    return isHost ? [{ name, addresses, onlySends: senders.has(name) && !targets.has(name) && !managed.has(name) }] : []
  })
}

function receiversOf(name: Name, holdings: Holdings): Name[] {
  const { mx } = draftMx(name, holdings)
  return Array.isArray(mx) ? mx.map(({ exchange }) => exchange) : []
}

/** The names that `a` and `mx` lead to in an SPF a spec can say, as far as their addresses are not those of the MX anyway. */
function senderNames(name: Name, holdings: Holdings): Name[] {
  const [value, ...others] = holdings.texts(name).filter(isSpfValue)
  if (value === undefined || others.length > 0) return []
  const { named, unsupported, faults } = spfMeaning(value, name, holdings)
  const known = new Set(receiversOf(name, holdings).flatMap((host) => addressesOf(host, holdings)))
  const isNew = (host: Name): boolean => addressesOf(host, holdings).some((address) => !known.has(address))
  return unsupported.length + faults.length > 0 ? [] : [...named.keys()].filter(isNew)
}

function managedHosts(owner: string | undefined, { holdings, own }: Gathered): Name[] {
  if (owner === undefined) return []
  return [...own].flatMap((zone) => {
    const slots = ownedIn(zoneWith(zone, holdings.zones.get(zone) ?? []), owner)
    return slots.filter(({ purpose }) => purpose === 'host').map(({ name }) => name)
  })
}

function addressesOf(name: Name, holdings: Holdings): readonly Address[] {
  const found = holdings.addressesAt(name)
  return 'addresses' in found ? found.addresses : []
}
