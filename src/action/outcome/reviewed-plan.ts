import { canonical, keyOf, type RRset, sameRRset } from '../../../records/rr/rrset.js'
import { type Plan, type PlannedChange, plannedSubject, type ZonePlan } from '../../plan/plan.js'
import type { Problem } from '../../problem.js'
import { count } from '../../render/words.js'

export interface ReviewedPart {
  readonly plan: Plan
  /** With any of these nothing may be carried out. */
  readonly stale: readonly Problem[]
  /** Zones the spec wants changed and the reviewed plan does not know. */
  readonly unreviewed: readonly Problem[]
}

/**
 * Of a fresh plan, the zones that were reviewed. Each must have exactly the changes that were seen, so what is carried out
 * is asked for by the spec that is here, stands on what DNS holds now, and is whole: a plan that lost or gained a change on
 * its way is only refused.
 */
export function reviewedPart(reviewed: Plan, fresh: Plan): ReviewedPart {
  const parts = reviewed.zones.map((zone) => reviewedZone(zone, fresh))
  const zones = parts.map(({ zone }) => zone)
  const isKnown = ({ zone, provider }: ZonePlan): boolean =>
    reviewed.zones.some((one) => one.zone === zone && one.provider === provider)
  return {
    plan: { ...fresh, zones, keys: reviewed.keys },
    stale: parts.flatMap(({ stale }) => stale),
    unreviewed: fresh.zones.filter((zone) => !isKnown(zone)).map(unreviewedZone),
  }
}

function unreviewedZone({ zone, provider, changes }: ZonePlan): Problem {
  const message = `the spec asks for ${count(changes.length, 'change')} here that the reviewed plan does not have`
  return {
    rule: 'plan-unreviewed',
    severity: 'warning',
    message,
    hint: 'plan again, and have it reviewed',
    zone,
    provider,
  }
}

function reviewedZone(reviewed: ZonePlan, fresh: Plan): { zone: ZonePlan; stale: Problem[] } {
  const { zone, provider } = reviewed
  const problem = (message: string, change?: PlannedChange): Problem => {
    const position = change?.edits.find(({ where }) => where)?.where
    const hint = 'make a new plan and have it reviewed'
    return { rule: 'plan-stale', severity: 'error', message, hint, zone, provider, ...(position ? { position } : {}) }
  }
  const isIt = (one: { zone: string; provider: string }): boolean => one.zone === zone && one.provider === provider
  const failure = fresh.failures.find(isIt)
  if (failure) return { zone: { ...reviewed, changes: [] }, stale: [problem(failure.message)] }
  const found = fresh.zones.find(isIt)
  const changes = new Map(found?.changes.map((change) => [keyOf(plannedSubject(change)), change]))
  const stale = reviewed.changes.flatMap((change) => {
    const key = keyOf(plannedSubject(change))
    const fault = difference(change, changes.get(key))
    return fault === undefined ? [] : [problem(`${key}: ${fault}`, change)]
  })
  const reviewedKeys = new Set(reviewed.changes.map((change) => keyOf(plannedSubject(change))))
  const added = [...changes].filter(([key]) => !reviewedKeys.has(key))
  const unseen = added.map(([key, change]) => problem(`${key}: it was not in the plan that was reviewed`, change))
  const seen = reviewed.changes.flatMap((change) => changes.get(keyOf(plannedSubject(change))) ?? [])
  return { zone: { ...reviewed, ...found, changes: seen }, stale: [...stale, ...unseen] }
}

function difference(reviewed: PlannedChange, fresh: PlannedChange | undefined): string | undefined {
  if (!fresh) return 'it is so already, or the spec does not ask for it'
  if (!isSame(reviewed.before, fresh.before)) return 'DNS holds something else now'
  return isSame(reviewed.after, fresh.after) ? undefined : 'the spec asks for something else'
}

function isSame(one: RRset | undefined, other: RRset | undefined): boolean {
  return one && other ? sameRRset(canonical(one), canonical(other)) : one === other
}
