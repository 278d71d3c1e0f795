import { readNamedServer } from '../../providers/dns/client/named-server.js'
import { quoted } from '../../records/cut.js'
import type { Finding, SpecPath } from '../../records/finding.js'
import { type Name, ROOT } from '../../records/rr/name.js'
import type { MailSpec, ProviderSpec, ZoneSpec } from '../../records/spec.js'
import type { Observations } from './address-source.js'
import type { BuiltDomain } from './build/build-domain.js'
import { buildHost } from './build/build-host.js'
import { domainBuilder } from './build/domains-alike.js'
import { kindOfDomain, parseDomain } from './domain-name.js'
import { didYouMean } from './faults/suggest.js'
import { knownHosts } from './known-hosts.js'
import { Reading } from './reading.js'
import type { RawDomain, RawSpec } from './schema.js'

/** Seconds; what most zones use. */
export const DEFAULT_TTL = 3600

/** What an item of the list `parked` stands for. */
const PARKED: RawDomain = { mail: 'none' }

/** Reads names and addresses, merges defaults, and resolves what refers to something else in the file. All problems at once. */
export function buildSpec(raw: RawSpec, observed?: Observations): { spec: MailSpec; findings: readonly Finding[] } {
  const reading = new Reading()
  const ttl = raw.defaults?.ttl ?? DEFAULT_TTL
  const providers = new Map(
    Object.entries(raw.providers).map(([name, { class: kind, ...options }]): [string, ProviderSpec] => [
      name,
      { class: kind, options, from: ['providers', name] },
    ]),
  )
  const { '*': others, ...named } = raw.zones
  const zones = keyed(
    reading,
    'zones',
    named,
    (text, path) => reading.zoneKey(text, path),
    (zone, _, from): ZoneSpec => ({
      targets: zone.targets,
      ...(zone.servers && { servers: namedServers(reading, zone.servers, [...from, 'servers']) }),
      ...(zone.catalog && { catalog: zone.catalog === true ? {} : zone.catalog }),
      from,
    }),
  )
  const otherZones = others && { targets: others.targets, from: ['zones', '*'] }
  for (const zone of [...zones.values(), ...(otherZones ? [otherZones] : [])])
    checkTargets(reading, zone, [...providers.keys()])

  const hosts = keyed(
    reading,
    'hosts',
    raw.hosts ?? {},
    (text, path) => reading.hostKey(text, path),
    (host, name, from) => buildHost(reading, host, { name, from, ttl, providers: raw.providers, observed }),
  )
  const known = knownHosts(hosts)
  const shared = { defaults: raw.defaults ?? {}, ttl, hosts: known }
  const domains = keyed(
    reading,
    'domains',
    raw.domains,
    (text, path) => reading.domainKey(text, path),
    domainBuilder(reading, { ...shared, recipients: raw.keys?.recipients ?? [] }),
  )
  const buildOne = domainBuilder(reading, { ...shared, recipients: [] })
  const parked = buildParked(reading, raw.parked ?? [], domains, (name, from) => buildOne(PARKED, name, from))
  const spec: MailSpec = {
    providers,
    zones,
    ...(otherZones ? { otherZones } : {}),
    owner: raw.ownership === false ? false : (raw.ownership?.owner ?? 'default'),
    keysDirectory: raw.keys?.directory ?? 'keys',
    ttl,
    hosts: [...hosts.values()],
    domains: [...domains.values(), ...parked].flat(),
  }
  return { spec, findings: reading.findings }
}

/** A mapping by name, where two spellings of one name are a problem. */
function keyed<Raw, T>(
  reading: Reading,
  section: string,
  raw: Readonly<Record<string, Raw>>,
  read: (text: string, path: SpecPath) => Name | undefined,
  build: (raw: Raw, name: Name, from: SpecPath) => T,
): Map<Name, T> {
  const result = new Map<Name, T>()
  const spellings = new Map<Name, string>()
  for (const [text, value] of Object.entries(raw)) {
    const path = [section, text]
    const name = read(text, path)
    const built = build(value, name ?? ROOT, path)
    if (name === undefined) continue
    const first = spellings.get(name)
    if (first === undefined) {
      spellings.set(name, text)
      result.set(name, built)
    } else
      reading.report('name-twice', path, `${text} is the same name as ${first}`, 'merge the two', {
        atKey: true,
        also: [section, first],
      })
  }
  return result
}

function namedServers(reading: Reading, texts: readonly string[], path: SpecPath): string[] {
  return texts.filter((text, index) => {
    const read = readNamedServer(text)
    if (typeof read !== 'string') return true
    reading.report('zone-server', [...path, index], read)
    return false
  })
}

/** The names of the list `parked`: each once, and in no other place. */
function buildParked(
  reading: Reading,
  texts: readonly string[],
  domains: ReadonlyMap<Name, BuiltDomain>,
  build: (name: Name, from: SpecPath) => BuiltDomain,
): BuiltDomain[] {
  const known = new Map<Name, SpecPath>([...domains].map(([name, [{ from }]]) => [name, from]))
  return texts.flatMap((text, index) => {
    const from = ['parked', index]
    const name = reading.text(text, from, parseDomain)
    if (name === undefined) return []
    const also = known.get(name)
    if (also === undefined) {
      known.set(name, from)
      if (kindOfDomain(name) !== 'spf') return [build(name, from)]
      reading.report('name', from, `${text} has an underscore, so it is no mail domain to be parked (RFC 1123 §2.1)`)
      return []
    }
    const where = also[0] === 'parked' ? 'is in the list already' : 'has an entry under domains already'
    reading.report('name-twice', from, `${text} ${where}`, 'remove one of the two', { also })
    return []
  })
}

function checkTargets(reading: Reading, zone: ZoneSpec, providers: readonly string[]): void {
  for (const [index, target] of zone.targets.entries()) {
    const path = [...zone.from, 'targets', index]
    if (!providers.includes(target))
      reading.report(
        'unknown-provider',
        path,
        `${quoted(target)} is no provider of this spec`,
        didYouMean(target, providers),
      )
    else if (zone.targets.indexOf(target) !== index)
      reading.report('target-twice', path, `${quoted(target)} is a target twice`, 'remove one of the two')
  }
}
