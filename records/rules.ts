import { families } from './families/index.js'
import type { Finding } from './finding.js'
import type { Name } from './rr/name.js'
import type { Zone } from './rr/zone.js'
import { lengthRules } from './rules/length.js'
import { parkedRules } from './rules/parked.js'
import { placementRules } from './rules/placement.js'
import type { RuleInput } from './rules/rule.js'

/** Applies every rule to a spec and what it was compiled into: those of no one family, then each family's. */
export function checkSpec(input: RuleInput): Finding[] {
  const rules = [
    ...placementRules,
    ...parkedRules,
    ...lengthRules,
    ...Object.values(families).flatMap((family) => family.rules),
  ]
  return rules.flatMap((rule) => rule(input))
}

/** What is to be said about a zone that was read, as it will be once the plan is applied. Pure. */
export function checkZone(input: RuleInput, zone: Zone): Finding[] {
  return Object.values(families).flatMap((family) => family.observe?.({ zone, input }) ?? [])
}

/**
 * The findings that stay once zones were read: where the zone that answers for a name was, it has said itself what a rule
 * could only suppose.
 */
export function unanswered(findings: readonly Finding[], wasRead: (name: Name) => boolean): Finding[] {
  return findings.filter(({ seenAt }) => seenAt === undefined || !wasRead(seenAt))
}
