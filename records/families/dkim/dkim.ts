import type { SpecPath } from '../../finding.js'
import { afterLabels, isWildcard, joinName, type Name, withoutDot, zoneOf } from '../../rr/name.js'
import type { DkimSpec, Domain, HeldKey, Host } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { sendingHosts } from '../spf/senders.js'
import { type DkimAlgorithm, type DkimPublicKey, isUsable } from './dkim-key.js'
import { keyValue, writeDkim } from './key-value.js'
import { keyZoneRecords, keyZonesOf, selectorPlaces } from './key-zone.js'
import { observeDkim } from './observe.js'
import { type DkimRecord, isDkimValue, NO_KEY, publishedKey, readDkim, sameDkim } from './read-dkim.js'
import { dkimRules } from './rules.js'

const UNDER = '._domainkey.'

/** The keys that signatures are checked with (RFC 6376). */
export const dkim: Family<'dkim', DkimRecord> = {
  purpose: 'dkim',
  types: ['TXT', 'CNAME'],
  rank: 1,
  isOwn: (value, type) => type !== 'TXT' || isDkimValue(value),
  read: readDkim,
  write: writeDkim,
  same: sameDkim,
  compile: ({ spec, domains, keys, zones }) => ({
    records: [
      ...keyZonesOf(domains)
        .filter(({ name }) => zoneOf(name, zones) !== undefined)
        .flatMap((zone) => keyZoneRecords(zone, keys.get(zone.name) ?? [], spec.ttl)),
      ...domains.flatMap((domain) => dkimRecords(domain, keys.get(domain.name) ?? [])),
    ],
  }),
  rules: dkimRules,
  observe: observeDkim,
  words: {
    noun: 'DKIM key',
    topic: 'Keys (DKIM)',
    form: 'tags',
    tags: {
      v: 'version',
      k: 'key type',
      p: 'public key',
      t: 'flags',
      h: 'hash algorithms',
      s: 'service',
      n: 'note',
    },
    inError: { becomes: 'what is signed with it fails', several: 'RFC 6376 §3.6.2.2' },
    about: 'domain',
    subjects: (name) => [afterLabels(name, UNDER) as Name],
    effect({ name, step, after, listed }) {
      const [selector, domain] = name.split(UNDER, 2)
      if (selector === '*')
        return `No DKIM key of ${domain} is ${step === 'ends' ? 'refused by a wildcard any more' : 'valid but the published ones'}`
      const key = domain === undefined ? `The DKIM key ${name}` : `The DKIM key ${selector} of ${domain}`
      if (after.some((value) => publishedKey(value) === '')) return `${key} is revoked`
      const places = after.filter((value) => !isDkimValue(value))
      if (places.length > 0) return `${key} is now the one at ${listed(places.map(withoutDot))}`
      return { begins: `${key} is published`, changes: `${key} is replaced`, ends: `${key} is taken away` }[step]
    },
  },
}

/**
 * The key records of a domain: one a key that is not gone, one a fixed selector of its `dkim.zone`, and one a key of others; a
 * parked domain's empty wildcard key says that none is valid.
 */
function dkimRecords(domain: Domain, keys: readonly DkimPublicKey[]): MailRecord[] {
  const record = (selector: string, content: HeldKey['record'], from: SpecPath, ttl = domain.ttl.dkim): MailRecord => {
    const name = joinName(`${selector}._domainkey`, domain.name)
    return 'cname' in content
      ? { rrset: { type: 'CNAME', name, ttl, rdata: [content.cname] }, purpose: 'dkim', from }
      : { rrset: { type: 'TXT', name, ttl, rdata: [content.txt] }, purpose: 'dkim', from }
  }
  if (isWildcard(domain.name)) return []
  if (domain.mail === 'none') return [record('*', { txt: NO_KEY }, [...domain.from, 'mail'])]
  const { dkim, heldKeys } = domain
  const held = new Set(heldKeys.map(({ selector }) => selector))
  const own = dkim === false ? [] : keys.filter(({ selector, state }) => state !== 'gone' && !held.has(selector))
  const from = dkim === false ? domain.from : dkim.from
  const led = dkim === false ? [] : selectorPlaces(dkim)
  return [
    ...led.map(({ selector, target }) => record(selector, { cname: target }, from)),
    ...own.map((key) => record(key.selector, { txt: keyValue(key) }, from)),
    ...heldKeys.map((key) => record(key.selector, key.record, key.from, key.ttl)),
  ]
}

/** A domain with its DKIM decided: on by default only where a host of ours sends. */
export function withDkimDecided(domain: Domain, hosts: ReadonlyMap<Name, Host>): Domain {
  const off =
    domain.mail === 'none' ||
    (domain.dkim !== false && !domain.dkim.explicit && sendingHosts(domain, hosts).length === 0)
  return off ? { ...domain, dkim: false } : domain
}

/** The selectors that new keys cannot have: those of keys of our own, whatever their state, and of keys that others hold. */
export function usedSelectors(
  domains: readonly Domain[],
  keys: readonly DkimPublicKey[],
): Pick<DkimPublicKey, 'domain' | 'selector'>[] {
  const held = domains.flatMap(({ name, heldKeys }) => heldKeys.map(({ selector }) => ({ domain: name, selector })))
  return [...keys, ...held]
}

/** A key the spec asks for and no index has. */
export interface DkimNeed {
  readonly domain: Name
  readonly algorithm: DkimAlgorithm
  /** Pattern with the algorithm's suffix, see {@link expandSelector}. */
  readonly selector: string
  readonly from: SpecPath
}

/** The keys a domain lacks: one a wanted algorithm, unless a key of it signs or is about to. */
export function neededKeys(domain: Domain, keys: readonly DkimPublicKey[]): DkimNeed[] {
  const { dkim, name } = domain
  if (dkim === false || dkim.zone !== undefined) return []
  return missingAlgorithms(dkim, keys).map((algorithm) => ({
    domain: name,
    algorithm,
    selector: selectorOf(dkim, algorithm),
    from: dkim.from,
  }))
}

/** The algorithms of which no key signs or is about to. */
export function missingAlgorithms({ algorithms }: DkimSpec, keys: readonly DkimPublicKey[]): DkimAlgorithm[] {
  return algorithms.filter(
    (algorithm) => !keys.some((key) => key.algorithm === algorithm && isUsable(key) && key.state !== 'retiring'),
  )
}

/** Two keys cannot share a selector: the first algorithm has the pattern itself, others add their name, unless the pattern has it. */
export function selectorOf({ selector, algorithms }: DkimSpec, algorithm: DkimAlgorithm): string {
  return algorithm === algorithms[0] || selector.includes('%a') ? selector : `${selector}-${algorithm}`
}
