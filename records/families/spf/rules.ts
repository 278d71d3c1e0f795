import { cut } from '../../cut.js'
import type { SpecPath } from '../../finding.js'
import { displayName, isWildcard, type Name, parseName, zoneOf } from '../../rr/name.js'
import { octetLength } from '../../rr/octets.js'
import { rdataTexts } from '../../rr/rrset.js'
import { finding, type Rule, type RuleInput } from '../../rules/rule.js'
import type { Domain } from '../../spec.js'
import type { MailRecord } from '../mail-record.js'
import { type Everybody, everybodyIn } from './everybody.js'
import { countLookups, LOOKUP_LIMIT, leadsTo, loopThrough, OCTET_LIMIT, type SpfAt } from './graph.js'
import { heeded, lookupsOf, readSpf, type SpfRecord } from './read-spf.js'
import { doesSend } from './senders.js'

interface SpfOfSpec {
  readonly records: readonly MailRecord[]
  readonly at: SpfAt
}

/** By the records of a spec: picked out and read once, however many rules and zones ask. */
const known = new WeakMap<readonly MailRecord[], SpfOfSpec>()

/** The SPF that the spec wants at a name. */
export function spfOfSpec(input: RuleInput): SpfAt {
  return spfIn(input).at
}

function spfIn({ records }: RuleInput): SpfOfSpec {
  const found = known.get(records)
  if (found) return found
  const own = records.filter(({ purpose }) => purpose === 'spf')
  const picked = { records: own, at: readerOf(own) }
  known.set(records, picked)
  return picked
}

function readerOf(records: readonly MailRecord[]): SpfAt {
  // By the text: many domains of one machine have the same.
  const read = new Map<string, SpfRecord | undefined>()
  const readOnce = (value: string): SpfRecord | undefined => {
    if (!read.has(value)) read.set(value, readSpf(value).value)
    return read.get(value)
  }
  const found = new Map(records.map(({ rrset }) => [rrset.name, readOnce(rdataTexts(rrset)[0] ?? '')]))
  return (name) => found.get(name)
}

/** By the domains of a spec: a fleet may have thousands of findings. */
const named = new WeakMap<readonly Domain[], ReadonlyMap<Name, Domain>>()

/** Where the spec asks for an include, else where it asks for the SPF. */
export function includePlace({ domains }: Pick<RuleInput, 'domains'>, name: Name, included: Name): SpecPath {
  const byName = named.get(domains) ?? new Map(domains.map((one) => [one.name, one]))
  named.set(domains, byName)
  const domain = byName.get(name)
  const spf = domain?.spf || undefined
  const term = [...(spf?.include ?? []), ...(spf?.terms ?? [])].find(
    ({ value }) => value === included || leadsToName(value, included),
  )
  return term?.from ?? spf?.from ?? domain?.from ?? []
}

function leadsToName(term: string, name: Name): boolean {
  return parseName(term.slice(term.indexOf(':') + 1)) === name
}

/**
 * The look-ups that the SPF at a name asks for itself, where it leads to none of this spec and these are all; else undefined. Worked out
 * once for an SPF, which many domains of one machine have alike.
 */
function ownLookups(spfAt: SpfAt): (name: Name) => number | undefined {
  const known = new Map<SpfRecord, number | undefined>()
  const count = (record: SpfRecord): number | undefined => {
    const lookups = lookupsOf(record)
    return lookups.some(({ target }) => target !== undefined && spfAt(target)) ? undefined : lookups.length
  }
  return (name) => {
    const record = spfAt(name)
    if (record === undefined) return 0
    if (!known.has(record)) known.set(record, count(record))
    return known.get(record)
  }
}

const spfLookups: Rule = (input) => {
  const { records, at } = spfIn(input)
  const own = ownLookups(at)
  return records.flatMap(({ rrset: { name }, from }) => {
    const count = own(name) ?? countLookups(name, at)
    return count > LOOKUP_LIMIT ? [finding('error', 'spf-lookups', from, tooMany(name, count), FEWER)] : []
  })
}

export const FEWER = 'drop an include, name it under spf.flatten instead, or list its addresses under spf.addresses'

export function tooMany(name: Name, count: number): string {
  return `the SPF of ${displayName(name)} needs at least ${count} DNS look-ups, and receivers stop at ${LOOKUP_LIMIT} (RFC 7208 §4.6.4)`
}

const spfLoop: Rule = (input) => {
  const { records, at } = spfIn(input)
  const own = ownLookups(at)
  return records.flatMap(({ rrset: { name } }) => {
    const loop = own(name) === undefined ? loopThrough(name, at) : undefined
    if (loop === undefined || loop.some((other) => other < name)) return []
    const from = includePlace(input, name, loop[1] ?? name)
    return [finding('error', 'spf-include-loop', from, circle(loop), WITHOUT_CIRCLE)]
  })
}

export const WITHOUT_CIRCLE = 'remove the include or redirect'

/** What receivers make of SPF records that include each other. */
export function circle([name, ...others]: readonly Name[]): string {
  const way =
    others.length === 0 ? 'itself' : `${others.map(displayName).join(', which includes ')}, which includes it again`
  return `the SPF of ${displayName(name as Name)} includes ${way}: receivers answer permerror (RFC 7208 §4.6.4)`
}

const includeWithoutSpf: Rule = (input) => {
  const spfAt = spfOfSpec(input)
  const silent = new Set(input.domains.filter(({ mail, spf }) => mail === 'normal' && !spf).map(({ name }) => name))
  if (silent.size === 0) return []
  return input.domains.flatMap(({ name }) =>
    leadsTo(name, spfAt)
      .filter((included) => silent.has(included) && !spfAt(included) && zoneOf(included, input.zones) !== undefined)
      .map((included) => ({
        ...finding(
          'warning',
          'spf-include-without-spf',
          includePlace(input, name, included),
          `the SPF of ${displayName(name)} includes ${displayName(included)}, which has no SPF in this spec: where there is none, receivers answer permerror (RFC 7208 §5.2)`,
          'give it an SPF, or remove the include',
        ),
        seenAt: included,
      })),
  )
}

const spfTooLong: Rule = (input) =>
  spfIn(input).records.flatMap(({ rrset, from }) => {
    const octets = octetLength(rdataTexts(rrset)[0] ?? '')
    return octets > OCTET_LIMIT
      ? [
          finding(
            'warning',
            'spf-too-long',
            from,
            `the SPF of ${displayName(rrset.name)} has ${octets} octets; with over ${OCTET_LIMIT} the answer may not fit a UDP packet (RFC 7208 §3.4)`,
            'use networks instead of single addresses under spf.addresses',
          ),
        ]
      : []
  })

const spfEverybody: Rule = (input) => {
  const { records, at } = spfIn(input)
  return records.flatMap(({ rrset: { name }, from }) => {
    const record = at(name)
    const found = record && everybodyIn(record)
    if (found === undefined) return []
    return [finding('warning', 'spf-everybody', from, letsSend({ way: [name], ...found }), FEWER_SENDERS)]
  })
}

export const FEWER_SENDERS = 'list the addresses that send, and say fail or softfail of all others'

/** Whom an SPF lets send that had better not be let. */
export function letsSend({ way: [name, ...others], what, terms }: Everybody): string {
  const whose =
    others.length === 0 ? '' : ` asks that of ${others.map(displayName).join(', which asks that of ')}, which`
  const who = what === 'everybody' ? 'everybody' : 'half of the Internet or more'
  return `the SPF of ${displayName(name)}${whose} lets ${who} send in its name: ${cut(terms.join(' '))}`
}

const spfNobody: Rule = ({ domains, hosts }) =>
  domains.flatMap((domain) => {
    if (domain.mail === 'none' || domain.spf === false || doesSend(domain, hosts)) return []
    // A wildcard has nothing to park, and what has the null MX is as good as parked: there `-all` is what was meant.
    if (domain.spf.all === 'fail' && (isWildcard(domain.name) || domain.mx === 'none')) return []
    return [
      finding(
        'warning',
        'spf-nobody',
        domain.spf.from,
        `the SPF of ${displayName(domain.name)} lets nobody send`,
        'name who sends under spf.hosts, spf.include, spf.terms or spf.addresses; `spf: false` publishes none; `mail: none` parks the domain',
      ),
    ]
  })

const spfNotFlattened: Rule = ({ spec, domains }) =>
  domains.flatMap(({ name, spf }) =>
    spf === false
      ? []
      : spf.flatten
          .filter(({ value }) => !spec.flattened?.has(value))
          .map(({ value, from }) =>
            finding(
              'error',
              'spf-not-flattened',
              from,
              `what the SPF of ${displayName(value)} means for ${displayName(name)} is not in spf-lock.json`,
              'run `mailsync spf refresh`, and commit spf-lock.json',
            ),
          ),
  )

const spfPtr: Rule = (input) => {
  const spfAt = spfOfSpec(input)
  const asking = new Map<SpfRecord, boolean>()
  const asks = (record: SpfRecord): boolean => {
    const known = asking.get(record) ?? heeded(record).some(({ kind }) => kind === 'ptr')
    asking.set(record, known)
    return known
  }
  return input.domains.flatMap(({ name, spf }) => {
    const record = spf === false ? undefined : spfAt(name)
    if (!spf || !record || !asks(record)) return []
    const from = spf.terms.find(({ value }) => /ptr/i.test(value))?.from ?? spf.from
    return [
      finding(
        'warning',
        'spf-ptr',
        from,
        `the SPF of ${displayName(name)} asks for the PTR of every client: it is slow, and some receivers refuse it (RFC 7208 §5.5)`,
        'list the addresses instead, under spf.addresses or as hosts',
      ),
    ]
  })
}

export const spfRules: readonly Rule[] = [
  spfLookups,
  spfLoop,
  includeWithoutSpf,
  spfTooLong,
  spfEverybody,
  spfNobody,
  spfPtr,
  spfNotFlattened,
]
