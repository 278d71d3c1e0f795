import { isLaterManifest, manifestName, readManifests } from '../../../records/manifest.js'
import type { Address } from '../../../records/rr/address.js'
import { isWithin, type Name, parentOf, zoneOf } from '../../../records/rr/name.js'
import type { RRset, RRsetOf, RRType } from '../../../records/rr/rrset.js'

/** The addresses of a name, or why they are not known here. `absent`: the name is served, and has none. */
export type Standing =
  | { readonly addresses: readonly Address[] }
  | { readonly unknown: string; readonly absent?: boolean }

/** What the zones that were read hold. */
export class Holdings {
  readonly zones: ReadonlyMap<Name, readonly RRset[]>
  readonly #sets = new Map<string, RRset>()

  constructor(zones: ReadonlyMap<Name, readonly RRset[]>) {
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
    return this.get(name, 'TXT')?.rdata ?? []
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
    return addresses.length === 0 ? { unknown: 'it has no address', absent: true } : { addresses }
  }

  /** The RRsets at a name and below it, in the order of their zones. */
  within(name: Name): RRset[] {
    return [...this.#sets.values()].filter((rrset) => isWithin(rrset.name, name))
  }
}

/** The owners whose specs already write into a zone; `a later mailsync` stands for those whose words are not known here. */
export function ownersOf(zone: Name, rrsets: readonly RRset[]): string[] {
  const manifest = rrsets.find(({ name, type }) => name === manifestName(zone) && type === 'TXT')
  const values = manifest?.type === 'TXT' ? manifest.rdata : []
  return [...readManifests(zone, values).keys(), ...(values.some(isLaterManifest) ? ['a later mailsync'] : [])]
}
