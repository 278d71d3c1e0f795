import type { Compiled } from '../records/compile.js'
import { keyZonesOf } from '../records/families/dkim/key-zone.js'
import { type Name, parentOf, zoneOf } from '../records/rr/name.js'
import { kindOfDomain } from './config/domain-name.js'
import type { Session } from './session.js'

/** What a spec means, offline: with `'*'`, which is not asked, the topmost domains in no declared zone count as zones. */
export function compiledOffline({
  spec,
  keys,
  compiled,
  compile,
}: Pick<Session, 'spec' | 'keys' | 'compiled' | 'compile'>): Compiled {
  const { zones, otherZones, domains } = spec
  if (!otherZones) return compiled
  const names = [...domains.map(({ name }) => mailNameOf(name)), ...keyZonesOf(domains).map(({ name }) => name)]
  const loose = new Set(names.filter((name) => zoneOf(name, zones) === undefined))
  const known = new Map([...loose].map((name) => [name, true]))
  const tops = [...loose].filter((name) => zoneOf(parentOf(name), known) === undefined)
  const declared = [...zones].map(([zone, { targets }]): [Name, readonly string[]] => [zone, targets])
  return compile(keys, new Map([...declared, ...tops.map((name) => [name, otherZones.targets] as const)]))
}

/** The name itself, or the nearest above it that can be a mail domain: a wildcard is no zone. */
function mailNameOf(name: Name): Name {
  return kindOfDomain(name) === 'mail' ? name : mailNameOf(parentOf(name))
}
