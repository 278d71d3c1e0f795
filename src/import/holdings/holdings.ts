import { isLaterManifest, manifestRRsets, readManifests } from '../../../records/manifest.js'
import { type Address, parseAddress } from '../../../records/rr/address.js'
import { displayName, isWithin, type Name, zoneOf } from '../../../records/rr/name.js'
import type { RRType } from '../../../records/rr/rdata.js'
import type { AnyRRset, RRsetOf } from '../../../records/rr/rrset.js'
import { joinedTxt } from '../../../records/rr/txt.js'
import { type Obstacle, type Zone, zoneWith } from '../../../records/rr/zone.js'

/** The addresses of a name, or why they are not known here. `absent`: the name is served, and has none. */
export type HostAddresses =
  | { readonly addresses: readonly Address[] }
  | { readonly unknown: string; readonly absent?: boolean }

/** What the zones that were read hold. */
export class Holdings {
  readonly zones: ReadonlyMap<Name, readonly AnyRRset[]>
  readonly #indexed: ReadonlyMap<Name, Zone>

  constructor(zones: ReadonlyMap<Name, readonly AnyRRset[]>) {
    this.zones = zones
    this.#indexed = new Map([...zones].map(([zone, rrsets]) => [zone, zoneWith(zone, rrsets)]))
  }

  get<T extends RRType>(name: Name, type: T): RRsetOf<T> | undefined {
    return this.#zoneOf(name)?.get(name, type)
  }

  /** The TXT values at a name. */
  texts(name: Name): readonly string[] {
    return this.#zoneOf(name)?.texts(name) ?? []
  }

  /** Whether these zones answer for a name; false where they delegate it to others. */
  serves(name: Name): boolean {
    const zone = this.#zoneOf(name)
    return zone !== undefined && zone.cutAbove(name) === undefined
  }

  /** What answers for a name in place of the zone that it is in, in words; undefined where the zone does. */
  cutAbove(name: Name): string | undefined {
    const found = this.#zoneOf(name)
      ?.inTheWay(name, 'TXT')
      .find(({ kind }) => kind === 'delegation' || kind === 'dname')
    if (found?.kind === 'dname') return `${displayName(found.at)} above it is a DNAME`
    return found?.kind === 'delegation' ? `${displayName(found.at)} is delegated to other name servers` : undefined
  }

  addressesAt(name: Name): HostAddresses {
    const zone = this.#zoneOf(name)
    if (!zone || !this.serves(name)) return { unknown: 'it is not in the zones that were read' }
    const [obstacle] = [...zone.inTheWay(name, 'A'), ...zone.inTheWay(name, 'AAAA')]
    if (obstacle) return { unknown: whyUnknown(obstacle) }
    const addresses: readonly Address[] = [zone.get(name, 'A'), zone.get(name, 'AAAA')].flatMap(
      (set) => (set?.rdata ?? []) as readonly Address[],
    )
    const mapped = addresses.find((address) => typeof parseAddress(address) !== 'string')
    if (mapped !== undefined) return { unknown: `its address ${mapped} is one of IPv4 written as IPv6` }
    return addresses.length === 0 ? { unknown: 'it has no address', absent: true } : { addresses }
  }

  /** The RRsets at a name and below it, in the order of their zones. */
  within(name: Name): AnyRRset[] {
    return [...this.zones].flatMap(([zone, rrsets]) =>
      rrsets.filter((rrset) => isWithin(rrset.name, name) && zoneOf(rrset.name, this.zones) === zone),
    )
  }

  #zoneOf(name: Name): Zone | undefined {
    const zone = zoneOf(name, this.zones)
    return zone === undefined ? undefined : this.#indexed.get(zone)
  }
}

function whyUnknown(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'cname':
      return 'it is a CNAME'
    case 'alias':
      return `it has a record of type ${obstacle.type}, which makes its addresses`
    case 'dname':
      return `${displayName(obstacle.at)} above it is a DNAME`
    case 'locked':
      return obstacle.reason
    default:
      return 'it is not in the zones that were read'
  }
}

/** The owners whose specs already write into a zone; `a later mailsync` stands for those whose words are not known here. */
export function ownersOf(zone: Name, rrsets: readonly AnyRRset[]): string[] {
  const values = manifestRRsets(zoneWith(zone, rrsets)).flatMap(({ rdata }) => rdata.map(joinedTxt))
  return [...readManifests(zone, values).keys(), ...(values.some(isLaterManifest) ? ['a later mailsync'] : [])]
}
