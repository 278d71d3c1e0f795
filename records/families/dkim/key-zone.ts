import { groupBy } from '../../group.js'
import type { Name } from '../../rr/name.js'
import type { DkimSpec, Domain, KeyZoneSpec } from '../../spec.js'
import type { MailRecord } from '../mail-record.js'
import { type DkimPublicKey, lastKeyAt, nameOfKey } from './dkim-key.js'
import { keyValue } from './key-value.js'
import { NO_KEY } from './read-dkim.js'

/**
 * A name whose keys several domains sign with (`dkim.zone`). They share them, as all are of one mail host: what protects a
 * domain is that keys turn, and with one keyring turning costs the same for one domain and for ten thousand.
 */
export interface KeyZone {
  readonly name: Name
  /** As the first domain has it; a rule sees to it that all others have the same. */
  readonly dkim: DkimSpec & { readonly zone: KeyZoneSpec }
  readonly domains: readonly (Domain & { readonly dkim: DkimSpec & { readonly zone: KeyZoneSpec } })[]
}

/** The key zones of some domains, in the order in which they are first named. */
export function keyZonesOf(domains: readonly Domain[]): KeyZone[] {
  const led = domains.filter(doesLead)
  return [...groupBy(led, ({ dkim }) => dkim.zone.name)].flatMap(([name, own]) => {
    const [first] = own
    return first === undefined ? [] : [{ name, dkim: first.dkim, domains: own }]
  })
}

function doesLead(domain: Domain): domain is KeyZone['domains'][number] {
  return domain.dkim !== false && domain.dkim.zone !== undefined
}

/** Where each fixed selector of a domain leads; nowhere where its keys are its own. */
export function selectorPlaces({ zone }: DkimSpec): { readonly selector: string; readonly target: Name }[] {
  if (zone === undefined) return []
  return zone.selectors.map((selector) => ({ selector, target: nameOfKey({ selector, domain: zone.name }) }))
}

/**
 * A record for every fixed selector. One without a key has an empty `p=`: to a verifier that is as if there were none (RFC 6376
 * §6.1.2), no CNAME ever leads to a name that is not there, and no resolver remembers that it was not.
 */
export function keyZoneRecords({ name, dkim }: KeyZone, keys: readonly DkimPublicKey[], ttl: number): MailRecord[] {
  return dkim.zone.selectors.map((selector) => {
    const key = lastKeyAt(selector, keys)
    const state = key?.state === 'gone' ? 'revoked' : key?.state
    const value = key === undefined || state === undefined ? NO_KEY : keyValue({ ...key, state })
    const rrset = { name: nameOfKey({ selector, domain: name }), ttl, type: 'TXT' as const, rdata: [value] }
    return { rrset, purpose: 'dkim', from: dkim.zone.from }
  })
}

/** The keys that sign for a domain, or are to: its own, and those of the zone its selectors lead to. */
export function keysFor<Key>(
  { name, dkim }: Pick<Domain, 'name' | 'dkim'>,
  keysOf: ReadonlyMap<Name, readonly Key[]>,
): readonly Key[] {
  const own = keysOf.get(name) ?? []
  const shared = dkim === false || dkim.zone === undefined ? undefined : keysOf.get(dkim.zone.name)
  return shared === undefined ? own : [...own, ...shared]
}
