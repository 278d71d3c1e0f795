import { asHeld } from '../../providers/as-held.js'
import type { PublicDns } from '../../providers/dns/client/public-dns.js'
import type { Compiled } from '../../records/compile.js'
import type { KeySight } from '../../records/families/key-sight.js'
import type { MailRecord } from '../../records/families/mail-record.js'
import { type Pair, pairKey } from '../../records/move/pairs.js'
import { type Shown, sightOfSlot, type Watched } from '../../records/move/watched.js'
import { scopeOf } from '../../records/rr/address.js'
import { type Name, zoneOf } from '../../records/rr/name.js'
import { isKnown, keyOf, rdataTexts } from '../../records/rr/rrset.js'
import type { Connected } from '../connect/connect.js'
import { zoneServers } from '../dkim/rotation/zone-servers.js'
import { serverName, type WatchedPlace, watchPlaces } from '../observe/watch-places.js'
import type { Session } from '../session.js'
import type { OpenMove } from './open-stage.js'

/** A slot that some server does not show as the stage wants it. */
export interface Unseen {
  /** `mail.example.com. A`. */
  readonly place: string
  readonly missing: KeySight['missing']
}

/** What servers show of a stage. */
export interface StageSight {
  readonly sight: KeySight
  readonly negativeTtl: number
  readonly unseen: readonly Unseen[]
}

/** Asks every authoritative server for everything that moves, at the stage of a session. */
export async function watchStage(
  { compiled: { moving, old, goal } }: Pick<OpenMove, 'compiled'>,
  session: Session,
  {
    dns,
    providers,
    signal,
  }: {
    readonly dns: PublicDns
    /** Those that could be connected: what TTLs they have. */
    readonly providers: ReadonlyMap<string, Connected>
    readonly signal: AbortSignal
  },
): Promise<StageSight> {
  const watched = [...watchedSlots(moving, session, providers), ...reverseByHand(session.compiled, old, goal)]
  const { zones } = session.spec
  const places = new Map(
    watched.map(({ slot: { name, type } }): [string, WatchedPlace] => [
      keyOf({ name, type }),
      { name, type, within: zoneOf(name, zones) ?? name },
    ]),
  )
  const sightings = await watchPlaces([...places.values()], {
    client: dns.client,
    find: zoneServers(session.spec, dns),
    signal,
  })
  const servers = new Set<string>()
  const unseen: Unseen[] = []
  const ttls = [0]
  for (const one of watched) {
    const place = keyOf(one.slot)
    const sighting = sightings.get(place)
    if (!sighting) continue
    const shown = sighting.said.flatMap(({ outcome, servers: those }): Shown[] => {
      const isMadeUp = 'synthesized' in outcome && outcome.synthesized && one.record === undefined
      const rrset = outcome.kind === 'rrset' && !isMadeUp && isKnown(outcome.rrset) ? outcome.rrset : undefined
      return those.map((server) => ({
        server: serverName(server),
        values: rrset ? rdataTexts(rrset) : [],
        ttl: rrset?.ttl ?? 0,
      }))
    })
    const sight = sightOfSlot(one, shown, sighting.silent)
    for (const server of sight.servers) servers.add(server)
    if (sight.missing.length > 0) unseen.push({ place, missing: sight.missing })
    ttls.push(...shown.map(({ ttl }) => ttl), one.record?.rrset.ttl ?? 0)
  }
  return {
    sight: { servers: [...servers], missing: unseen.flatMap(({ missing }) => missing), ttl: Math.max(...ttls) },
    negativeTtl: Math.max(0, ...[...sightings.values()].map(({ ttl }) => ttl)),
    unseen,
  }
}

/** What an address owner keeps is seen by reading it, and by nobody's question to a server of a zone. */
function watchedSlots(moving: readonly Pair[], session: Session, providers: ReadonlyMap<string, Connected>): Watched[] {
  const wanted = new Map(session.compiled.input.records.map((record) => [pairKey(record), record]))
  return moving.flatMap((pair): Watched[] => {
    const any = (pair.old ?? pair.goal) as MailRecord
    if (any.addressOwner !== undefined) return []
    const record = wanted.get(pairKey(any))
    return [{ slot: pair.slot, record, ttl: record && ttlOf(record, session, providers) }]
  })
}

/** Seconds that providers give a record which the spec has; undefined where a person enters it, or nobody knows. */
function ttlOf(
  { rrset }: MailRecord,
  { spec: { zones, otherZones } }: Session,
  providers: ReadonlyMap<string, Connected>,
): number | undefined {
  const zone = zoneOf(rrset.name, zones)
  const targets = (zone === undefined ? otherZones : zones.get(zone))?.targets ?? []
  const ttls = targets.map((target) => {
    const plugin = providers.get(target)?.plugin
    return plugin === undefined || plugin.traits.write === 'by-hand'
      ? Number.POSITIVE_INFINITY
      : asHeld(plugin, rrset).ttl
  })
  return ttls.length === 0 ? undefined : Math.max(...ttls)
}

/** PTRs that others have to set and that are new with this move: mail from an address is refused without its PTR. */
function reverseByHand({ manual }: Compiled, old: Compiled, goal: Compiled): Watched[] {
  const known = new Set(old.manual.map(({ rrset }) => textOf(rrset)))
  const wanted = new Set(goal.manual.map(({ rrset }) => textOf(rrset)))
  return manual.flatMap(({ reverse, rrset, from }): Watched[] => {
    if (reverse?.kind !== 'ptr' || scopeOf(reverse.address) !== 'public') return []
    if (known.has(textOf(rrset)) || !wanted.has(textOf(rrset))) return []
    const slot = { name: rrset.name as Name, type: rrset.type, purpose: 'ptr' } as const
    return [{ slot, record: { rrset, purpose: 'ptr', from } }]
  })
}

function textOf(rrset: MailRecord['rrset']): string {
  return `${keyOf(rrset)} ${rdataTexts(rrset).join(' ')}`
}
