import { type DkimNeed, neededKeys, withDkimDecided } from './families/dkim/dkim.js'
import { type DkimPublicKey, keyId } from './families/dkim/dkim-key.js'
import { neededZoneKeys } from './families/dkim/needed-zone-keys.js'
import type { CompileInput, ManualStep } from './families/family.js'
import { families } from './families/index.js'
import { type MailRecord, type Purpose, slotKey } from './families/mail-record.js'
import { slotOf } from './families/slot.js'
import type { Finding } from './finding.js'
import { frozenSlots } from './frozen.js'
import { groupBy } from './group.js'
import { type Name, zoneOf } from './rr/name.js'
import { presentation } from './rr/rdata.js'
import { type ReverseAliases, reverseOwners } from './rr/reverse.js'
import { compareRRsets } from './rr/rrset.js'
import type { RuleInput } from './rules/rule.js'
import { checkSpec } from './rules.js'
import type { MailSpec } from './spec.js'

/** What a spec means: its records by zone, and all there is to say about it. */
export interface Compiled {
  /** Every zone with records, in name order; the records of a zone in zone order. */
  readonly zones: ReadonlyMap<Name, readonly MailRecord[]>
  /** By the provider that keeps the PTRs of its own addresses, in name order; the records of one in zone order. */
  readonly addressOwners: ReadonlyMap<string, readonly MailRecord[]>
  readonly findings: readonly Finding[]
  readonly manual: readonly ManualStep[]
  /** Keys that have to be made before the records are complete. */
  readonly neededKeys: readonly DkimNeed[]
  /** What the findings came from: `checkZone` asks again, with each zone that was read. */
  readonly input: RuleInput
}

/** Zone name → the providers that hold it. */
export type Targets = ReadonlyMap<Name, readonly string[]>

/**
 * Compiles a spec. Pure: the same spec, keys and zones give the same result, in whatever order hosts, domains and keys come.
 *
 * @param zones the zones that are served: those of the spec, and what its `'*'` was found to stand for.
 * @param mayServeMore whether a name in none of them may yet be served, because `'*'` was not asked.
 * @param aliases the CNAMEs that were seen at reverse names.
 */
export function compile(
  spec: MailSpec,
  keys: readonly DkimPublicKey[],
  zones: Targets,
  mayServeMore = false,
  aliases: ReverseAliases = new Map(),
): Compiled {
  const hosts = new Map(spec.hosts.map((host) => [host.name, host]))
  const domains = spec.domains.map((domain) => withDkimDecided(domain, hosts))
  const keysOf = groupBy(keys, ({ domain }) => domain)
  for (const own of keysOf.values()) own.sort((a, b) => (keyId(a) < keyId(b) ? -1 : 1))
  const ownerOf = reverseOwners([...zones.keys()], aliases)
  const input: CompileInput = { spec, domains, hosts, keys: keysOf, zones, ownerOf, aliases }
  const parts = Object.values(families).map((family) => family.compile(input))
  const frozen = frozenSlots(spec)
  const all = parts.flatMap((part) => part.records)
  const records = frozen ? all.filter(({ rrset, purpose }) => !frozen({ ...rrset, purpose }, [])) : all
  const owned = groupBy(records, ({ addressOwner }) => addressOwner)
  const needed = [
    ...domains.flatMap((domain) => neededKeys(domain, keysOf.get(domain.name) ?? [])),
    ...neededZoneKeys(domains, keysOf, zones),
  ]
  const placed = place(owned.get(undefined) ?? [], zones)
  const checked: RuleInput = {
    mayServeMore,
    spec,
    domains,
    hosts,
    zones,
    keys,
    keysOf,
    neededKeys: needed,
    records,
    ownerOf,
    aliases,
    unplaced: placed.unplaced,
  }
  return {
    zones: placed.zones,
    addressOwners: ownersOf(owned),
    findings: checkSpec(checked),
    manual: [
      ...parts.flatMap(({ manual = [] }) => manual),
      ...placed.unplaced.filter(({ from }) => from[0] === 'hosts').map(manualHost),
    ],
    neededKeys: needed,
    input: checked,
  }
}

/** What was compiled, with other records in place of those that it has. */
export function withRecords(compiled: Compiled, records: readonly MailRecord[]): Compiled {
  const owned = groupBy(records, ({ addressOwner }) => addressOwner)
  const { zones, unplaced } = place(owned.get(undefined) ?? [], compiled.input.zones)
  return { ...compiled, zones, addressOwners: ownersOf(owned), input: { ...compiled.input, records, unplaced } }
}

function place(
  records: readonly MailRecord[],
  zones: Targets,
): { zones: Map<Name, MailRecord[]>; unplaced: MailRecord[] } {
  const byZone = groupBy(records, ({ rrset }) => zoneOf(rrset.name, zones))
  const unplaced = byZone.get(undefined) ?? []
  const placed = [...byZone].flatMap(([zone, list]) => (zone === undefined ? [] : [[zone, list] as const]))
  return { zones: sorted(placed), unplaced }
}

function ownersOf(owned: ReadonlyMap<string | undefined, MailRecord[]>): Map<string, MailRecord[]> {
  return sorted([...owned].flatMap(([owner, list]) => (owner === undefined ? [] : [[owner, list] as const])))
}

/** By key, and the records of each in zone order. */
function sorted<Key extends string>(lists: (readonly [Key, MailRecord[]])[]): Map<Key, MailRecord[]> {
  for (const [, list] of lists)
    list.sort((a, b) => compareRRsets(a.rrset, b.rrset) || (slotKey(slotOf(a)) < slotKey(slotOf(b)) ? -1 : 1))
  return new Map(lists.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const READERS: { readonly [P in Purpose]?: string } = {
  spf: 'receivers look for an SPF at the name it greets with',
  caa: 'CAs look there before they issue a certificate for it',
  tlsa: 'senders with DANE look for its keys there',
}

function manualHost({ rrset, purpose, from }: MailRecord): ManualStep {
  const values = rrset.rdata.map((rdata) => presentation(rrset.type, rdata))
  return {
    what: `publish ${rrset.name} ${rrset.type} ${values.join(' ')}, at whoever serves the name`,
    why: `the host is in no zone of this spec, and ${READERS[purpose] ?? 'receivers look its name up'}`,
    from,
    rrset,
  }
}
