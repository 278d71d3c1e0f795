import { type DkimNeed, dkimRecords, neededKeys } from './families/dkim/dkim.js'
import type { DkimPublicKey } from './families/dkim/dkim-key.js'
import { dmarcRecords, foreignReportDomains, reportRecord } from './families/dmarc/dmarc.js'
import { hostRecords } from './families/host/host.js'
import type { MailRecord } from './families/mail-record.js'
import { mxRecords } from './families/mx/mx.js'
import { type ManualStep, ptrRecords } from './families/ptr/ptr.js'
import { heloSpfRecords, sendingHosts, spfRecords } from './families/spf/spf.js'
import type { Finding } from './finding.js'
import { groupBy } from './group.js'
import type { Address } from './rr/address.js'
import { type Name, zoneOf } from './rr/name.js'
import { type ReverseOwner, reverseOwners } from './rr/reverse.js'
import { compareRRsets } from './rr/rrset.js'
import { quoteTxt } from './rr/txt.js'
import { checkSpec } from './rules.js'
import type { Domain, Host, MailSpec } from './spec.js'

/** What a spec means: its records by zone, and all there is to say about it. */
export interface Compiled {
  /** Every zone with records, in name order; the records of a zone in zone order. */
  readonly zones: ReadonlyMap<Name, readonly MailRecord[]>
  readonly findings: readonly Finding[]
  readonly manual: readonly ManualStep[]
  /** Keys that have to be made before the records are complete. */
  readonly neededKeys: readonly DkimNeed[]
}

/** Zone name → the providers that hold it. */
export type Targets = ReadonlyMap<Name, readonly string[]>

/**
 * Compiles a spec. Pure: the same spec, keys and zones give the same result, in whatever order hosts, domains and keys come.
 *
 * @param zones the zones that are served: those of the spec, and what its `'*'` was found to stand for.
 * @param mayServeMore whether a name in none of them may yet be served, because `'*'` was not asked.
 */
export function compile(
  spec: MailSpec,
  keys: readonly DkimPublicKey[],
  zones: Targets,
  mayServeMore = false,
): Compiled {
  const hosts = new Map(spec.hosts.map((host) => [host.name, host]))
  const keysOf = groupBy(keys, ({ domain }) => domain)
  const domains = spec.domains.map((domain) => settled(domain, hosts))
  const ownerOf = reverseOwners([...zones.keys()])
  const ptr = spec.hosts.map((host) => ptrRecords(host, limitedTo(host, ownerOf, zones)))
  const speakers = new Set(domains.filter(({ mail, spf }) => mail === 'none' || spf !== false).map(({ name }) => name))

  const records: MailRecord[] = [
    ...spec.hosts.flatMap(hostRecords),
    ...ptr.flatMap((result) => result.records),
    ...spec.hosts.filter(({ name }) => !speakers.has(name)).flatMap(heloSpfRecords),
    ...domains.flatMap((domain) => {
      const own = [...(keysOf.get(domain.name) ?? [])].sort((a, b) => (a.selector < b.selector ? -1 : 1))
      return [...mxRecords(domain), ...spfRecords(domain, hosts), ...dkimRecords(domain, own), ...dmarcRecords(domain)]
    }),
    ...authorisations(domains, zones, spec.ttl),
  ]
  const placed = place(records, zones)
  const isOfHost = ({ purpose, rrset }: MailRecord): boolean =>
    purpose === 'host' || (purpose === 'spf' && hosts.has(rrset.name) && !speakers.has(rrset.name))
  return {
    zones: placed.zones,
    findings: checkSpec({
      mayServeMore,
      spec,
      domains,
      hosts,
      zones,
      keys,
      records,
      unplaced: placed.unplaced,
      ownerOf,
    }),
    manual: [...ptr.flatMap((result) => result.manual), ...placed.unplaced.filter(isOfHost).map(manualHost)],
    neededKeys: domains.flatMap((domain) => neededKeys(domain, keysOf.get(domain.name) ?? [])),
  }
}

/** A domain with its DKIM decided: on by default only where a host of ours sends. */
function settled(domain: Domain, hosts: ReadonlyMap<Name, Host>): Domain {
  const off =
    domain.mail === 'none' ||
    (domain.dkim !== false && !domain.dkim.explicit && sendingHosts(domain, hosts).length === 0)
  return off ? { ...domain, dkim: false } : domain
}

type OwnerOf = (address: Address) => ReverseOwner | undefined

function limitedTo(host: Host, ownerOf: OwnerOf, zones: Targets): OwnerOf {
  if (typeof host.reverse !== 'object') return ownerOf
  const { provider } = host.reverse
  return (address) => {
    const owner = ownerOf(address)
    return owner && zones.get(owner.zone)?.includes(provider) ? owner : undefined
  }
}

function authorisations(domains: readonly Domain[], zones: Targets, ttl: number): MailRecord[] {
  return domains.flatMap((domain) =>
    foreignReportDomains(domain)
      .filter(
        (reportTo) => zoneOf(reportTo, zones) !== undefined && zoneOf(reportTo, zones) !== zoneOf(domain.name, zones),
      )
      .map((reportTo) => reportRecord(domain, reportTo, ttl)),
  )
}

function place(
  records: readonly MailRecord[],
  zones: Targets,
): { zones: Map<Name, MailRecord[]>; unplaced: MailRecord[] } {
  const byZone = groupBy(records, ({ rrset }) => zoneOf(rrset.name, zones))
  const unplaced = byZone.get(undefined) ?? []
  const placed = [...byZone].flatMap(([zone, list]) => (zone === undefined ? [] : [[zone, list] as const]))
  for (const [, list] of placed)
    list.sort((a, b) => compareRRsets(a.rrset, b.rrset) || (a.purpose < b.purpose ? -1 : 1))
  return { zones: new Map(placed.sort(([a], [b]) => (a < b ? -1 : 1))), unplaced }
}

function manualHost({ rrset, from }: MailRecord): ManualStep {
  const values = rrset.type === 'TXT' ? rrset.rdata.map(quoteTxt) : rrset.rdata
  return {
    what: `publish ${rrset.name} ${rrset.type} ${values.join(' ')}, at whoever serves the name`,
    why: `the host is in no zone of this spec, and receivers look ${rrset.type === 'TXT' ? 'for an SPF at the name it greets with' : 'its name up'}`,
    from,
  }
}
