import type { Name } from '../../rr/name.js'
import type { MailSpec, ZoneSpec } from '../../spec.js'
import type { Level } from '../move.js'
import { blendDomain } from './blend-domain.js'

/**
 * A spec on its way from one to another: the zones and providers of both, and of the rest what is there at a level. Its MX and
 * MTA-STS policies are those of the level; what becomes of all other records `blendRecords` says.
 */
export function blendSpecs(old: MailSpec, goal: MailSpec, level: Level): MailSpec {
  const hosts = byName(old.hosts, goal.hosts)
  const domains = byName(old.domains, goal.domains)
  const owners = [...(old.addressOwners ?? []), ...(goal.addressOwners ?? [])]
  const others = blendZone(old.otherZones, goal.otherZones, level)
  const flattened = new Map([...(old.flattened ?? []), ...(goal.flattened ?? [])])
  return {
    ...old,
    providers: new Map([...goal.providers, ...old.providers]),
    zones: new Map(
      [...byKey(old.zones, goal.zones)].flatMap(([name, [a, b]]): [Name, ZoneSpec][] => {
        const zone = blendZone(a, b, level)
        return zone ? [[name, zone]] : []
      }),
    ),
    ...(others && { otherZones: others }),
    ...(owners.length > 0 && { addressOwners: new Set(owners) }),
    ...(flattened.size > 0 && { flattened }),
    hosts: [...hosts.values()].flatMap(([a, b]) => {
      if (level === 0) return a ?? []
      if (level === 3) return b ?? []
      return (level === 1 ? (a ?? b) : (b ?? a)) ?? []
    }),
    domains: [...domains.values()].flatMap(([a, b]) => blendDomain(a, b, level) ?? []),
  }
}

/** Both hold a zone from the moment that something else is put there until the old one is gone. */
function blendZone(old: ZoneSpec | undefined, goal: ZoneSpec | undefined, level: Level): ZoneSpec | undefined {
  if (!old || !goal || level === 0) return old ?? goal
  const servers = level < 2 ? (old.servers ?? goal.servers) : (goal.servers ?? old.servers)
  return {
    targets: [...new Set([...old.targets, ...goal.targets])],
    ...(servers && { servers }),
    from: old.from,
  }
}

function byName<T extends { readonly name: Name }>(
  old: readonly T[],
  goal: readonly T[],
): Map<Name, readonly [T | undefined, T | undefined]> {
  const keyed = (list: readonly T[]): Map<Name, T> => new Map(list.map((one) => [one.name, one]))
  return byKey(keyed(old), keyed(goal))
}

function byKey<T>(
  old: ReadonlyMap<Name, T>,
  goal: ReadonlyMap<Name, T>,
): Map<Name, readonly [T | undefined, T | undefined]> {
  return new Map([...new Set([...old.keys(), ...goal.keys()])].map((name) => [name, [old.get(name), goal.get(name)]]))
}
