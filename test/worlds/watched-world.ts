import fc from 'fast-check'
import type { Name } from '../../records/rr/name.js'
import { zoneOf } from '../../records/rr/name.js'
import { isKnown } from '../../records/rr/rrset.js'
import type { RawSpec } from '../../src/config/schema.js'
import { DOMAINS, TARGETS } from './arbitrary-spec.js'
import { type Faults, NO_FAULTS, Stepwise } from './faults.js'
import { type World, worldOf } from './world.js'

const ZONES = new Map(Object.entries(TARGETS).map(([zone, targets]) => [zone as Name, targets]))

/** A world that tells of each change. */
export interface Watched {
  readonly world: World
  /** What goes wrong from now on. */
  faults: Faults
  onChange?: () => void
}

export async function watchedWorld(): Promise<Watched> {
  const watched = { faults: NO_FAULTS } as { faults: Faults; onChange?: () => void; world?: World }
  const zonesOf = (provider: string) =>
    Object.fromEntries([...ZONES].filter(([, targets]) => targets.includes(provider)).map(([zone]) => [zone, []]))
  watched.world = await worldOf(
    { one: zonesOf('one'), two: zonesOf('two') },
    { wrap: (provider, name) => new Stepwise(provider, name, watched) },
  )
  return watched as Watched
}

/** The MX and PTR that lead to a name which a zone here should have an address for, and one of its providers has not. */
export function dangling({ held }: World): string[] {
  const rrsets = [...held.values()].flatMap((zones) =>
    [...zones.values()].flatMap((zone) => [...zone.values()].filter(isKnown)),
  )
  const targets = rrsets.flatMap((rrset): readonly Name[] => {
    if (rrset.type === 'MX') return rrset.rdata.map(({ exchange }) => exchange)
    return rrset.type === 'PTR' ? rrset.rdata : []
  })
  return [...new Set(targets)].filter((name) => {
    const zone = zoneOf(name, ZONES)
    return (
      zone !== undefined &&
      name !== '.' &&
      !(ZONES.get(zone) ?? []).every((one) => hasAddress(held.get(one)?.get(zone), name))
    )
  })
}

function hasAddress(zone: ReadonlyMap<string, unknown> | undefined, name: Name): boolean {
  return zone !== undefined && (zone.has(`${name} A`) || zone.has(`${name} AAAA`))
}

/** Key zones lie where they are in nobody's way, or in that of a domain that leads to another one. */
const keyZone = fc.constantFrom(undefined, 'keys.example.com', 'keys.example.net', 'keys.parked.example')
export const keyZones = fc.dictionary(fc.constantFrom(...DOMAINS), keyZone, { noNullPrototype: true })

/** The spec, its domains signing with the keys of zones. */
export function withKeyZones(raw: RawSpec, zones: Readonly<Record<string, string | undefined>>): RawSpec {
  const domains = Object.entries(raw.domains).map(([name, domain]) => {
    const zone = domain.mail === 'none' ? undefined : zones[name]
    return [name, zone === undefined ? domain : { ...domain, dkim: { zone, selectors: ['a', 'b'] } }] as const
  })
  return { ...raw, domains: Object.fromEntries(domains) }
}

/** The selectors that lead to a key zone here which has no record for them at one of its providers. */
export function ledNowhere({ held }: World): string[] {
  const rrsets = [...held.values()].flatMap((zones) =>
    [...zones.values()].flatMap((zone) => [...zone.values()].filter(isKnown)),
  )
  return rrsets
    .flatMap((rrset) => (rrset.type === 'CNAME' && rrset.name.includes('._domainkey.') ? rrset.rdata : []))
    .filter((target) => {
      const zone = zoneOf(target, ZONES) as Name
      return !(ZONES.get(zone) ?? []).every((one) => held.get(one)?.get(zone)?.has(`${target} TXT`))
    })
}
