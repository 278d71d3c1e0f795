import { groupBy } from '../group.js'
import { type Address, familyOf, octetsOf, parseAddress } from './address.js'
import { isWithin, labelsOf, type Name, parentOf } from './name.js'

/** All reverse names: what an address owner, which has no zone, is asked for in the place of one. */
export const ARPA = 'arpa.' as Name
const ARPA4 = 'in-addr.arpa.' as Name
const ARPA6 = 'ip6.arpa.' as Name

/** The PTR owner name of an address: `10.2.0.192.in-addr.arpa.` (RFC 1035 §3.5), nibbles under `ip6.arpa.` (RFC 3596 §2.5). */
export function reverseName(address: Address): Name {
  const octets = octetsOf(address)
  if (familyOf(address) === 4) return `${octets.reverse().join('.')}.in-addr.arpa.` as Name
  const nibbles = octets.flatMap((octet) => [octet >> 4, octet & 15].map((nibble) => nibble.toString(16)))
  return `${nibbles.reverse().join('.')}.ip6.arpa.` as Name
}

/** The address of a reverse name, be it in a classless zone (RFC 2317); undefined for a name that is none. */
export function addressAt(name: Name): Address | undefined {
  const labels = labelsOf(name).filter(isOfAddress).reverse().slice(2)
  if (isWithin(name, ARPA4) && labels.every((label) => /^\d{1,3}$/.test(label)))
    return addressText(labels.join('.'), 4, labels.length)
  if (isWithin(name, ARPA6)) return addressText((labels.join('').match(/.{1,4}/g) ?? []).join(':'), 32, labels.length)
  return undefined
}

/** A label such as `0/25` only delegates (RFC 2317). */
function isOfAddress(label: string): boolean {
  return !/[/-]/.test(label.replace('in-addr', ''))
}

function addressText(text: string, wanted: number, labels: number): Address | undefined {
  const address = labels === wanted ? parseAddress(text) : undefined
  return typeof address === 'string' ? address : undefined
}

/** Where the PTR of an address is written. */
export interface ReverseOwner {
  readonly zone: Name
  readonly name: Name
}

/**
 * Prepares the look-up of the owner name an address has in one of `zones`: the longest match, where a classless zone
 * (RFC 2317) such as `0/25.2.0.192.in-addr.arpa.` or `0-127.2.0.192.in-addr.arpa.` goes before the octet zone around it.
 */
export function reverseOwners(zones: readonly Name[]): (address: Address) => ReverseOwner | undefined {
  const served = new Set(zones)
  const classless = groupBy(zones.flatMap(classlessZone).sort(narrowestFirst), ({ zone }) => parentOf(zone))
  return (address) => {
    const full = reverseName(address)
    if (served.has(full)) return { zone: full, name: full }
    const octet = Number(labelsOf(full)[0])
    const narrow = classless.get(parentOf(full))?.find(({ first, last }) => octet >= first && octet <= last)
    if (narrow) return { zone: narrow.zone, name: `${octet}.${narrow.zone}` as Name }
    for (let zone = parentOf(full); zone !== '.'; zone = parentOf(zone))
      if (served.has(zone)) return { zone, name: full }
    return undefined
  }
}

/** A classless zone and the last octets it covers, both ends included. */
interface ClasslessZone {
  readonly zone: Name
  readonly first: number
  readonly last: number
}

/** Reads the first label of a classless zone: `<first>/<prefix length>`, `<first>-<prefix length>` or `<first>-<last>`. */
function classlessZone(zone: Name): ClasslessZone[] {
  const match = /^(\d{1,3})([/-])(\d{1,3})\.(?:\d+\.){3}in-addr\.arpa\.$/.exec(zone)
  if (!match) return []
  const [first, second] = [Number(match[1]), Number(match[3])]
  const isLength = second > 24 && second <= 32 && (match[2] === '/' || !isBlock(first, second))
  const last = isLength ? first + 2 ** (32 - second) - 1 : second
  return (isLength || match[2] === '-') && last >= first && last < 256 ? [{ zone, first, last }] : []
}

/** Whether the octets are what a prefix length describes: a power of two of them, beginning at a multiple of it. */
function isBlock(first: number, last: number): boolean {
  const count = last - first + 1
  return count > 0 && (count & (count - 1)) === 0 && first % count === 0
}

function narrowestFirst(a: ClasslessZone, b: ClasslessZone): number {
  return a.last - a.first - (b.last - b.first) || (a.zone < b.zone ? -1 : 1)
}
