import { isLaterManifest, manifestRRsets, readManifests } from '../../../records/manifest.js'
import { type Address, parseAddress } from '../../../records/rr/address.js'
import { isWithin, type Name, parentOf, zoneOf } from '../../../records/rr/name.js'
import type { AnyRRset, RRsetOf, RRType } from '../../../records/rr/rrset.js'
import { joinedTxt } from '../../../records/rr/txt.js'
import { zoneWith } from '../../../records/rr/zone.js'

/** The addresses of a name, or why they are not known here. `absent`: the name is served, and has none. */
export type Standing =
  | { readonly addresses: readonly Address[] }
  | { readonly unknown: string; readonly absent?: boolean }

/** What the zones that were read hold. */
export class Holdings {
  readonly zones: ReadonlyMap<Name, readonly AnyRRset[]>
  readonly #sets = new Map<string, AnyRRset>()

  constructor(zones: ReadonlyMap<Name, readonly AnyRRset[]>) {
    this.zones = zones
    for (const [zone, rrsets] of zones)
      for (const rrset of rrsets)
        if (zoneOf(rrset.name, zones) === zone) this.#sets.set(`${rrset.name} ${rrset.type}`, rrset)
  }

  get<T extends RRType>(name: Name, type: T): RRsetOf<T> | undefined {
    return this.#sets.get(`${name} ${type}`) as RRsetOf<T> | undefined
  }

  /** The TXT values at a name. */
  texts(name: Name): readonly string[] {
    return this.get(name, 'TXT')?.rdata.map(joinedTxt) ?? []
  }

  /** Whether these zones answer for a name; false where they delegate it to others. */
  serves(name: Name): boolean {
    const zone = zoneOf(name, this.zones)
    if (zone === undefined) return false
    for (let at = name; at !== zone; at = parentOf(at)) if (this.get(at, 'NS')) return false
    return true
  }

  addressesAt(name: Name): Standing {
    if (!this.serves(name)) return { unknown: 'it is not in the zones that were read' }
    if (this.get(name, 'CNAME')) return { unknown: 'it is a CNAME' }
    const sets = [this.get(name, 'A'), this.get(name, 'AAAA')]
    const locked = sets.find((set) => set?.locked !== undefined)?.locked
    if (locked !== undefined) return { unknown: locked }
    const addresses = sets.flatMap((set) => (set?.rdata ?? []) as readonly Address[])
    const mapped = addresses.find((address) => typeof parseAddress(address) !== 'string')
    if (mapped !== undefined) return { unknown: `its address ${mapped} is one of IPv4 written as IPv6` }
    return addresses.length === 0 ? { unknown: 'it has no address', absent: true } : { addresses }
  }

  /** The RRsets at a name and below it, in the order of their zones. */
  within(name: Name): AnyRRset[] {
    return [...this.#sets.values()].filter((rrset) => isWithin(rrset.name, name))
  }
}

/** The owners whose specs already write into a zone; `a later mailsync` stands for those whose words are not known here. */
export function ownersOf(zone: Name, rrsets: readonly AnyRRset[]): string[] {
  const values = manifestRRsets(zoneWith(zone, rrsets)).flatMap(({ rdata }) => rdata.map(joinedTxt))
  return [...readManifests(zone, values).keys(), ...(values.some(isLaterManifest) ? ['a later mailsync'] : [])]
}
