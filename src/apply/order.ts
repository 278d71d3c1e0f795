import type { Purpose } from '../../records/mail-record.js'
import type { Mx } from '../../records/rrset.js'
import { type PlannedChange, plannedSubject, type ZonePlan } from '../plan/plan.js'

/**
 * One write of one zone. Steps of a lower stage are finished before those of a higher one begin, so that mail never breaks
 * midway: addresses stand before an MX or PTR in another zone leads to them, and go after it has let go of them.
 */
export interface Step {
  readonly plan: ZonePlan
  /** Index of the zone in the order given. */
  readonly zone: number
  readonly changes: readonly PlannedChange[]
  readonly stage: 'make' | 'rely' | 'break'
  /** Indexes of the zones, in the order given, that must not have failed. */
  readonly needs: readonly number[]
}

/**
 * The fewest writes that keep make before break: one a zone, unless the zone both gives addresses to another and relies on
 * one, or takes away an address that another still leads to.
 */
export function orderSteps(plans: readonly ZonePlan[]): Step[] {
  const makers = namesIn(
    plans,
    (change) => change.kind !== 'delete' && isAddress(change),
    (change) => [plannedSubject(change).name],
  )
  const losers = namesIn(
    plans,
    (change) => change.kind === 'delete' && isAddress(change),
    (change) => [plannedSubject(change).name],
  )
  const gains = plans.map((plan) => zonesOf(plan, makers, ({ after }) => after))
  const losses = plans.map((plan) => zonesOf(plan, losers, ({ before }) => before))
  const isNeeded = new Set(gains.flatMap((zones, index) => zones.filter((zone) => zone !== index)))
  return plans.flatMap((plan, index) => {
    const needs = (gains[index] ?? []).filter((zone) => zone !== index)
    const holders = losses.flatMap((zones, other) => (other !== index && zones.includes(index) ? [other] : []))
    return splitZone(plan, index, { needs, holders, isNeeded: isNeeded.has(index) })
  })
}

interface Relations {
  /** Zones whose new addresses this one leads to. */
  readonly needs: readonly number[]
  /** Zones that still lead to an address this one takes away. */
  readonly holders: readonly number[]
  /** Another zone leads to an address that is new here. */
  readonly isNeeded: boolean
}

function splitZone(plan: ZonePlan, zone: number, { needs, holders, isNeeded }: Relations): Step[] {
  const changes = [...plan.changes].sort((a, b) => rankOf(a) - rankOf(b))
  const stageOf = (change: PlannedChange): Step['stage'] => {
    if (holders.length > 0 && (change.manifest || change.kind === 'delete')) return 'break'
    if (isNeeded && (needs.length === 0 || isMake(change))) return 'make'
    return needs.length > 0 || !isNeeded ? 'rely' : 'make'
  }
  return (['make', 'rely', 'break'] as const).flatMap((stage) => {
    const own = changes.filter((change) => stageOf(change) === stage)
    if (own.length === 0) return []
    return [{ plan, zone, changes: own, stage, needs: stage === 'rely' ? needs : stage === 'break' ? holders : [] }]
  })
}

const RANK: Record<Purpose, number> = { host: 0, dkim: 1, ptr: 2, spf: 3, mx: 4, report: 5, dmarc: 6 }
const LAST = 100

/** Within a zone: what is relied on comes first and goes last, and the manifest is the end of all. */
function rankOf(change: PlannedChange): number {
  if (change.manifest) return LAST
  const rank = Math.min(...change.edits.map(({ purpose }) => RANK[purpose]))
  return isMake(change) || change.edits.some(({ after }) => after.length > 0) ? rank : LAST - 1 - rank
}

function isMake(change: PlannedChange): boolean {
  return change.edits.some(({ purpose, after }) => (purpose === 'host' || purpose === 'dkim') && after.length > 0)
}

function isAddress(change: PlannedChange): boolean {
  const { type } = plannedSubject(change)
  return type === 'A' || type === 'AAAA'
}

function namesIn(
  plans: readonly ZonePlan[],
  isChosen: (change: PlannedChange) => boolean,
  namesOf: (change: PlannedChange) => readonly string[],
): Map<string, number[]> {
  const zones = new Map<string, number[]>()
  for (const [index, { changes }] of plans.entries())
    for (const name of changes.filter(isChosen).flatMap(namesOf)) zones.set(name, [...(zones.get(name) ?? []), index])
  return zones
}

/** The zones that hold a name one side of this zone's MX and PTR changes leads to. */
function zonesOf(
  plan: ZonePlan,
  holders: ReadonlyMap<string, readonly number[]>,
  side: (change: PlannedChange) => PlannedChange['after'],
): number[] {
  if (holders.size === 0) return []
  const names = plan.changes.flatMap((change) => {
    const rrset = side(change)
    if (rrset?.type === 'MX') return rrset.rdata.map(({ exchange }: Mx) => exchange as string)
    return rrset?.type === 'PTR' ? [...rrset.rdata] : []
  })
  return [...new Set(names.flatMap((name) => holders.get(name) ?? []))]
}
