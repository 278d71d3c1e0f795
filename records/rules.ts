import { families } from './families/index.js'
import type { MailRecord } from './families/mail-record.js'
import { observeDoubled } from './families/observe-doubled.js'
import type { Finding } from './finding.js'
import { joinName, type Name, zoneOf } from './rr/name.js'
import type { Zone } from './rr/zone.js'
import { lengthRules } from './rules/length.js'
import { parkedRules } from './rules/parked.js'
import { placementRules } from './rules/placement.js'
import type { RuleInput } from './rules/rule.js'
import type { AliasRecord, ZoneParts } from './rules/zone-view.js'
import type { Domain, Host } from './spec.js'

/** Applies every rule to a spec and what it was compiled into: those of no one family, then each family's. */
export function checkSpec(input: RuleInput): Finding[] {
  const rules = [
    ...placementRules,
    ...parkedRules,
    ...lengthRules,
    ...Object.values(families).flatMap((family) => family.rules),
  ]
  return rules.flatMap((rule) => rule(input))
}

/**
 * What is to be said about a zone that was read, as it will be once the plan is applied. Pure.
 *
 * @param before as it was read
 */
export function checkZone(input: RuleInput, zone: Zone, before: Zone = zone): Finding[] {
  const parts = partsByZone(input).get(zone.name)
  if (parts === undefined) return []
  const view = { zone, before, input, ...parts }
  return [...Object.values(families).flatMap((family) => family.observe?.(view) ?? []), ...observeDoubled(view)]
}

interface Parts extends ZoneParts {
  readonly domains: Domain[]
  readonly hosts: Host[]
  readonly records: MailRecord[]
  readonly aliases: AliasRecord[]
  readonly aliased: MailRecord[]
}

function isAlias(record: MailRecord): record is AliasRecord {
  return record.rrset.type === 'CNAME'
}

/** By input: with thousands of zones, each must not go through the whole spec. */
const grouped = new WeakMap<RuleInput, ReadonlyMap<Name, ZoneParts>>()

function partsByZone(input: RuleInput): ReadonlyMap<Name, ZoneParts> {
  const known = grouped.get(input)
  if (known) return known
  const parts = new Map<Name, Parts>()
  const at = (name: Name): Parts | undefined => {
    const zone = zoneOf(name, input.zones)
    if (zone === undefined) return undefined
    const found = parts.get(zone) ?? { domains: [], hosts: [], records: [], aliases: [], aliased: [] }
    parts.set(zone, found)
    return found
  }
  for (const domain of input.domains) {
    const names = [domain.name, joinName('_dmarc', domain.name), joinName('_domainkey', domain.name)]
    for (const found of new Set(names.map(at))) found?.domains.push(domain)
  }
  for (const host of input.hosts.values()) at(host.name)?.hosts.push(host)
  for (const record of input.records) {
    at(record.rrset.name)?.records.push(record)
    if (isAlias(record)) for (const target of record.rrset.rdata) at(target)?.aliases.push(record)
    if (record.alias !== undefined) at(record.alias)?.aliased.push(record)
  }
  // Lists that were pushed to have room for more, which takes more memory than what is in them.
  const whole = new Map(
    [...parts].map(([zone, { domains, hosts, records, aliases, aliased }]) => [
      zone,
      {
        domains: domains.slice(),
        hosts: hosts.slice(),
        records: records.slice(),
        aliases: aliases.slice(),
        aliased: aliased.slice(),
      },
    ]),
  )
  grouped.set(input, whole)
  return whole
}

/**
 * The findings that stay once zones were read: where the zone that answers for a name was, it has said itself what a rule
 * could only suppose.
 */
export function unanswered(findings: readonly Finding[], wasRead: (name: Name) => boolean): Finding[] {
  return findings.filter(({ seenAt }) => seenAt === undefined || !wasRead(seenAt))
}
