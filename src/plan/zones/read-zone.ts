import type { ServerView } from '../../../providers/provider.js'
import { diffZone } from '../../../records/diff.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import { rivalsOf } from '../../../records/families/rivals.js'
import type { Frozen } from '../../../records/frozen.js'
import { manifestRRsets, readManifests } from '../../../records/manifest.js'
import { joinName, type Name } from '../../../records/rr/name.js'
import { rdataKey } from '../../../records/rr/rdata.js'
import { type AnyRRset, keyOf, type RRset, subjectOf } from '../../../records/rr/rrset.js'
import { type Place, type Zone, zoneWith } from '../../../records/rr/zone.js'
import type { ZoneTask } from './task.js'

/** A zone as it is compared: what a provider holds, and what is remembered beside it. */
export interface ReadZone {
  readonly zone: Zone
  /** What each server shows, where the provider tells them apart; else empty. */
  readonly views: readonly ServerView[]
}

/** Reads a zone whole, or what concerns the spec and the memory of it, and adds what is remembered beside the spec. */
export async function readZone(task: ZoneTask, signal: AbortSignal): Promise<ReadZone> {
  const { zone: name, connected } = task
  const { plugin, provider, memory } = connected
  const remembered = (await memory?.read(name)) ?? []
  if (plugin.traits.read !== 'places')
    return {
      zone: zoneWith(name, [...(await (task.read ? task.read(signal) : provider.read(name, signal))), ...remembered]),
      views: [],
    }
  const places = wantedPlaces(task, remembered)
  const asked = [...places, ...remembered.map(({ name: at, type }) => ({ name: at, type }))]
  if (!provider.views)
    return { zone: zoneWith(name, [...(await provider.read(name, signal, places)), ...remembered], asked), views: [] }
  const views = await provider.views(name, signal, places)
  const zones = views.map((view) => zoneAt(view, task, remembered, asked))
  return { zone: leastMade(zones, task), views }
}

/**
 * What a wildcard answers counts where all is as wanted at the name: a record of the same values looks no different. Where
 * something is still to be entered, the name comes to exist, and the wildcard no longer answers for it (RFC 4592 §2.2.1).
 */
function zoneAt(
  { rrsets, synthesized = [] }: ServerView,
  task: ZoneTask,
  remembered: readonly RRset[],
  asked: readonly Place[],
): Zone {
  const whole = zoneWith(task.zone, [...rrsets, ...synthesized, ...remembered], asked)
  if (synthesized.length === 0) return whole
  const open = new Set(openPlaces(whole, task).map(({ name }) => name))
  const right = synthesized.filter((rrset) => !open.has(rrset.name))
  return zoneWith(task.zone, [...rrsets, ...right, ...remembered], asked)
}

/** Where a zone is not as wanted. */
function openPlaces(zone: Zone, task: ZoneTask): RRset[] {
  const { edits } = diffZone({ ...task, frozen: staysAs(task), zone, desired: withHeldTtls(task.desired, zone) })
  return edits.map(({ change }) => subjectOf(change))
}

/** What stays as it is, though the spec does not ask for it. */
export function staysAs({ frozen, unseen }: Pick<ZoneTask, 'frozen' | 'unseen'>): Frozen | undefined {
  if (unseen === undefined) return frozen
  return (slot, held) => unseen.mayLeadTo(slot) !== undefined || (frozen?.(slot, held) ?? false)
}

/** What each owner has in a zone, as those of some RRsets say that are manifests. */
export function manifestsIn(zone: Name, rrsets: readonly AnyRRset[]): ReturnType<typeof readManifests> {
  return readManifests(
    zone,
    manifestRRsets(zoneWith(zone, rrsets)).flatMap(({ rdata }) => rdata),
  )
}

/** The names and types that the spec and the memory of a zone concern. */
export function wantedPlaces(
  { zone, desired, mxTargets, neededKeys }: ZoneTask,
  remembered: readonly RRset[],
): Place[] {
  const places: Place[] = [
    ...desired.flatMap(({ rrset: { name, type }, purpose }) =>
      [{ name, type }, ...rivalsOf({ name, type, purpose })].map((place) => ({ name: place.name, type: place.type })),
    ),
    ...[...manifestsIn(zone, remembered).values()].flat().map(({ name, type }) => ({ name, type })),
    ...mxTargets.flatMap((name) => [{ name, type: 'A' } as const, { name, type: 'AAAA' } as const]),
    ...neededKeys.map(
      ({ domain, selector }) => ({ name: joinName(`${selector}._domainkey`, domain), type: 'TXT' }) as const,
    ),
  ]
  return [...new Map(places.map((place) => [keyOf(place), place])).values()]
}

/**
 * What servers of one zone show, as one zone: a change counts as made once each of them shows it, so where they differ, the
 * answer that is not as wanted counts.
 */
function leastMade(zones: readonly Zone[], task: ZoneTask): Zone {
  const [first, ...others] = zones
  if (first === undefined || others.every((zone) => isSameZone(zone, first)))
    return first ?? zoneWith(task.zone, [], [])
  const chosen = new Map<string, AnyRRset | undefined>()
  for (const zone of zones) {
    for (const rrset of zone.rrsets) if (!chosen.has(keyOf(rrset))) chosen.set(keyOf(rrset), rrset)
  }
  const open = new Set<string>()
  for (const zone of zones)
    for (const key of openPlaces(zone, task).map(keyOf)) {
      if (!open.has(key)) chosen.set(key, zone.find(key))
      open.add(key)
    }
  return zoneWith(
    task.zone,
    [...chosen.values()].flatMap((rrset) => rrset ?? []),
    first.asked,
  )
}

function isSameZone(one: Zone, other: Zone): boolean {
  return textOf(one) === textOf(other)
}

function textOf({ rrsets }: Zone): string {
  const lines = rrsets.map((rrset) => {
    const values = rrset.rdata.map((rdata) => rdataKey(rrset.type as RRset['type'], rdata as RRset['rdata'][number]))
    return JSON.stringify([keyOf(rrset), rrset.ttl, values])
  })
  return lines.sort().join('\n')
}

/** The records with the TTL that what stands there has: a panel often knows only its own, and no step is about nothing else. */
export function withHeldTtls(desired: readonly MailRecord[], zone: Zone): MailRecord[] {
  return desired.map((record) => {
    const ttl = zone.find(keyOf(record.rrset))?.ttl
    return ttl === undefined ? record : { ...record, rrset: { ...record.rrset, ttl } }
  })
}
