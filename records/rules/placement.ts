import { families } from '../families/index.js'
import { type MailRecord, slotKey } from '../families/mail-record.js'
import { sharesRRset, slotOf } from '../families/slot.js'
import type { Finding } from '../finding.js'
import { displayName, type Name, zoneOf } from '../rr/name.js'
import { RRTYPES, type RRType } from '../rr/rdata.js'
import { keyOf } from '../rr/rrset.js'
import { type Host, isUnobserved } from '../spec.js'
import { finding, type Rule } from './rule.js'

const domainOutsideZones: Rule = ({ domains, zones, mayServeMore }) =>
  domains
    .filter(({ name }) => !mayServeMore && zoneOf(name, zones) === undefined)
    .map(({ name, from }) => ({
      ...finding(
        'error',
        'domain-outside-zones',
        from,
        `${displayName(name)} is in no zone of this spec`,
        `declare it under zones: ${name}: { targets: [...] }, or the zone '*'`,
      ),
      atKey: true,
    }))

const mxOutside: Rule = ({ domains, hosts, zones }) =>
  domains.flatMap(({ mx }) =>
    (Array.isArray(mx) ? mx : []).flatMap(({ host, from }) =>
      hasAddresses(hosts.get(host)) || zoneOf(host, zones) === undefined
        ? []
        : [
            {
              ...finding(
                'warning',
                'mx-target-without-address',
                from,
                `${displayName(host)} ${hosts.has(host) ? 'has no addresses in this spec' : 'is no host of this spec'}, and its zone is ours`,
                'name it under hosts: with its addresses; `plan` looks whether the zone has one already',
              ),
              seenAt: host,
            },
          ],
    ),
  )

function hasAddresses(host: Host | undefined): boolean {
  return host !== undefined && (host.addresses.length > 0 || isUnobserved(host))
}

/** By the records of a spec: two rules look at them. */
const crowded = new WeakMap<readonly MailRecord[], readonly MailRecord[]>()

/** The records at names that have two of a type, or a CNAME and anything else: in a spec without a mistake few, however large it is. */
function crowdedRecords(records: readonly MailRecord[]): readonly MailRecord[] {
  const found = crowded.get(records) ?? findCrowded(records)
  crowded.set(records, found)
  return found
}

function findCrowded(records: readonly MailRecord[]): readonly MailRecord[] {
  /** The types at a name, a bit each. */
  const types = new Map<Name, number>()
  const names = new Set<Name>()
  const alias = bitOf('CNAME')
  for (const { rrset } of records) {
    const before = types.get(rrset.name) ?? 0
    const bit = bitOf(rrset.type)
    if (before & bit || (before > 0 && (before | bit) & alias)) names.add(rrset.name)
    types.set(rrset.name, before | bit)
  }
  return names.size === 0 ? [] : records.filter(({ rrset }) => names.has(rrset.name))
}

function bitOf(type: RRType): number {
  return 1 << RRTYPES.indexOf(type)
}

const slotTwice: Rule = ({ records }) => {
  const seen = new Map<string, MailRecord>()
  return crowdedRecords(records).flatMap((record) => {
    if (record.purpose === 'ptr') return []
    const key = slotKey(slotOf(record))
    const first = seen.get(key)
    seen.set(key, first ?? record)
    return first
      ? [
          finding(
            'error',
            'record-twice',
            record.from,
            `${keyOf(record.rrset)} ${record.purpose} is asked for twice`,
            'remove one of the two',
          ),
        ]
      : []
  })
}

/** What cannot stand together: a CNAME and anything else at its name (RFC 1034 §3.6.2), and two parts of a spec that are each a whole RRset. */
const notTogether: Rule = ({ records }) => {
  const first = new Map<string, MailRecord>()
  const aliases = new Map<Name, MailRecord>()
  const crowded = (record: MailRecord, other: MailRecord): Finding[] => [
    {
      ...finding(
        'error',
        'records-not-together',
        record.from,
        `${keyOf(record.rrset)} (${nounOf(record)}) and ${keyOf(other.rrset)} (${nounOf(other)}) cannot both be there`,
        'remove one of the two, or choose another name for it',
      ),
      also: other.from,
    },
  ]
  const together = crowdedRecords(records)
  for (const record of together) if (record.rrset.type === 'CNAME') aliases.set(record.rrset.name, record)
  return together.flatMap((record) => {
    const { rrset, purpose } = record
    const alias = aliases.get(rrset.name)
    if (alias && rrset.type !== 'CNAME' && alias.purpose !== purpose) {
      // Told once, whatever else stands there.
      aliases.delete(rrset.name)
      return crowded(alias, record)
    }
    if (sharesRRset(purpose)) return []
    const other = first.get(keyOf(rrset))
    first.set(keyOf(rrset), other ?? record)
    return other && other.purpose !== purpose ? crowded(record, other) : []
  })
}

function nounOf({ purpose }: MailRecord): string {
  return families[purpose].words.noun
}

export const placementRules: readonly Rule[] = [domainOutsideZones, mxOutside, slotTwice, notTogether]
