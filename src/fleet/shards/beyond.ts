import type { Name } from '../../../records/rr/name.js'
import { afterOf, beforeOf } from '../../../records/rr/rrset.js'
import { type Beyond, targetsOf } from '../../apply/order.js'
import type { ZonePlan } from '../../plan/plan.js'
import type { ZoneLinks } from './zone-links.js'

/** What the zones of other shards do, as far as the spec tells: what they lead to now is not known, so it may be anything. */
export function beyondBySpec({ names }: Pick<ZoneLinks, 'names'>, isOwn: (zone: Name) => boolean): Beyond {
  const led = new Set<string>([...names].flatMap(([zone, targets]) => (isOwn(zone) ? [] : [...targets])))
  return { willLeadTo: (name) => led.has(name), mayLeadTo: () => true }
}

/** What the zones of other shards do, as their plans say. */
export function beyondByPlan(others: readonly ZonePlan[]): Beyond {
  const namesOf = (side: typeof afterOf): ReadonlySet<string> =>
    new Set(others.flatMap((plan) => targetsOf(plan, side)))
  const [coming, going] = [namesOf(afterOf), namesOf(beforeOf)]
  return { willLeadTo: (name) => coming.has(name), mayLeadTo: (name) => going.has(name) }
}
