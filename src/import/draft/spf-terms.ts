import ipaddr from 'ipaddr.js'
import { familyOf, parseAddress, parseNetwork } from '../../../records/rr/address.js'
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
  | { readonly kind: 'unsaid'; readonly why: string }

const ALL: Readonly<Record<string, SpfAll>> = { '-': 'fail', '~': 'softfail', '?': 'neutral' }

/** The terms of an SPF value after its version, each with its text (RFC 7208 §4.6.1, §12). */
export function spfTerms(value: string): (SpfTerm & { readonly text: string })[] {
  return value
    .split(' ')
    .slice(1)
    .filter((text) => text !== '')
    .map((text) => ({ text, ...readTerm(text) }))
}

function readTerm(text: string): SpfTerm {
  const [, qualifier = '', mechanism = ''] = /^([-+~?]?)(.*)$/s.exec(text) ?? []
  const lower = mechanism.toLowerCase()
  if (lower === 'all') {
    const all = ALL[qualifier]
    return all ? { kind: 'all', all } : unsaid('it lets everybody send')
  }
  if (text.includes('%')) return unsaid('it has macros')
  if (/^[a-z][a-z0-9_.-]*=/i.test(text)) return unsaid(modifierReason(lower))
  if (qualifier !== '' && qualifier !== '+') return unsaid(`a spec cannot say ${qualifier} of one sender`)
  if (/^ip[46]:/.test(lower)) return readNetwork(lower.slice(4), lower.startsWith('ip4') ? 4 : 6)
  if (lower.startsWith('include:')) {
    const name = parseName(mechanism.slice(8))
    return typeof name === 'string' && labelsOf(name).length > 1
      ? { kind: 'include', name }
      : unsaid('it includes no domain')
  }
  if (/^(?:a|mx)(?:$|[:/])/.test(lower)) return readAddressTerm(mechanism)
  if (/^ptr(?:$|:)/.test(lower)) return unsaid('RFC 7208 §5.5 says not to use ptr')
  return unsaid(lower.startsWith('exists:') ? 'a spec has no word for it' : 'RFC 7208 knows no such term')
}

function modifierReason(lower: string): string {
  return lower.startsWith('redirect=')
    ? 'the SPF of another domain takes the place of this one'
    : 'a spec has no word for it'
}

function readNetwork(text: string, family: 4 | 6): SpfTerm {
  const [, address = '', bits] = /^([^/]*)(?:\/(.*))?$/s.exec(text) ?? []
  const base = parseAddress(address)
  if (typeof base !== 'string' || familyOf(base) !== family)
    return unsaid(`it holds no IPv${family} address or network`)
  const network = bits === undefined ? base : networkOf(base, bits)
  return network === undefined ? unsaid(`/${bits} is no prefix length a spec has`) : { kind: 'address', network }
}

/** The network around an address, with its host bits clear; undefined where the prefix length is 0 or too long. */
export function networkOf(address: string, bits: string | number): string | undefined {
  const width = familyOf(address) === 4 ? 32 : 128
  if (!/^\d{1,3}$/.test(String(bits)) || Number(bits) < 1 || Number(bits) > width) return undefined
  const kind = width === 32 ? ipaddr.IPv4 : ipaddr.IPv6
  const network = parseNetwork(`${kind.networkAddressFromCIDR(`${address}/${Number(bits)}`)}/${Number(bits)}`)
  return typeof network === 'string' ? network : undefined
}

function readAddressTerm(text: string): SpfTerm {
  const match = /^(a|mx)(?::([^/]+))?(?:\/(\d{1,2}))?(?:\/\/(\d{1,3}))?$/i.exec(text)
  const name = match?.[2] === undefined ? undefined : parseName(match[2])
  if (!match || typeof name === 'object') return unsaid('RFC 7208 §5.3 does not allow it')
  const [, kind = '', , bits4, bits6] = match
  return {
    kind: kind.toLowerCase() as 'a' | 'mx',
    ...(name === undefined ? {} : { name }),
    ...(bits4 === undefined ? {} : { bits4: Number(bits4) }),
    ...(bits6 === undefined ? {} : { bits6: Number(bits6) }),
  }
}

function unsaid(why: string): SpfTerm {
  return { kind: 'unsaid', why }
}
