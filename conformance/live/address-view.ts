import type { Provider } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import { type Address, familyOf } from '../../records/rr/address.js'
import { isWithin, joinName, labelsOf, type Name } from '../../records/rr/name.js'
import { addressAt, reverseName } from '../../records/rr/reverse.js'
import { type AnyRRset, type Change, isKnown, type RRset } from '../../records/rr/rrset.js'
import { OWNED } from '../addresses/addresses.js'
import { mapped } from './zone-view.js'

/** Which addresses, and which names, stand for those of the suite. */
export interface AddressView {
  /** By the address as the suite has it. */
  readonly addresses: ReadonlyMap<Address, Address>
  /** Above the names that the PTRs lead to. */
  readonly name: Name
  /** The suite's names, by the real ones that have stood for them so far. */
  readonly names: Map<Name, Name>
}

/** Throws `usage` for more addresses than the suite has. */
export function addressView(addresses: readonly Address[], name: Name): AddressView {
  const free = [...OWNED]
  const pairs = addresses.map((address): [Address, Address] => {
    const index = free.findIndex((one) => familyOf(one) === familyOf(address))
    const [suite] = index < 0 ? [] : free.splice(index, 1)
    if (suite !== undefined) return [suite, address]
    const most = OWNED.filter((one) => familyOf(one) === familyOf(address)).length
    throw new MailsyncError('usage', `${most} IPv${familyOf(address)} addresses are as many as the suite takes`)
  })
  return { addresses: new Map(pairs), name, names: new Map() }
}

/** Whether a set is the PTR of one of the suite's addresses that nothing stands for. */
export function lacksAddress({ addresses }: AddressView, { name }: Pick<RRset, 'name'>): boolean {
  const address = addressAt(name)
  return address !== undefined && OWNED.includes(address) && !addresses.has(address)
}

/** Whether a PTR leads to a name of a run: right below the name that was given for that. */
export function isOfRun({ name }: AddressView, { rdata }: AnyRRset): boolean {
  const [target] = rdata as readonly Name[]
  return target !== undefined && isWithin(target, name) && labelsOf(target).length === labelsOf(name).length + 1
}

/** The provider with these addresses and names as the suite has them; of those that nothing stands for there is never a PTR. */
export function viewedAddresses(provider: Provider, view: AddressView): Provider {
  const toReal = (rrset: RRset): RRset => {
    const address = view.addresses.get(addressAt(rrset.name) as Address)
    const rdata = (rrset.rdata as readonly Name[]).map((target) => {
      const real = joinName(labelsOf(target)[0]?.toLowerCase() ?? '', view.name)
      view.names.set(real, target.toLowerCase() as Name)
      return real
    })
    return { ...rrset, name: address === undefined ? rrset.name : reverseName(address), rdata } as RRset
  }
  const suiteOf = new Map([...view.addresses].map(([suite, real]) => [reverseName(real), reverseName(suite)]))
  const toSuite = <Set extends AnyRRset>(rrset: Set): Set => ({
    ...rrset,
    name: suiteOf.get(rrset.name) ?? rrset.name,
    rdata: isKnown(rrset) ? (rrset.rdata as readonly Name[]).map((target) => view.names.get(target) ?? target) : [],
  })
  const realName = (name: Name): Name => toReal({ type: 'PTR', name, ttl: 0, rdata: [] }).name
  const { batches, providerDefault } = provider
  return {
    ...provider,
    read: async (zone, signal, places = []) => {
      const known = places.filter((place) => !lacksAddress(view, place))
      const asked = known.map((place) => ({ ...place, name: realName(place.name) }))
      return (await provider.read(zone, signal, asked)).map(toSuite)
    },
    write: async (zone, changes, signal) => {
      const sent = new Map(changes.map((change) => [mapped(change, toReal), change]))
      const back = (told: readonly Change[]): Change[] =>
        told.map((change) => sent.get(change) ?? mapped(change, toSuite))
      const { applied, uncertain, failure } = await provider.write(zone, [...sent.keys()], signal)
      return { applied: back(applied), ...(uncertain && { uncertain: back(uncertain) }), ...(failure && { failure }) }
    },
    ...(batches && {
      batches: (zone, changes) =>
        batches.call(
          provider,
          zone,
          changes.map((change) => mapped(change, toReal)),
        ),
    }),
    ...(providerDefault && { providerDefault: (name) => providerDefault.call(provider, realName(name)) }),
  }
}
