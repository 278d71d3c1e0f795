import type { DnsClient } from '../../providers/dns/client/client.js'
import {
  observeZone,
  type Said,
  type ZoneObservation,
  type ZoneServer,
} from '../../providers/dns/client/observe-zone.js'
import type { Outcome } from '../../providers/dns/client/outcome.js'
import type { DelegatedZone } from '../../providers/dns/client/zone-finder.js'
import { DNS_PORT, serverText } from '../../providers/dns/server.js'
import { MailsyncError } from '../../records/error.js'
import type { KeySight } from '../../records/families/key-sight.js'
import { groupBy } from '../../records/group.js'
import { type Name, withoutDot } from '../../records/rr/name.js'
import { keyOf } from '../../records/rr/rrset.js'
import type { Place } from '../../records/rr/zone.js'
import type { FindServers } from '../dkim/rotation/zone-servers.js'

/** Where all servers are asked. */
export interface WatchedPlace extends Place {
  /** The name whose zone it is in; the same for places that are sure to be in one zone. */
  readonly within: Name
}

/** What the authoritative servers of its zone say of a place. */
export interface Sighting {
  readonly said: readonly Said[]
  /** Servers that say nothing of it, each with why. */
  readonly silent: KeySight['missing']
  /** Seconds for which the Internet may remember what is said there, or that nothing was. */
  readonly ttl: number
}

/** By {@link keyOf} of the place. */
export type Sightings = ReadonlyMap<string, Sighting>

/** Asks every authoritative server for every place. Where a zone cannot be asked, nobody answers for its places: nothing is ever taken for seen. */
export async function watchPlaces(
  places: readonly WatchedPlace[],
  { client, find, signal }: { readonly client: DnsClient; readonly find: FindServers; readonly signal: AbortSignal },
): Promise<Sightings> {
  const sightings = new Map<string, Sighting>()
  const each = new Map(places.map((place) => [keyOf(place), place]))
  const zones = new Map<Name, { readonly found: DelegatedZone; readonly own: WatchedPlace[] }>()
  const unseen = (own: readonly WatchedPlace[], server: Name, error: unknown): void => {
    if (!(error instanceof MailsyncError) || error.code === 'cancelled') throw error
    const silent = [{ server: withoutDot(server), why: error.message }]
    for (const place of own) sightings.set(keyOf(place), { said: [], silent, ttl: 0 })
  }
  await Promise.all(
    [...groupBy([...each.values()], ({ within }) => within)].map(async ([within, own]) => {
      try {
        const found = await find(within, signal)
        const known = zones.get(found.zone) ?? { found, own: [] }
        known.own.push(...own)
        zones.set(found.zone, known)
      } catch (error) {
        unseen(own, within, error)
      }
    }),
  )
  await Promise.all(
    [...zones].map(async ([zone, { found, own }]) => {
      try {
        const seen = await observeZone(client, found, own, signal)
        for (const place of own) sightings.set(keyOf(place), sightingOf(place, seen))
      } catch (error) {
        unseen(own, zone, error)
      }
    }),
  )
  return sightings
}

function sightingOf(place: Place, { servers, faults, said }: ZoneObservation): Sighting {
  const question = keyOf(place)
  const answers = said.get(question) ?? []
  return {
    said: answers,
    silent: faults
      .filter((fault) => fault.question === undefined || keyOf(fault.question) === question)
      .map(({ nameServer, message }) => ({ server: withoutDot(nameServer), why: message })),
    ttl: Math.max(
      0,
      ...servers.map(({ negativeTtl = 0 }) => negativeTtl),
      ...answers.flatMap(({ outcome }) => ('rrset' in outcome ? [outcome.rrset.ttl] : [])),
    ),
  }
}

/**
 * Which servers say what is wanted.
 *
 * @param faultOf what is not as it is wanted; undefined where all is
 * @param ttl seconds that the spec gives the place
 */
export function sightOf(
  { said, silent, ttl: seen }: Sighting,
  faultOf: (outcome: Outcome) => string | undefined,
  ttl: number,
): KeySight {
  const servers: string[] = []
  const missing = [...silent]
  for (const { outcome, servers: those } of said) {
    const why = faultOf(outcome)
    for (const server of those) {
      if (why === undefined) servers.push(serverName(server))
      else missing.push({ server: serverName(server), why })
    }
  }
  return { servers, missing, ttl: Math.max(ttl, seen) }
}

/** A name server with its address, for people. */
export function serverName({ nameServer, address }: ZoneServer): string {
  const place = address.port === DNS_PORT ? address.host : serverText(address)
  return nameServer === address.host || nameServer === serverText(address)
    ? place
    : `${withoutDot(nameServer)} (${place})`
}
