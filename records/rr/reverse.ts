import { groupBy } from '../group.js'
import { type Address, familyOf, octetsOf, parseAddress } from './address.js'
import { isWithin, labelsOf, type Name, parentOf, zoneOf } from './name.js'

/** All reverse names: what an address owner, which has no zone, is asked for in the place of one. */
export const ARPA = 'arpa.' as Name
const ARPA4 = 'in-addr.arpa.' as Name
const ARPA6 = 'ip6.arpa.' as Name

/** The PTR owner name of an address: `10.2.0.192.in-addr.arpa.` (RFC 1035 §3.5), nibbles under `ip6.arpa.` (RFC 3596 §2.5). */
export function reverseName(address: Address): Name {
  const octets = octetsOf(address)
  if (familyOf(address) === 4) return `${octets.reverse().join('.')}.${ARPA4}` as Name
  const nibbles = octets.flatMap((octet) => [octet >> 4, octet & 15].map((nibble) => nibble.toString(16)))
  return `${nibbles.reverse().join('.')}.${ARPA6}` as Name
}

/** Whether a name lies where addresses are written backwards. */
export function isReverse(name: Name): boolean {
  return isWithin(name, ARPA4) || isWithin(name, ARPA6)
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
  /** Further classless zones that cover the address just as narrowly: nothing tells which of them is meant. */
  readonly equally?: readonly Name[]
}

/** Reverse name → the name its CNAME leads to, where that was seen: there the PTR is looked for. */
export type ReverseAliases = ReadonlyMap<Name, Name>

/**
 * Prepares the look-up of the owner name an address has in one of `zones`. A CNAME that was seen decides, as it is followed
 * by whoever asks; it may lead into any zone (RFC 2317 §4). Else the longest match, where a classless zone such as
 * `0/25.2.0.192.in-addr.arpa.` or `0-127.2.0.192.in-addr.arpa.` goes before the octet zone around it.
 */
export function reverseOwners(
  zones: readonly Name[],
  aliases: ReverseAliases = new Map(),
): (address: Address) => ReverseOwner | undefined {
  const served = new Map(zones.map((zone) => [zone, zone]))
  const classless = groupBy(zones.flatMap(classlessZone).sort(narrowestFirst), ({ zone }) => parentOf(zone))
  return (address) => {
    const full = reverseName(address)
    const target = aliases.get(full)
    const led = target && zoneOf(target, served)
    if (target !== undefined && led !== undefined) return { zone: led, name: target }
    if (served.has(full)) return { zone: full, name: full }
    const octet = Number(labelsOf(full)[0])
    const [narrow, ...others] = (classless.get(parentOf(full)) ?? []).filter(
      ({ first, last }) => octet >= first && octet <= last,
    )
    if (narrow) {
      const equally = others.filter((other) => width(other) === width(narrow)).map(({ zone }) => zone)
      const owner = { zone: narrow.zone, name: `${octet}.${narrow.zone}` as Name }
      return equally.length === 0 ? owner : { ...owner, equally }
    }
    const zone = zoneOf(parentOf(full), served)
    return zone === undefined || zone === '.' ? undefined : { zone, name: full }
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
  return width(a) - width(b) || (a.zone < b.zone ? -1 : 1)
}

function width({ first, last }: ClasslessZone): number {
  return last - first
}
