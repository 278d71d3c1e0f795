import ipaddr from 'ipaddr.js'
import {
  networkText,
  type SpfTerm as ReadTerm,
  type SpfLookupTerm,
  spfTerms,
} from '../../../records/families/spf/read-spf.js'
import { familyOf, parseNetwork } from '../../../records/rr/address.js'
import { labelsOf, type Name, parseName } from '../../../records/rr/name.js'
import type { SpfAll } from '../../../records/spec.js'

/** One term of an SPF value, as far as a spec has words for it. */
export type SpfTerm =
  | { readonly kind: 'all'; readonly all: SpfAll }
  /** Canonical: an address, or a network whose host bits are clear. */
  | { readonly kind: 'address'; readonly network: string }
  | { readonly kind: 'include'; readonly name: Name }
  /** `a` and `mx`, of this name or the domain itself; prefix lengths where they are given. */
  | { readonly kind: 'a' | 'mx'; readonly name?: Name; readonly bits4?: number; readonly bits6?: number }
  /** Heeded only where there is no `all` (RFC 7208 §6.1). */
  | { readonly kind: 'redirect'; readonly name?: Name }
  /** `heeded`: wherever it stands, be it after `all`. */
  | { readonly kind: 'unsaid'; readonly why: string; readonly heeded?: true }

const ALL: Readonly<Record<string, SpfAll>> = { '-': 'fail', '~': 'softfail', '?': 'neutral' }

/** The terms of an SPF value after its version, each with its text. */
export function draftTerms(value: string): (SpfTerm & { readonly text: string })[] {
  return spfTerms(value).map((term) => ({ text: term.text, ...draftTerm(term) }))
}

function draftTerm(term: ReadTerm): SpfTerm {
  if (term.kind === 'wrong') return { ...unsaid(term.fault.message), heeded: true }
  if (term.kind === 'modifier') return draftModifier(term.name, term.value)
  if (term.kind === 'all') {
    const all = ALL[term.qualifier]
    return all ? { kind: 'all', all } : unsaid('it lets everybody send')
  }
  if (term.text.includes('%')) return unsaid('it has macros')
  if (term.qualifier !== '+') return unsaid(`a spec cannot say ${term.qualifier} of one sender`)
  if ('network' in term) {
    const network = parseNetwork(networkText(term))
    return typeof network === 'string' ? { kind: 'address', network } : unsaid(network.error)
  }
  return draftLookup(term)
}

function draftModifier(name: string, value: string): SpfTerm {
  if (name !== 'redirect') return { ...unsaid('a spec has no word for it'), heeded: true }
  const target = parseName(value)
  return { kind: 'redirect', ...(typeof target === 'string' ? { name: target } : {}) }
}

function draftLookup({ kind, domain, bits4, bits6 }: SpfLookupTerm): SpfTerm {
  const name = domain === undefined ? undefined : parseName(domain)
  if (typeof name === 'object') return unsaid(name.error)
  if (kind === 'ptr') return unsaid('RFC 7208 §5.5 says not to use ptr')
  if (kind === 'exists') return unsaid('a spec has no word for it')
  if (kind === 'include')
    return name !== undefined && labelsOf(name).length > 1 ? { kind, name } : unsaid('it includes no domain')
  return {
    kind,
    ...(name === undefined ? {} : { name }),
    ...(bits4 === undefined || bits4 === 32 ? {} : { bits4 }),
    ...(bits6 === undefined || bits6 === 128 ? {} : { bits6 }),
  }
}

/** The network around an address, with its host bits clear; undefined where the prefix length is 0. */
export function networkOf(address: string, bits: number): string | undefined {
  if (bits < 1) return undefined
  const kind = familyOf(address) === 4 ? ipaddr.IPv4 : ipaddr.IPv6
  const network = parseNetwork(`${kind.networkAddressFromCIDR(`${address}/${bits}`)}/${bits}`)
  return typeof network === 'string' ? network : undefined
}

function unsaid(why: string): SpfTerm & { readonly kind: 'unsaid' } {
  return { kind: 'unsaid', why }
}
