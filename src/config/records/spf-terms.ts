import ipaddr from 'ipaddr.js'
import {
  networkText,
  type SpfTerm as ReadTerm,
  type SpfAllTerm,
  type SpfDirective,
  type SpfLookupTerm,
  spfTerms,
} from '../../../records/families/spf/read-spf.js'
import { writeDirective } from '../../../records/families/spf/write-spf.js'
import { familyOf, parseNetwork } from '../../../records/rr/address.js'
import { labelsOf, type Name, parseName } from '../../../records/rr/name.js'
import type { SpfAll } from '../../../records/spec.js'

/** One term of an SPF value, in the words a spec has for it. */
export type SpfTerm =
  | { readonly kind: 'all'; readonly all: SpfAll }
  /** Canonical: an address, or a network whose host bits are clear. */
  | { readonly kind: 'address'; readonly network: string }
  | { readonly kind: 'include'; readonly name: Name }
  /** `a` and `mx`, of this name or the domain itself; prefix lengths where they are given. */
  | { readonly kind: 'a' | 'mx'; readonly name?: Name; readonly bits4?: number; readonly bits6?: number }
  /** One that stands under `terms`; `isPlain`: a sender that passes. */
  | { readonly kind: 'term'; readonly written: string; readonly isPlain: boolean }
  /** Heeded where there is no `all` (RFC 7208 §6.1). */
  | { readonly kind: 'redirect'; readonly domain: string }
  /** Heeded wherever it stands. */
  | { readonly kind: 'exp'; readonly domain: string }
  /** It makes the whole record a permanent error (RFC 7208 §4.6). */
  | { readonly kind: 'wrong' }
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'unsupported'; readonly why: string }

const ALL: Readonly<Record<string, SpfAll>> = { '-': 'fail', '~': 'softfail', '?': 'neutral' }

/** The terms of an SPF value after its version, each with its text. */
export function draftTerms(value: string): (SpfTerm & { readonly text: string })[] {
  return spfTerms(value).map((term) => ({ text: term.text, ...draftTerm(term) }))
}

function draftTerm(term: ReadTerm): SpfTerm {
  if (term.kind === 'wrong') return { kind: 'wrong' }
  if (term.kind === 'modifier')
    return term.name === 'redirect' || term.name === 'exp'
      ? { kind: term.name, domain: term.value }
      : { kind: 'ignored', why: 'receivers ignore it (RFC 7208 §6)' }
  if (term.kind === 'all') {
    const all = ALL[term.qualifier]
    return all ? { kind: 'all', all } : { kind: 'unsupported', why: 'it lets everybody send' }
  }
  const why = 'network' in term ? undefined : targetFault(term)
  if (why !== undefined) return { kind: 'unsupported', why }
  return (isPlain(term) ? draftPlain(term) : undefined) ?? asTerm(term)
}

/** A sender that passes, in words of its own; undefined where a spec has none. */
function draftPlain(term: Sender): SpfTerm | undefined {
  if ('network' in term) {
    const network = parseNetwork(networkText(term))
    return typeof network === 'string' ? { kind: 'address', network } : undefined
  }
  const { kind, domain, bits4, bits6 } = term
  const name = domain === undefined ? undefined : (parseName(domain) as Name)
  if (kind === 'ptr' || kind === 'exists') return undefined
  if (kind === 'include') return name === undefined ? undefined : { kind, name }
  return {
    kind,
    ...(name === undefined ? {} : { name }),
    ...(bits4 === undefined || bits4 === 32 ? {} : { bits4 }),
    ...(bits6 === undefined || bits6 === 128 ? {} : { bits6 }),
  }
}

/** Why what a term names is no name; what is made of macros is not known before mail comes. */
export function targetFault({ kind, domain }: SpfLookupTerm): string | undefined {
  if (domain === undefined || domain.includes('%')) return undefined
  const name = parseName(domain)
  if (typeof name === 'object') return name.error
  return kind === 'include' && labelsOf(name).length < 2 ? 'it includes no domain' : undefined
}

type Sender = Exclude<SpfDirective, SpfAllTerm>

function isPlain({ qualifier, text }: Sender): boolean {
  return qualifier === '+' && !text.includes('%')
}

function asTerm(term: Sender): SpfTerm {
  return { kind: 'term', written: writeDirective(term), isPlain: term.qualifier === '+' }
}

/** The network around an address, with its host bits clear; undefined where the prefix length is 0. */
export function networkOf(address: string, bits: number): string | undefined {
  if (bits < 1) return undefined
  const kind = familyOf(address) === 4 ? ipaddr.IPv4 : ipaddr.IPv6
  const network = parseNetwork(`${kind.networkAddressFromCIDR(`${address}/${bits}`)}/${bits}`)
  return typeof network === 'string' ? network : undefined
}
