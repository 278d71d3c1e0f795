import { families } from '../../records/families/index.js'
import type { Purpose } from '../../records/families/mail-record.js'
import { includedNames } from '../../records/families/spf/graph.js'
import { groupBy } from '../../records/group.js'
import { type Name, zoneOf } from '../../records/rr/name.js'
import { afterOf, beforeOf, subjectOf } from '../../records/rr/rrset.js'
import { joinedTxt } from '../../records/rr/txt.js'
import type { PlannedChange, ZonePlan } from '../plan/plan.js'

export type Stage = 'make' | 'rely' | 'break'

/**
 * One write of one zone. Steps of a lower stage are finished before those of a higher one begin, so that mail never breaks
 * midway: addresses stand before an MX or PTR in another zone leads to them, DKIM keys before the CNAME of a selector does, the
 * SPF that another includes before that one, and all go after it has let go of them.
 */
export interface Step {
  readonly plan: ZonePlan
  /** Index of the zone in the order given. */
  readonly zone: number
  /** Manifests are in none of the steps: what is remembered is written with the first and the last of a zone. */
  readonly changes: readonly PlannedChange[]
  readonly stage: Stage
  /** Indexes of the zones, in the order given and then those not read, that must not have failed. */
  readonly needs: readonly number[]
}

/** A zone whose name is known, and nothing else. */
interface Unread {
  readonly zone: string
}

/** What zones do that another process writes, as far as the order of writes depends on it. */
export interface Beyond {
  /** Whether one of them is to lead to a name. */
  willLeadTo(name: string): boolean
  /** Whether one of them may still lead to a name that goes. */
  mayLeadTo(name: string): boolean
}

const NOTHING_BEYOND: Beyond = { willLeadTo: () => false, mayLeadTo: () => false }

/**
 * The fewest writes that keep make before break: one a zone, unless the zone both gives addresses or keys to another and relies
 * on one, or takes away what another still leads to. A zone that was not read may lack what another wants to lead
 * to, and may lead to anything that goes. The work grows with the changes, not with the square of the zones.
 */
export function orderSteps(plans: readonly ZonePlan[], unread: readonly Unread[] = [], beyond?: Beyond): Step[] {
  const { willLeadTo, mayLeadTo } = beyond ?? NOTHING_BEYOND
  const makers = zonesByName(plans, isMakeForOthers)
  const losers = zonesByName(plans, isLossForOthers)
  const coming = plans.map((plan) => targetsOf(plan, afterOf))
  const going = plans.map((plan) => targetsOf(plan, beforeOf))
  const gains = coming.map((names, index) => zonesOf(names, makers, index))
  const losses = going.map((names, index) => zonesOf(names, losers, index))
  const [wanted, held] = [new Set<string>(coming.flat()), new Set<string>(going.flat())]
  const isNeeded = new Set([...gains.flat(), ...zonesNamed(makers, willLeadTo)])
  const isHeld = new Set(zonesNamed(losers, mayLeadTo))
  const loses = new Set([...losers.values()].flat())
  const holdersOf = invert(losses)
  const unreadAt = groupBy(
    unread.map(({ zone }, index) => ({ zone: zone as Name, index: plans.length + index })),
    ({ zone }) => zone,
  )
  const allUnread = [...unreadAt.values()].flat().map(({ index }) => index)
  return plans.flatMap((plan, index) => {
    const news = unread.length === 0 ? [] : newTargets(plan)
    const missing = news.flatMap((name) => unreadAt.get(zoneOf(name, unreadAt) as Name) ?? []).map((one) => one.index)
    const holders = [...(holdersOf.get(index) ?? []), ...(loses.has(index) ? allUnread : [])]
    return splitZone(plan, index, {
      needs: [...new Set([...(gains[index] ?? []), ...missing])],
      holders,
      isNeeded: isNeeded.has(index),
      isWanted: (name) => wanted.has(name) || willLeadTo(name),
      mayBeLedTo: (name) => unread.length > 0 || held.has(name) || mayLeadTo(name),
      isHeld: isHeld.has(index),
      isHolder: beyond !== undefined || (losses[index] ?? []).length > 0,
    })
  })
}

interface Relations {
  /** Zones whose new addresses and keys this one leads to. */
  readonly needs: readonly number[]
  /** Zones that still lead to what this one takes away. */
  readonly holders: readonly number[]
  /** Another zone leads to what is new here. */
  readonly isNeeded: boolean
  /** Whether anything is to lead to a name. */
  readonly isWanted: (name: Name) => boolean
  /** Whether anything may still lead to a name. */
  readonly mayBeLedTo: (name: Name) => boolean
  /** A zone that another process writes may still lead to what this one takes away. */
  readonly isHeld: boolean
  /** This one still leads to what another takes away, or may do so. */
  readonly isHolder: boolean
}

function splitZone(plan: ZonePlan, zone: number, relations: Relations): Step[] {
  const { needs, holders, isNeeded, isWanted, mayBeLedTo, isHeld, isHolder } = relations
  const changes = inOrder(plan.changes.filter(({ manifest }) => !manifest))
  const roomFor = roomMakers(changes)
  // Most SPF is included by no other.
  const isIncluded = (change: PlannedChange): boolean => isOf(change, 'spf') && isWanted(subjectOf(change).name)
  const isLed = (change: PlannedChange): boolean =>
    isOf(change, 'spf') ? mayBeLedTo(subjectOf(change).name) : isLedTo(change)
  const isBreak = (change: PlannedChange): boolean => change.kind === 'delete' && (isLed(change) || !isHolder)
  const stageOf = (one: PlannedChange): Stage => {
    const change = roomFor.get(one) ?? one
    if ((holders.length > 0 || isHeld) && isBreak(change)) return 'break'
    if (isNeeded && (needs.length === 0 || isMake(change) || isIncluded(change))) return 'make'
    return needs.length > 0 || !isNeeded ? 'rely' : 'make'
  }
  const steps = (['make', 'rely', 'break'] as const).flatMap((stage): Step[] => {
    const own = changes.filter((change) => stageOf(change) === stage)
    if (own.length === 0) return []
    return [{ plan, zone, changes: own, stage, needs: stage === 'rely' ? needs : stage === 'break' ? holders : [] }]
  })
  return steps.length > 0 ? steps : [{ plan, zone, changes, stage: 'rely', needs }]
}

const LAST = 100

/** Changes of one zone, so that what is relied on comes first and goes last, and what is in the way right before what comes. */
export function inOrder(changes: readonly PlannedChange[]): PlannedChange[] {
  const included = new Set(changes.flatMap(includesOf))
  const roomFor = roomMakers(changes)
  const place = (change: PlannedChange): number => {
    const coming = roomFor.get(change)
    return coming ? rankOf(coming, included) - 0.25 : rankOf(change, included)
  }
  return changes
    .map((change) => ({ change, at: place(change) }))
    .sort((a, b) => a.at - b.at)
    .map(({ change }) => change)
}

/** The deletions without which something cannot be written, each with that: nothing stands beside a CNAME (RFC 1034 §3.6.2). */
export function roomMakers(changes: readonly PlannedChange[]): Map<PlannedChange, PlannedChange> {
  const isAlias = (change: PlannedChange): boolean => subjectOf(change).type === 'CNAME'
  const aliases = new Set(changes.filter(isAlias).map((change) => subjectOf(change).name))
  if (aliases.size === 0) return new Map()
  const met = changes.filter((change) => aliases.has(subjectOf(change).name))
  const pairs = [...groupBy(met, (change) => subjectOf(change).name).values()].flatMap((here) =>
    here.flatMap((gone) => {
      if (gone.kind !== 'delete') return []
      const coming = here.find((other) => other.kind !== 'delete' && isAlias(other) !== isAlias(gone))
      return coming ? [[gone, coming] as const] : []
    }),
  )
  return new Map(pairs)
}

/** The names whose SPF an SPF that is written includes. */
function includesOf({ edits }: PlannedChange): Name[] {
  return edits.flatMap(({ purpose, after }) => (purpose === 'spf' ? after.flatMap(includedNames) : []))
}

/** An SPF that another one includes comes before it, and a key before the selectors that lead to it. */
function rankOf(change: PlannedChange, included: ReadonlySet<Name>): number {
  const isIncluded = isOf(change, 'spf') && included.has(subjectOf(change).name)
  const by = isIncluded ? -0.5 : isKeyAlias(change) ? 0.5 : 0
  const rank = Math.min(...change.edits.map(({ purpose }) => families[purpose].rank)) + by
  return isMake(change) || change.edits.some(({ after }) => after.length > 0) ? rank : LAST - rank
}

function isMake(change: PlannedChange): boolean {
  if (isKeyAlias(change)) return false
  return change.edits.some(({ purpose, after }) => (purpose === 'host' || purpose === 'dkim') && after.length > 0)
}

/** What gives a name that other zones may lead to. */
export function isMakeForOthers(change: PlannedChange): boolean {
  return change.kind !== 'delete' && isLedTo(change)
}

/** What takes away a name that other zones may lead to. */
export function isLossForOthers(change: PlannedChange): boolean {
  return change.kind === 'delete' && isLedTo(change)
}

/** What MX, PTR, the CNAMEs of selectors and the includes of SPF lead to. */
function isLedTo(change: PlannedChange): boolean {
  const { type } = subjectOf(change)
  return type === 'A' || type === 'AAAA' || (type === 'TXT' && (isOf(change, 'dkim') || isOf(change, 'spf')))
}

/** A selector that leads to a key elsewhere. */
function isKeyAlias(change: PlannedChange): boolean {
  return subjectOf(change).type === 'CNAME' && isOf(change, 'dkim')
}

function isOf({ edits }: PlannedChange, wanted: Purpose): boolean {
  return edits.some(({ purpose }) => purpose === wanted)
}

/** The owner names of some changes, and the zones they are in. */
function zonesByName(plans: readonly ZonePlan[], isChosen: (change: PlannedChange) => boolean): Map<string, number[]> {
  const names = plans.flatMap(({ changes }, zone) =>
    changes.filter(isChosen).map((change) => ({ name: subjectOf(change).name as string, zone })),
  )
  return new Map([...groupBy(names, ({ name }) => name)].map(([name, list]) => [name, list.map(({ zone }) => zone)]))
}

function zonesNamed(zones: ReadonlyMap<string, readonly number[]>, isChosen: (name: string) => boolean): number[] {
  return [...zones].flatMap(([name, indexes]) => (isChosen(name) ? indexes : []))
}

/** The names that one side of the changes of a zone leads to, where mail follows: those of MX, PTR, the CNAMEs of selectors and the includes of SPF. */
export function targetsOf({ changes }: Pick<ZonePlan, 'changes'>, side: typeof afterOf): Name[] {
  return changes.flatMap((change) => {
    const rrset = side(change)
    if (rrset?.type === 'CNAME' && isKeyAlias(change)) return rrset.rdata
    if (rrset?.type === 'MX') return rrset.rdata.map(({ exchange }) => exchange)
    if (rrset?.type === 'TXT' && isOf(change, 'spf')) return rrset.rdata.flatMap((txt) => includedNames(joinedTxt(txt)))
    return rrset?.type === 'PTR' && isOf(change, 'ptr') ? rrset.rdata : []
  })
}

/** What the zone did not lead to before, as far as it changes. */
function newTargets(plan: ZonePlan): Name[] {
  const old = new Set(targetsOf(plan, beforeOf))
  return targetsOf(plan, afterOf).filter((name) => !old.has(name))
}

/** The other zones that have one of these names. */
function zonesOf(names: readonly string[], zones: ReadonlyMap<string, readonly number[]>, own: number): number[] {
  if (zones.size === 0) return []
  return [...new Set(names.flatMap((name) => zones.get(name) ?? []))].filter((zone) => zone !== own)
}

/** For each index that is listed: where. */
function invert(lists: readonly (readonly number[])[]): Map<number, number[]> {
  const pairs = lists.flatMap((list, from) => list.map((to) => ({ from, to })))
  return new Map([...groupBy(pairs, ({ to }) => to)].map(([to, found]) => [to, found.map(({ from }) => from)]))
}
