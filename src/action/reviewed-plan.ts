import { canonical, keyOf, type RRset, sameRRset } from '../../records/rrset.js'
import { type Plan, type PlannedChange, plannedSubject, type ZonePlan } from '../plan/plan.js'
import type { Problem } from '../problem.js'

/**
 * Of a fresh plan, the changes that were reviewed. Each must be in the fresh one exactly, so what is carried out is asked
 * for by the spec that is here, stands on what DNS holds now, and was seen by a reviewer; a plan that was tampered with on
 * its way is only refused. With `stale` problems nothing may be carried out.
 */
export function reviewedPart(reviewed: Plan, fresh: Plan): { readonly plan: Plan; readonly stale: readonly Problem[] } {
  const parts = reviewed.zones.map((zone) => reviewedZone(zone, fresh))
  const zones = parts.map(({ zone }) => zone)
  return { plan: { ...fresh, zones, keys: reviewed.keys }, stale: parts.flatMap(({ stale }) => stale) }
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
  const seen = reviewed.changes.flatMap((change) => changes.get(keyOf(plannedSubject(change))) ?? [])
  return { zone: { ...reviewed, ...found, changes: seen }, stale }
}

function difference(reviewed: PlannedChange, fresh: PlannedChange | undefined): string | undefined {
  if (!fresh) return 'it is so already, or the spec does not ask for it'
  if (!isSame(reviewed.before, fresh.before)) return 'DNS holds something else now'
  return isSame(reviewed.after, fresh.after) ? undefined : 'the spec asks for something else'
}

function isSame(one: RRset | undefined, other: RRset | undefined): boolean {
  return one && other ? sameRRset(canonical(one), canonical(other)) : one === other
}
