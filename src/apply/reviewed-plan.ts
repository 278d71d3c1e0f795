import { type Name, zoneOf } from '../../records/rr/name.js'
import { afterOf, beforeOf, canonical, keyOf, type RRset, sameRRset, subjectOf } from '../../records/rr/rrset.js'
import type { MailSpec } from '../../records/spec.js'
import { reverseNamesOf } from '../hosts/reverse/look-at-reverse.js'
import type { Plan, PlannedChange, ZoneFailure, ZonePlan } from '../plan/plan.js'
import { leadingName } from '../plan/zones/leading-zones.js'
import type { Problem } from '../problem.js'
import { count } from '../render/words.js'
import { targetsOf } from './order.js'

export interface ReviewedPart {
  /** What is carried out. */
  readonly plan: Plan
  /** With any of these nothing may be carried out. */
  readonly stale: readonly Problem[]
  /** Zones the spec wants changed and the reviewed plan does not know: what leads to them must not be written. */
  readonly unreviewed: readonly ZoneFailure[]
}

/**
 * Of a fresh plan, the zones that were reviewed. Each must have exactly the changes that were seen, so what is carried out
 * is asked for by the spec that is here, stands on what DNS holds now, and is whole: a plan that lost or gained a change on
 * its way is only refused. Of a zone that an earlier run has begun to write, what is so already is done, and what is remembered of it may be in between.
 */
export function reviewedPart(
  reviewed: Plan,
  fresh: Plan,
  isBegun: (zone: ZonePlan) => boolean = () => false,
): ReviewedPart {
  const now = { zones: byPlace(fresh.zones), failures: byPlace(fresh.failures), isBegun }
  const parts = reviewed.zones.map((zone) => reviewedZone(zone, now))
  const known = byPlace(reviewed.zones)
  return {
    plan: {
      ...fresh,
      zones: parts.map(({ zone }) => zone),
      keys: reviewed.keys,
      manual: fresh.manual.filter(({ zone, provider = '' }) => zone === undefined || known.has(`${zone} ${provider}`)),
    },
    stale: parts.flatMap(({ stale }) => stale),
    unreviewed: fresh.zones.filter((zone) => !known.has(placeOf(zone))).map(unreviewedZone),
  }
}

/**
 * The zones that must be read to carry out a reviewed plan: those it changes, those its changes lead to, unless these are done, and those
 * whose CNAMEs may lead to a PTR that it changes.
 */
export function zonesToRead(
  plan: Plan,
  spec: Pick<MailSpec, 'zones' | 'hosts'>,
  isDone: (zone: Name) => boolean = () => false,
): Name[] {
  const led = plan.zones.flatMap((zone) => targetsOf(zone, afterOf)).flatMap((name) => zoneOf(name, spec.zones) ?? [])
  const own = [...plan.zones.map(({ zone }) => zone), ...led].filter((zone) => !isDone(zone))
  return [...new Set([...own, ...zonesLeadingTo(plan, spec)])]
}

function zonesLeadingTo({ zones: planned }: Plan, spec: Pick<MailSpec, 'zones' | 'hosts'>): Name[] {
  const subjects = planned.flatMap(({ changes }) => changes.map(subjectOf))
  const ptrs = subjects.filter(({ type }) => type === 'PTR').map(({ name }) => name)
  const leading = ptrs.map(leadingName)
  const names = leading.includes(undefined) ? [...leading, ...reverseNamesOf({ spec })] : leading
  const own = new Set<Name | undefined>(ptrs)
  return names.flatMap((name) => (name === undefined || own.has(name) ? [] : (zoneOf(name, spec.zones) ?? [])))
}

function unreviewedZone({ zone, provider, changes }: ZonePlan): ZoneFailure {
  return {
    zone,
    provider,
    code: 'plan-unreviewed',
    message: `the spec asks for ${count(changes.length, 'change')} here that the reviewed plan does not have`,
    hint: 'plan again, and have it reviewed',
  }
}

/** What a fresh plan has, by {@link placeOf}. */
interface Fresh {
  readonly zones: ReadonlyMap<string, ZonePlan>
  readonly failures: ReadonlyMap<string, ZoneFailure>
  readonly isBegun: (zone: ZonePlan) => boolean
}

function reviewedZone(reviewed: ZonePlan, fresh: Fresh): { zone: ZonePlan; stale: Problem[] } {
  const { zone, provider } = reviewed
  const problem = (message: string, change?: PlannedChange): Problem => {
    const where = change?.edits.find((edit) => edit.where)?.where
    const hint = 'make a new plan and have it reviewed'
    return { rule: 'plan-stale', severity: 'error', message, hint, zone, provider, ...(where ? { where } : {}) }
  }
  const failure = fresh.failures.get(placeOf(reviewed))
  if (failure) return { zone: reviewed, stale: [problem(failure.message)] }
  const found = fresh.zones.get(placeOf(reviewed))
  const changes = new Map(found?.changes.map((change) => [keyOf(subjectOf(change)), change]))
  const stale = reviewed.changes.flatMap((change) => {
    const key = keyOf(subjectOf(change))
    const fault = difference(change, changes.get(key), fresh.isBegun(reviewed))
    return fault === undefined ? [] : [problem(`${key}: ${fault}`, change)]
  })
  const reviewedKeys = new Set(reviewed.changes.map((change) => keyOf(subjectOf(change))))
  const added = [...changes].filter(([key]) => !reviewedKeys.has(key))
  const unseen = added.map(([key, change]) => problem(`${key}: it was not in the plan that was reviewed`, change))
  const seen = reviewed.changes.flatMap((change) => changes.get(keyOf(subjectOf(change))) ?? [])
  return { zone: { ...reviewed, ...found, changes: seen }, stale: [...stale, ...unseen] }
}

interface Place {
  readonly zone: string
  readonly provider: string
}

function placeOf({ zone, provider }: Place): string {
  return `${zone} ${provider}`
}

function byPlace<T extends Place>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [placeOf(one), one]))
}

function difference(reviewed: PlannedChange, fresh: PlannedChange | undefined, isBegun: boolean): string | undefined {
  if (!fresh) return isBegun ? undefined : 'it is so already, or the spec does not ask for it'
  const isBetween = isBegun && reviewed.manifest && fresh.manifest
  if (!isBetween && !isSame(beforeOf(reviewed), beforeOf(fresh))) return 'DNS holds something else now'
  if (!isSame(afterOf(reviewed), afterOf(fresh))) return 'the spec asks for something else'
  return adopted(fresh).every((purpose) => adopted(reviewed).includes(purpose))
    ? undefined
    : 'it holds a value that mailsync did not write, and the plan does not say so'
}

function adopted({ edits }: PlannedChange): string[] {
  return edits.filter(({ adopts }) => adopts).map(({ purpose }) => purpose)
}

function isSame(one: RRset | undefined, other: RRset | undefined): boolean {
  return one && other ? sameRRset(canonical(one), canonical(other)) : one === other
}
