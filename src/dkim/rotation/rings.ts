import { keyId, lastKeyAt } from '../../../records/families/dkim/dkim-key.js'
import { keyZonesOf } from '../../../records/families/dkim/key-zone.js'
import { isServed } from '../../../records/families/dkim/key-zone-rules.js'
import type { LedDomain } from '../../../records/families/dkim/led-domain.js'
import { type NextSteps, nextSteps } from '../../../records/families/dkim/rotation/next-steps.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { isEverywhere, type KeySight } from '../../../records/families/key-sight.js'
import { groupBy } from '../../../records/group.js'
import type { Name } from '../../../records/rr/name.js'
import type { DkimSpec } from '../../../records/spec.js'
import type { Session } from '../../session.js'
import type { Lead } from './leads.js'
import { type Sights, sightKey } from './observe-keys.js'

/** A name below which keys of our own are: a domain, or a key zone that many domains share. */
export interface KeyPlace {
  readonly dkim: DkimSpec
  /** Selectors of keys that others hold. */
  readonly held: readonly string[]
  /** Of a key zone: its fixed selectors, and the domains they are led there from. */
  readonly shared?: { readonly selectors: readonly string[]; readonly domains: readonly Name[] }
  /** The key zone that a domain signs with from now on: its own keys are left over, and go when that one signs. */
  readonly movesTo?: { readonly name: Name; readonly led: LedDomain | undefined }
}

/** The keys at one such name, what servers show of them, and what is to be done. */
export interface Ring extends KeyPlace {
  /** Domains of a key zone that did not sign with it before. */
  readonly leads?: readonly Lead[]
  readonly domain: Name
  readonly keys: readonly RingKey[]
  /** By `keyId`. */
  readonly sightOf: (id: string) => KeySight
  readonly next: NextSteps
}

/** Whether what servers show of a key decides anything. */
export function isWatched(key: RingKey, { dkim, shared }: KeyPlace, keys: readonly RingKey[]): boolean {
  if (key.state !== 'gone' || dkim.rotation.reveal) return true
  return shared !== undefined && lastKeyAt(key.selector, keys) === key
}

/** The names below which a spec has keys of its own: of the domains that sign with them, and of the key zones that we serve. */
export function keyPlaces({ compiled, keys }: Pick<Session, 'compiled' | 'keys'>): Map<Name, KeyPlace> {
  const {
    domains,
    spec: { led },
  } = compiled.input
  const zones = keyZonesOf(domains).filter((zone) => isServed(zone, compiled.input))
  const withKeys = new Set(keys.map(({ domain }) => domain))
  return new Map([
    ...zones.map(({ name, dkim, domains: own }): [Name, KeyPlace] => {
      const shared = { selectors: dkim.zone.selectors, domains: own.map((domain) => domain.name) }
      return [name, { dkim, held: [], shared }]
    }),
    ...domains.flatMap(({ name, dkim, heldKeys }): [Name, KeyPlace][] => {
      if (dkim === false || (dkim.zone && !withKeys.has(name))) return []
      const held = heldKeys.map(({ selector }) => selector)
      if (dkim.zone === undefined) return [[name, { dkim, held }]]
      return [
        [name, { dkim: { ...dkim, algorithms: [] }, held, movesTo: { name: dkim.zone.name, led: led?.get(name) } }],
      ]
    }),
  ])
}

/** Those among them that are a run's own, with the key zones that these move to, whose keys decide what becomes of theirs. */
export function ownKeyPlaces(
  session: Parameters<typeof keyPlaces>[0],
  isOwn: (place: Name) => boolean,
): Map<Name, KeyPlace> {
  const all = keyPlaces(session)
  const own = [...all].filter(([name]) => isOwn(name))
  const movedTo = own.flatMap(([, { movesTo }]): [Name, KeyPlace][] => {
    const place = movesTo && all.get(movesTo.name)
    return place ? [[movesTo.name, place]] : []
  })
  return new Map([...own, ...movedTo])
}

/** The rings of some names at `now` (seconds since 1970). */
export function ringsOf(
  keys: readonly RingKey[],
  places: ReadonlyMap<Name, KeyPlace>,
  sights: Sights,
  now: number,
): Ring[] {
  const keysOf = groupBy(keys, ({ domain }) => domain)
  const sightAt = (key: Parameters<typeof sightKey>[0]): KeySight => sights.get(sightKey(key)) ?? UNSEEN
  const signsFor = (key: RingKey, led: LedDomain | undefined): boolean =>
    key.state === 'signing' &&
    key.times.compromised === undefined &&
    isEverywhere(sightAt(key)) &&
    led?.signing !== undefined &&
    led.selectors.includes(key.selector)
  const isCovered = ({ name, led }: NonNullable<KeyPlace['movesTo']>): boolean =>
    keysOf.get(name)?.some((key) => signsFor(key, led)) ?? false
  return [...places].map(([domain, place]): Ring => {
    const own = keysOf.get(domain) ?? []
    const byId = new Map(own.map((key) => [keyId(key), sightAt(key)]))
    const sightOf = (id: string): KeySight => byId.get(id) ?? UNSEEN
    const next = nextSteps({
      keys: own,
      algorithms: place.dkim.algorithms,
      policy: place.dkim.rotation,
      now,
      sightOf,
      ...(place.shared && { selectors: place.shared.selectors }),
      ...(place.movesTo && { isCovered: isCovered(place.movesTo) }),
    })
    return { domain, ...place, keys: own, sightOf, next }
  })
}

/** Of what nobody looked at. */
const UNSEEN: KeySight = { servers: [], missing: [], ttl: 0 }
