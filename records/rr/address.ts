import ipaddr from 'ipaddr.js'
import { quoted } from '../cut.js'
import { once } from '../once.js'

/** An IP address in canonical text: dotted quad, or RFC 5952. */
export type Address = string & { readonly __address: true }

export type AddressFamily = 4 | 6

/** Why a text is no address, in words for the user. */
export interface AddressError {
  readonly rule: 'address' | 'address-reversed'
  readonly error: string
  readonly hint?: string
}

// ipaddr.js finds out by throwing, which is slow for the thousands of texts that are names.
const FOUR_PARTS = /^\d{1,3}(?:\.\d{1,3}){3}$/

/**
 * IPv6 as RFC 5952 §4 writes it, as far as that is seen without counting: no group of zeros beside `::` or another, and `::` in
 * place of two groups at least. Most that is held is so, and need not be taken apart.
 */
const GROUP = '(?:0|[1-9a-f][0-9a-f]{0,3})'
const RFC5952 = new RegExp(
  `^(?!.*(?:\\b0::|::0\\b|\\b0:0\\b))(?:${GROUP}(?::${GROUP}){7}|(?:${GROUP}(?::${GROUP}){0,3})?::(?:${GROUP}(?::${GROUP})?)?)$`,
)

/** What an address is for (IANA special-purpose registries, RFC 6890). `documentation` is RFC 5737 and RFC 3849. */
export type AddressScope = 'public' | 'private' | 'documentation' | 'special'

/** Reads an address as a user writes it. Reverse names, networks, host names and octal or short forms are told apart. */
export function parseAddress(text: string): Address | AddressError {
  if (FOUR_PARTS.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text)) return text as Address
  if (RFC5952.test(text)) return text as Address
  if (text.includes(':') && ipaddr.IPv6.isValid(text)) {
    if (text.includes('%'))
      return { rule: 'address', error: `${quoted(text)} has a zone index`, hint: 'DNS holds global addresses only' }
    const parsed = ipaddr.IPv6.parse(text)
    if (parsed.isIPv4MappedAddress())
      return {
        rule: 'address',
        error: `${quoted(text)} is an IPv4 address written as IPv6`,
        hint: `write ${parsed.toIPv4Address().toString()}`,
      }
    return parsed.toRFC5952String() as Address
  }
  return explain(text)
}

/**
 * An address as DNS may hold it, whoever wrote it there: one that is mapped from IPv4 too, in the text of RFC 5952 §5. A
 * spec has none of those. Undefined where the text is no address.
 */
export function heldAddress(written: string): Address | undefined {
  const text = inHexadecimal(written)
  const address = parseAddress(text)
  if (typeof address === 'string') return address
  if (!ipaddr.IPv6.isValid(text) || text.includes('%')) return undefined
  return `::ffff:${ipaddr.IPv6.parse(text).toIPv4Address().toString()}` as Address
}

/** `::192.0.2.1` as `::c000:201` (RFC 4291 §2.5.5.1): ipaddr.js 2.5 takes it for `::ffff:192.0.2.1`. Any other text stays. */
export function inHexadecimal(text: string): string {
  const dotted = text.startsWith('::') ? text.slice(2) : ''
  if (!FOUR_PARTS.test(dotted) || !ipaddr.IPv4.isValidFourPartDecimal(dotted)) return text
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(dotted).octets
  return `::${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
}

function explain(text: string): AddressError {
  const reverse = /^(.*)\.(in-addr|ip6)\.arpa\.?$/i.exec(text)
  if (reverse) {
    const forward = fromReverse(reverse[1] ?? '', (reverse[2] ?? '').toLowerCase() === 'ip6')
    return {
      rule: 'address-reversed',
      error: `${quoted(text)} is a reverse name, not an address`,
      hint: forward
        ? `write the address itself: ${forward}; mailsync reverses it`
        : 'write the address itself; mailsync reverses it',
    }
  }
  if (text.includes('/')) return { rule: 'address', error: `${quoted(text)} is a network, not one address` }
  const alone = /^\[(.*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1]
  if (alone !== undefined && ipaddr.isValid(alone))
    return { rule: 'address', error: `${quoted(text)} is not an IP address`, hint: `write the address alone: ${alone}` }
  if (/^\d+(\.\d+){3}$/.test(text)) {
    const bad = text.split('.').find((part) => Number(part) > 255 || (part.length > 1 && part.startsWith('0')))
    return {
      rule: 'address',
      error: `${quoted(text)} is not an IPv4 address: ${bad} is ${Number(bad) > 255 ? 'over 255' : 'written with a leading zero'}`,
    }
  }
  return {
    rule: 'address',
    error: `${quoted(text)} is not an IP address`,
    hint: 'write an IPv4 address such as 192.0.2.10 or an IPv6 address such as 2001:db8::10',
  }
}

function fromReverse(labels: string, v6: boolean): string | undefined {
  const parts = labels.split('.').reverse()
  const text = v6 ? parts.join('').replace(/(.{4})(?=.)/g, '$1:') : parts.join('.')
  const valid = v6 ? parts.length === 32 && ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text)
  return valid ? ipaddr.parse(text).toString() : undefined
}

/** Reads an address or a network in CIDR form; a network must have its host bits clear. Canonical text, `/32` and `/128` left out. */
export function parseNetwork(text: string): string | AddressError {
  const slash = text.indexOf('/')
  if (slash < 0) {
    const single = parseAddress(text)
    return typeof single === 'string' ? single : withNetworkHint(single, text)
  }
  const address = parseAddress(text.slice(0, slash))
  if (typeof address !== 'string') return withNetworkHint(address, text)
  const bits = text.slice(slash + 1)
  const width = familyOf(address) === 4 ? 32 : 128
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > width || Number(bits) === 0)
    return withNetworkHint({ rule: 'address', error: `${quoted(text)}: the prefix length is 1 to ${width}` }, text)
  if (Number(bits) === width) return address
  const base = (width === 32 ? ipaddr.IPv4 : ipaddr.IPv6).networkAddressFromCIDR(`${address}/${Number(bits)}`)
  const canonical = base instanceof ipaddr.IPv6 ? base.toRFC5952String() : base.toString()
  return canonical === address
    ? `${address}/${Number(bits)}`
    : {
        rule: 'address',
        error: `${quoted(text)} has host bits set`,
        hint: `the network is ${canonical}/${Number(bits)}`,
      }
}

/** For a range, a wildcard and a netmask. */
function withNetworkHint(error: AddressError, text: string): AddressError {
  const [base = '', mask = ''] = text.split('/')
  const bits =
    FOUR_PARTS.test(mask) && ipaddr.IPv4.isValid(mask) ? ipaddr.IPv4.parse(mask).prefixLengthFromSubnetMask() : null
  if (bits !== null) return { ...error, hint: `write ${base}/${bits}` }
  if (/^\d[\d.]*(?:-\d[\d.]*|\.?\*)$/.test(text)) return { ...error, hint: 'write a network such as 192.0.2.0/24' }
  return error
}

/** Whether an address is in a network in CIDR form, whose host bits may be set; an address alone is a network of one. */
export function isInNetwork(address: Address, network: string): boolean {
  if (!network.includes('/')) return parseAddress(network) === address
  if (!ipaddr.isValidCIDR(network)) return false
  const [base, bits] = ipaddr.parseCIDR(network)
  const parsed = ipaddr.parse(address)
  return parsed.kind() === base.kind() && parsed.match(base, bits)
}

export function familyOf(address: string): AddressFamily {
  return address.includes(':') ? 6 : 4
}

/** The octets of an address, 4 or 16. */
export function octetsOf(address: Address): number[] {
  return ipaddr.parse(address).toByteArray()
}

/** Whether it is one of the public Internet; those for documentation count, as they stand for one. */
export function isPublic(address: Address): boolean {
  return ['public', 'documentation'].includes(scopeOf(address))
}

export function scopeOf(address: Address): AddressScope {
  const parsed = ipaddr.parse(address)
  if (documentation().some(([network, bits]) => parsed.kind() === network.kind() && parsed.match(network, bits)))
    return 'documentation'
  const range = parsed.range()
  if (range === 'unicast') return 'public'
  return range === 'private' || range === 'uniqueLocal' || range === 'carrierGradeNat' ? 'private' : 'special'
}

const documentation = once(() =>
  ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20'].map((cidr) =>
    ipaddr.parseCIDR(cidr),
  ),
)
