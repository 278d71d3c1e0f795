import type { Compiled, Targets } from '../../../records/compile.js'
import { compile } from '../../../records/compile.js'
import { keyZonesOf } from '../../../records/families/dkim/key-zone.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { groupBy } from '../../../records/group.js'
import type { Name } from '../../../records/rr/name.js'
import type { ReverseAliases } from '../../../records/rr/reverse.js'
import type { Domain, MailSpec } from '../../../records/spec.js'
import { isMoving } from '../../move/is-moving.js'
import type { Session } from '../../session.js'
import { isSame } from './same.js'

/** A spec with its keys, now or then. */
export type Side = Pick<Session, 'spec' | 'keys' | 'compile' | 'problems'>

/** What two sides mean, of that what may differ. */
export interface Meanings {
  readonly now: Compiled
  readonly before: Compiled
}

export interface Served {
  readonly now: Compiled
  /** The zones that were served then. */
  readonly zonesThen: Targets
}

/**
 * What a spec meant then, beside what it means now. Where only some domains changed, both are compiled for those alone: what a
 * domain comes to depends on its own part of the spec, on the hosts, the zones and its keys, and on another domain only where both
 * sign with the keys of one zone.
 */
export function meanings(now: Side, then: Side, { now: compiled, zonesThen }: Served): Meanings {
  const { aliases, mayServeMore, zones } = compiled.input
  const changed = isMoving(now) || isMoving(then) ? undefined : changedDomains(now, then, [zones, zonesThen])
  if (changed === undefined) return { now: compiled, before: then.compile(then.keys, zonesThen, mayServeMore, aliases) }
  const of = ({ spec, keys }: Side, served: Targets, through: ReverseAliases): Compiled =>
    compile(
      only(spec, changed),
      keys.filter(({ domain }) => changed.has(domain)),
      served,
      mayServeMore,
      through,
    )
  return { now: of(now, zones, aliases), before: of(then, zonesThen, aliases) }
}

function only(spec: MailSpec, names: ReadonlySet<Name>): MailSpec {
  return { ...spec, domains: spec.domains.filter(({ name }) => names.has(name)) }
}

/** The domains that are not as they were; undefined where something else is not, which may be about each of them. */
function changedDomains(now: Side, then: Side, [zones, before]: readonly [Targets, Targets]): Set<Name> | undefined {
  if (!isSame(frame(now.spec), frame(then.spec)) || !hasSameKeys(zones, before)) return undefined
  const domainsThen = new Map(then.spec.domains.map((domain) => [domain.name, domain]))
  const [keysNow, keysThen] = [keysOf(now.keys), keysOf(then.keys)]
  const changed = now.spec.domains.filter((domain) => {
    const other = domainsThen.get(domain.name)
    domainsThen.delete(domain.name)
    const { name } = domain
    return (
      other === undefined ||
      !isSame(domain, other) ||
      !isSame(keysNow.get(name), keysThen.get(name)) ||
      !isSame(now.spec.led?.get(name), then.spec.led?.get(name)) ||
      !isSame(now.spec.chains?.get(name), then.spec.chains?.get(name))
    )
  })
  const all: readonly Domain[] = [...changed, ...domainsThen.values()]
  const names = new Set(all.map(({ name }) => name))
  const shared = keyZonesOf([...now.spec.domains, ...then.spec.domains])
  const isShared = shared.some(
    ({ name, domains }) => !isSame(keysNow.get(name), keysThen.get(name)) || domains.some((one) => names.has(one.name)),
  )
  return isShared ? undefined : names
}

/** What a spec has besides its domains and what compiling does not look at. */
export function frame({ providers: _, zones: __, domains: ___, led: ____, chains: _____, ...rest }: MailSpec): object {
  return rest
}

function keysOf(keys: readonly RingKey[]): Map<Name, RingKey[]> {
  return groupBy(keys, ({ domain }) => domain)
}

function hasSameKeys(one: Targets, other: Targets): boolean {
  return one.size === other.size && [...one.keys()].every((name) => other.has(name))
}
