import type { Fault } from '../../../../records/families/reading.js'
import { readSpf } from '../../../../records/families/spf/read-spf.js'
import { type Address, familyOf } from '../../../../records/rr/address.js'
import { displayName, type Name, ROOT } from '../../../../records/rr/name.js'
import type { SpfAll } from '../../../../records/spec.js'
import { draftTerms, networkOf, type SpfTerm } from '../../../config/records/spf-terms.js'
import type { Holdings } from '../../holdings/holdings.js'

/** What an SPF value says, its `a` and `mx` looked up. */
export interface SpfMeaning {
  /** Canonical addresses and networks, each once. */
  readonly senders: readonly string[]
  /** Those of the senders that stand in it as `ip4` or `ip6`. */
  readonly stated: ReadonlySet<string>
  /** Names all of whose own addresses are among the senders, with these. */
  readonly named: ReadonlyMap<Name, readonly Address[]>
  readonly include: readonly Name[]
  /** What is written under `terms`, in its order. */
  readonly terms: readonly string[]
  /** Those of them whose addresses are not known here, each with the reason. */
  readonly unknown: readonly TermReason[]
  readonly redirect?: string
  readonly exp?: string
  /** Undefined where `redirect` says it. */
  readonly all: SpfAll | undefined
  /** Terms that mean nothing and are left out, each with the reason. */
  readonly ignored: readonly TermReason[]
  /** What makes it a permanent error, which receivers heed nothing of (RFC 7208 §4.6). */
  readonly faults: readonly Fault[]
  /** Terms a spec cannot say. Where there are any, the value had better stay as it is. */
  readonly unsupported: readonly TermReason[]
}

export interface TermReason {
  readonly term: string
  readonly why: string
}

/**
 * Reads the SPF value of a domain. Only names in the zones that were read can be looked up; others stay the terms they are.
 * Where no host is found in it, everything from the first of those terms on is one, so that its order stays as it is.
 */
export function spfMeaning(value: string, domain: Name, holdings: Holdings): SpfMeaning {
  const terms = draftTerms(value)
  const meaning = meaningOf(value, terms, ordered(terms), domain, holdings)
  const first = terms.findIndex((term) => meaning.terms.includes(term.kind === 'term' ? term.written : term.text))
  if (first < 0 || meaning.named.size > 0) return meaning
  return { ...meaningOf(value, terms, { from: first, includes: true }, domain, holdings), unknown: meaning.unknown }
}

type Term = ReturnType<typeof draftTerms>[number]

function meaningOf(
  value: string,
  terms: readonly Term[],
  inOrder: Order,
  domain: Name,
  holdings: Holdings,
): SpfMeaning {
  const senders = new Set<string>()
  const stated = new Set<string>()
  const named = new Map<Name, readonly Address[]>()
  const include = new Set<Name>()
  const further = new Set<string>()
  const unknown: TermReason[] = []
  const ignored: TermReason[] = []
  const unsupported: TermReason[] = []
  const modifiers: { redirect?: string; exp?: string } = {}
  const { faults } = readSpf(value)
  const hasAll = terms.some(({ kind }) => kind === 'all')
  let all: SpfAll | undefined
  for (const [index, read] of terms.entries()) {
    const term = read.text
    if (read.kind === 'wrong') continue
    if (read.kind === 'redirect' || read.kind === 'exp') {
      if (read.kind === 'exp' || !hasAll) modifiers[read.kind] = read.domain
      else ignored.push({ term, why: 'it is ignored where there is `all` (RFC 7208 §5.1)' })
    } else if (read.kind === 'ignored') ignored.push({ term, why: read.why })
    else if (all !== undefined) ignored.push({ term, why: 'nothing after `all` is looked at (RFC 7208 §5.1)' })
    else if (read.kind === 'all') all = read.all
    else if (read.kind === 'unsupported') unsupported.push({ term, why: read.why })
    else if (read.kind === 'term') further.add(read.written)
    else if (index >= inOrder.from || (read.kind === 'include' && inOrder.includes)) further.add(term)
    else if (read.kind === 'address') {
      senders.add(read.network)
      stated.add(read.network)
    } else if (read.kind === 'include') include.add(read.name)
    else {
      const found = lookUp(read, domain, holdings)
      if (found.why !== undefined && !found.ignored) {
        further.add(term)
        unknown.push({ term, why: found.why })
        continue
      }
      if (found.why !== undefined) ignored.push({ term, why: found.why })
      for (const sender of found.senders) senders.add(sender)
      for (const [name, addresses] of found.names) named.set(name, addresses)
    }
  }
  if (all === undefined && modifiers.redirect === undefined && unsupported.length + faults.length === 0)
    ignored.push({ term: 'the missing `all`', why: 'without one the answer is neutral (RFC 7208 §4.7)' })
  return {
    senders: [...senders],
    stated,
    named,
    include: [...include],
    terms: [...further],
    unknown,
    ...modifiers,
    all: modifiers.redirect === undefined ? (all ?? 'neutral') : undefined,
    ignored,
    unsupported,
    faults,
  }
}

/** From which term on all are written as terms, and whether all includes are. */
interface Order {
  readonly from: number
  readonly includes: boolean
}

/**
 * Where a term says other than pass, what stands behind it must stay behind it: from there on all are written as terms, and
 * the includes before it too, as a spec has them last.
 */
function ordered(terms: readonly SpfTerm[]): Order {
  const first = terms.findIndex((term) => term.kind === 'term' && !term.isPlain)
  return first < 0 ? { from: terms.length, includes: false } : { from: first, includes: true }
}

type AddressTerm = SpfTerm & { readonly kind: 'a' | 'mx' }

interface Found {
  readonly senders: readonly string[]
  /** Names all of whose addresses are senders, with these. */
  readonly names: readonly (readonly [Name, readonly Address[]])[]
  /** What is wrong with the term; `ignored` where it then means nothing. */
  readonly why?: string
  readonly ignored?: boolean
}

function lookUp(term: AddressTerm, domain: Name, holdings: Holdings): Found {
  const target = term.name ?? domain
  const nobody = { senders: [], names: [] }
  if (term.kind === 'a') return addressesOf([target], term, holdings)
  if (!holdings.serves(target)) return { ...nobody, why: `${displayName(target)} is not in the zones that were read` }
  const mx = holdings.get(target, 'MX')
  if (mx?.locked !== undefined) return { ...nobody, why: mx.locked }
  const hosts = (mx?.rdata ?? []).map(({ exchange }) => exchange).filter((exchange) => exchange !== ROOT)
  if (hosts.length > 0) return addressesOf(hosts, term, holdings)
  return { ...nobody, why: `${displayName(target)} has no MX, so it lets nobody send`, ignored: true }
}

function addressesOf(names: readonly Name[], { bits4, bits6 }: AddressTerm, holdings: Holdings): Found {
  const networks = (addresses: readonly Address[]): (string | undefined)[] =>
    addresses.map((address) => {
      const bits = familyOf(address) === 4 ? bits4 : bits6
      return bits === undefined ? address : networkOf(address, bits)
    })
  const found = names.map((name) => ({ name, held: holdings.addressesAt(name) }))
  const known = found.flatMap(({ name, held }) =>
    'addresses' in held ? [{ name, addresses: held.addresses, networks: networks(held.addresses) }] : [],
  )
  const senders = known.flatMap((one) => one.networks)
  const sure = senders.filter((sender) => sender !== undefined)
  const whole = {
    senders: sure,
    names:
      bits4 === undefined && bits6 === undefined ? known.map(({ name, addresses }) => [name, addresses] as const) : [],
  }
  // An apex has no wildcard above it in its zone that could answer for it.
  const lost = found.find(({ name, held }) => 'unknown' in held && !(held.absent && holdings.zones.has(name)))
  if (lost && 'unknown' in lost.held)
    return { ...whole, why: `the addresses of ${displayName(lost.name)} are not known here: ${lost.held.unknown}` }
  if (sure.length < senders.length) return { ...whole, why: 'its prefix length is none a spec has' }
  if (senders.length > 0) return whole
  return { ...whole, why: `${displayName(names[0] as Name)} has no address, so it lets nobody send`, ignored: true }
}
