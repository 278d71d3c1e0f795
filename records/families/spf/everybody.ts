import { type Address, isInNetwork } from '../../rr/address.js'
import type { Name } from '../../rr/name.js'
import { LOOKUP_LIMIT, type SpfAt } from './graph.js'
import {
  heeded,
  lookupsOf,
  networkText,
  passes,
  type SpfDirective,
  type SpfNetworkTerm,
  type SpfRecord,
} from './read-spf.js'
import { writeDirective } from './write-spf.js'

/** Who lets so many send that the SPF says nothing, and by which terms. */
export interface Everybody {
  /** The names from the one that was asked about to the one that has the terms, each of which asks the SPF of the next. */
  readonly way: readonly [Name, ...Name[]]
  /** Everybody, or half of all addresses of a kind at least. */
  readonly what: 'everybody' | 'half'
  readonly terms: readonly string[]
}

/** Of all addresses. */
const TOO_MANY = 1 / 2
/** Of all addresses: what no SPF has enough of to come to {@link TOO_MANY}. */
const SMALL = 2 ** -16
/** How many bits 2000::/3 has, what is given out of IPv6 (RFC 4291 §2.4). */
const GLOBAL_BITS = 3

/**
 * Whether an SPF, or one that it asks and passes what that passes, lets everybody send; as far as their names are known, and within
 * the look-ups receivers make. Each name is asked once, level by level, as names that include each other have very many ways.
 */
export function everybodyAt(name: Name, spfAt: SpfAt): Everybody | undefined {
  const seen = new Set<Name>([name])
  let level: readonly Everybody['way'][] = [[name]]
  for (let depth = 0; depth <= LOOKUP_LIMIT && level.length > 0; depth++) {
    const next: Everybody['way'][] = []
    for (const way of level) {
      const record = spfAt(way.at(-1) as Name)
      const own = record && everybodyIn(record)
      if (own) return { way, ...own }
      for (const target of record ? asked(record) : []) {
        if (!seen.has(target)) next.push([...way, target])
        seen.add(target)
      }
    }
    level = next
  }
  return undefined
}

/** The names whose SPF decides as well who passes. */
function asked(record: SpfRecord): Name[] {
  return lookupsOf(record).flatMap(({ kind, passes, target }) =>
    passes && (kind === 'include' || kind === 'redirect') ? (target ?? []) : [],
  )
}

/** By record: thousands of domains of one machine have the same. */
const known = new WeakMap<SpfRecord, Omit<Everybody, 'way'> | false>()

/** The same of an SPF alone, whatever it asks. */
export function everybodyIn(record: SpfRecord): Omit<Everybody, 'way'> | undefined {
  const found = known.get(record) ?? find(heeded(record).filter(passes)) ?? false
  known.set(record, found)
  return found || undefined
}

function find(passing: readonly SpfDirective[]): Omit<Everybody, 'way'> | undefined {
  const all = passing.find(({ kind }) => kind === 'all')
  if (all) return { what: 'everybody', terms: [all.text] }
  for (const share of [share4, share6]) {
    const sum = (terms: readonly SpfDirective[]): number => terms.reduce((sum, term) => sum + share(term), 0)
    if (sum(passing) < TOO_MANY) continue
    const wide = apart(passing.filter((term) => share(term) > SMALL))
    if (sum(wide) >= TOO_MANY) return { what: 'half', terms: wide.map(({ text }) => text) }
  }
  return undefined
}

/** Without the networks that others hold: two networks are apart, or one is in the other. */
function apart(terms: readonly SpfDirective[]): readonly SpfDirective[] {
  const distinct = [...new Map(terms.map((term) => [writeDirective(term), term])).values()]
  return distinct.filter((term) => !('network' in term) || !distinct.some((other) => isWider(other, term)))
}

function isWider(other: SpfDirective, { kind, network, bits }: SpfNetworkTerm): boolean {
  return (
    'network' in other &&
    other.kind === kind &&
    other.bits < bits &&
    isInNetwork(network as Address, networkText(other))
  )
}

/** The part of all IPv4 addresses that a term lets send: where it names a host, one that has addresses. */
function share4(term: SpfDirective): number {
  if ('network' in term) return term.kind === 'ip4' ? 2 ** -term.bits : 0
  return 'bits4' in term && term.bits4 !== undefined && term.bits4 < 32 ? 2 ** -term.bits4 : 0
}

function share6(term: SpfDirective): number {
  if ('network' in term) return term.kind === 'ip6' ? shareOfGlobal(term) : 0
  return 'bits6' in term && term.bits6 !== undefined && term.bits6 < 128 ? ofGlobal(term.bits6) : 0
}

function shareOfGlobal(term: SpfNetworkTerm): number {
  if (term.bits <= GLOBAL_BITS) return isInNetwork('2000::' as Address, networkText(term)) ? 1 : 0
  return isGlobal(term.network) ? ofGlobal(term.bits) : 0
}

/** By the first group of an address: `::` has none. */
function isGlobal(address: string): boolean {
  return Number.parseInt(address, 16) >> 13 === 1
}

function ofGlobal(bits: number): number {
  return 2 ** Math.min(0, GLOBAL_BITS - bits)
}
