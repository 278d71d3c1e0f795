import type { Targets } from '../../records/compile.js'
import { MailsyncError } from '../../records/error.js'
import { nameOfKey } from '../../records/families/dkim/dkim-key.js'
import { keyZonesOf, selectorPlaces } from '../../records/families/dkim/key-zone.js'
import { leadsTo } from '../../records/families/dkim/led-domain.js'
import { namedHosts } from '../../records/families/host/named-hosts.js'
import type { MailRecord } from '../../records/families/mail-record.js'
import type { SpecPath } from '../../records/finding.js'
import { displayName, type Name, parseName } from '../../records/rr/name.js'
import { ARPA } from '../../records/rr/reverse.js'
import type { Domain, MailSpec } from '../../records/spec.js'
import { didYouMean } from '../config/faults/suggest.js'
import type { Shard } from '../fleet/shards/shard.js'

/** What a run is limited to; empty lists limit nothing. */
export interface Selection {
  readonly zones: readonly Name[]
  /** Their records, and those of the hosts they name. Nothing is deleted in a run limited to domains. */
  readonly domains: readonly Name[]
  /** Only the zones of one shard; `withLed`: and, only to look at them, those of others that these lead to. */
  readonly shard?: Shard & { readonly withLed?: boolean }
  /** Only keys of this kind: of the others nothing is written, and only DKIM keys that are gone are deleted. */
  readonly keysOnly?: 'dkim' | 'tlsa'
}

/** Reads `--zone` and `--domain`. Throws `usage` for a name that is not in the spec. */
export function readSelection(spec: MailSpec, zones: readonly string[], domains: readonly string[]): Selection {
  const domainNames = new Set(spec.domains.map(({ name }) => name))
  const owners = spec.addressOwners?.size ? [ARPA] : []
  const zoneNames = new Set([...spec.zones.keys(), ...owners])
  return {
    zones: zones.map((text) => known(text, 'zone', zoneNames, spec.otherZones !== undefined)),
    domains: domains.map((text) => known(text, 'domain', domainNames, false)),
  }
}

function known(text: string, kind: 'zone' | 'domain', names: ReadonlySet<Name>, open: boolean): Name {
  const name = parseName(text)
  if (typeof name === 'string' && (open || names.has(name))) return name
  const hint = didYouMean(text, [...names.keys()].slice(0, 1000).map(displayName))
  throw new MailsyncError('usage', `--${kind} ${text}: there is no such ${kind} in the spec`, { hint })
}

/** Throws `usage` for a `--zone` that is neither declared nor served by a target of `'*'`. */
export function checkZonesServed({ zones }: Selection, served: Targets): void {
  for (const zone of zones)
    if (!served.has(zone) && zone !== ARPA)
      throw new MailsyncError('usage', `--zone ${displayName(zone)}: no provider of the zone '*' serves such a zone`, {
        hint: didYouMean(displayName(zone), [...served.keys()].slice(0, 1000).map(displayName)),
      })
}

/** Chooses the records a run is about. */
export function recordFilter(spec: MailSpec, { domains, keysOnly }: Selection): (record: MailRecord) => boolean {
  const isLed = keysOnly === 'dkim' ? ledSelectors(spec) : new Set<Name>()
  const isKind = ({ purpose, rrset }: MailRecord): boolean =>
    keysOnly === undefined || (purpose === keysOnly && !(rrset.type === 'CNAME' && isLed.has(rrset.name)))
  if (domains.length === 0) return isKind
  const chosen = chosenDomains(spec, domains)
  const sections = chosenSections(spec, chosen)
  const keys = new Set(keyZonesOf(chosen).flatMap(({ dkim }) => selectorPlaces(dkim).map(({ target }) => target)))
  return (record) => isKind(record) && (sections.has(sectionOf(record.from)) || keys.has(record.rrset.name))
}

/** Whether a run is about a place in the spec: not where it is in another domain than those it is limited to, or in a host that they do not name. */
export function placeFilter(spec: MailSpec, { domains }: Selection): (place: SpecPath) => boolean {
  if (domains.length === 0) return () => true
  const sections = chosenSections(spec, chosenDomains(spec, domains))
  return (place) => !APART.includes(place[0]) || sections.has(sectionOf(place))
}

/** Sections of a spec whose entries have nothing to do with each other. */
const APART: readonly unknown[] = ['domains', 'parked', 'hosts']

function chosenDomains(spec: MailSpec, names: readonly Name[]): Domain[] {
  return spec.domains.filter(({ name }) => names.includes(name))
}

/** Of domains, and of the hosts they name. */
function chosenSections(spec: MailSpec, chosen: readonly Domain[]): ReadonlySet<string> {
  const hostNames = new Set(chosen.flatMap(namedHosts))
  const hosts = spec.hosts.filter(({ name }) => hostNames.has(name))
  return new Set([...chosen, ...hosts].map(({ from }) => sectionOf(from)))
}

/** Fixed selectors of domains that sign with the keys of a zone: they lead there already. */
function ledSelectors({ domains, led }: MailSpec): ReadonlySet<Name> {
  const settled = keyZonesOf(led === undefined ? [] : domains).flatMap((zone) => zone.domains)
  return new Set(
    settled.flatMap((domain) =>
      domain.dkim.zone.selectors.flatMap((selector) =>
        leadsTo({ selector }, domain, led) ? [nameOfKey({ selector, domain: domain.name })] : [],
      ),
    ),
  )
}

function sectionOf(path: SpecPath): string {
  return JSON.stringify(path.slice(0, 2))
}
