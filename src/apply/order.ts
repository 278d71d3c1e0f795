import { families } from '../../records/families/index.js'
import { groupBy } from '../../records/group.js'
import { isWithin, type Name } from '../../records/rr/name.js'
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
  /** Indexes of the zones, in the order given and then those not read, that must not have failed. */
  readonly needs: readonly number[]
}

/**
 * The fewest writes that keep make before break: one a zone, unless the zone both gives addresses to another and relies on
 * one, or takes away an address that another still leads to. A zone that was not read may lack what another wants to lead
 * to, and may lead to anything that goes.
 */
export function orderSteps(plans: readonly ZonePlan[], unread: readonly { readonly zone: string }[] = []): Step[] {
  const makers = zonesByName(plans, (change) => change.kind !== 'delete' && isAddress(change))
  const losers = zonesByName(plans, (change) => change.kind === 'delete' && isAddress(change))
  const gains = plans.map((plan, index) =>
    zonesOf(
      targetsOf(plan, ({ after }) => after),
      makers,
      index,
    ),
  )
  const losses = plans.map((plan, index) =>
    zonesOf(
      targetsOf(plan, ({ before }) => before),
      losers,
      index,
    ),
  )
  const isNeeded = new Set(gains.flat())
  const loses = new Set([...losers.values()].flat())
  return plans.flatMap((plan, index) => {
    const news = unread.length === 0 ? [] : newTargets(plan)
    const missing = unread.flatMap(({ zone }, other) =>
      news.some((name) => isWithin(name, zone as Name)) ? [plans.length + other] : [],
    )
    const holders = [
      ...losses.flatMap((zones, other) => (zones.includes(index) ? [other] : [])),
      ...(loses.has(index) ? unread.map((_, other) => plans.length + other) : []),
    ]
    return splitZone(plan, index, {
      needs: [...(gains[index] ?? []), ...missing],
      holders,
      isNeeded: isNeeded.has(index),
      isHolder: (losses[index] ?? []).length > 0,
    })
  })
}

interface Relations {
  /** Zones whose new addresses this one leads to. */
  readonly needs: readonly number[]
  /** Zones that still lead to an address this one takes away. */
  readonly holders: readonly number[]
  /** Another zone leads to an address that is new here. */
  readonly isNeeded: boolean
  /** This one still leads to an address that another takes away. */
  readonly isHolder: boolean
}

function splitZone(plan: ZonePlan, zone: number, { needs, holders, isNeeded, isHolder }: Relations): Step[] {
  const changes = [...plan.changes].sort((a, b) => rankOf(a) - rankOf(b))
  const isBreak = (change: PlannedChange): boolean =>
    change.manifest || (change.kind === 'delete' && (isAddress(change) || !isHolder))
  const stageOf = (change: PlannedChange): Step['stage'] => {
    if (holders.length > 0 && isBreak(change)) return 'break'
    if (isNeeded && (needs.length === 0 || isMake(change))) return 'make'
    return needs.length > 0 || !isNeeded ? 'rely' : 'make'
  }
  return (['make', 'rely', 'break'] as const).flatMap((stage) => {
    const own = changes.filter((change) => stageOf(change) === stage)
    if (own.length === 0) return []
    return [{ plan, zone, changes: own, stage, needs: stage === 'rely' ? needs : stage === 'break' ? holders : [] }]
  })
}

const LAST = 100

/** Within a zone: what is relied on comes first and goes last, and the manifest is the end of all. */
function rankOf(change: PlannedChange): number {
  if (change.manifest) return LAST
  const rank = Math.min(...change.edits.map(({ purpose }) => families[purpose].rank))
  return isMake(change) || change.edits.some(({ after }) => after.length > 0) ? rank : LAST - 1 - rank
}

function isMake(change: PlannedChange): boolean {
  return change.edits.some(({ purpose, after }) => (purpose === 'host' || purpose === 'dkim') && after.length > 0)
}

function isAddress(change: PlannedChange): boolean {
  const { type } = plannedSubject(change)
  return type === 'A' || type === 'AAAA'
}

/** The owner names of some changes, and the zones they are in. */
function zonesByName(plans: readonly ZonePlan[], isChosen: (change: PlannedChange) => boolean): Map<string, number[]> {
  const names = plans.flatMap(({ changes }, zone) =>
    changes.filter(isChosen).map((change) => ({ name: plannedSubject(change).name as string, zone })),
  )
  return new Map([...groupBy(names, ({ name }) => name)].map(([name, list]) => [name, list.map(({ zone }) => zone)]))
}

/** The names that one side of the MX and PTR changes of a zone leads to. */
function targetsOf({ changes }: ZonePlan, side: (change: PlannedChange) => PlannedChange['after']): string[] {
  return changes.flatMap((change) => {
    const rrset = side(change)
    if (rrset?.type === 'MX') return rrset.rdata.map(({ exchange }) => exchange)
    return rrset?.type === 'PTR' ? rrset.rdata : []
  })
}

/** What the zone did not lead to before, as far as it changes. */
function newTargets(plan: ZonePlan): Name[] {
  const old = new Set(targetsOf(plan, ({ before }) => before))
  return targetsOf(plan, ({ after }) => after).filter((name) => !old.has(name)) as Name[]
}

/** The other zones that have one of these names. */
function zonesOf(names: readonly string[], zones: ReadonlyMap<string, readonly number[]>, own: number): number[] {
  if (zones.size === 0) return []
  return [...new Set(names.flatMap((name) => zones.get(name) ?? []))].filter((zone) => zone !== own)
}
