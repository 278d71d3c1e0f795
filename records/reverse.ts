import { type Address, familyOf, octetsOf } from './address.js'
import { groupBy } from './group.js'
import { labelsOf, type Name, parentOf } from './name.js'

/** The PTR owner name of an address: `10.2.0.192.in-addr.arpa.` (RFC 1035 §3.5), nibbles under `ip6.arpa.` (RFC 3596 §2.5). */
export function reverseName(address: Address): Name {
  const octets = octetsOf(address)
  if (familyOf(address) === 4) return `${octets.reverse().join('.')}.in-addr.arpa.` as Name
  const nibbles = octets.flatMap((octet) => [octet >> 4, octet & 15].map((nibble) => nibble.toString(16)))
  return `${nibbles.reverse().join('.')}.ip6.arpa.` as Name
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
  const classless = groupBy(
    zones.filter((zone) => /^\d+[/-].*\.in-addr\.arpa\.$/.test(zone)),
    parentOf,
  )
  return (address) => {
    const full = reverseName(address)
    if (served.has(full)) return { zone: full, name: full }
    const octet = labelsOf(full)[0] as string
    const narrow = classless
      .get(parentOf(full))
      ?.find((zone) => coversOctet(labelsOf(zone)[0] as string, Number(octet)))
    if (narrow) return { zone: narrow, name: `${octet}.${narrow}` as Name }
    for (let zone = parentOf(full); zone !== '.'; zone = parentOf(zone))
      if (served.has(zone)) return { zone, name: full }
    return undefined
  }
}

/** Whether the first label of a classless zone, `<first>/<prefix length>`, `<first>-<prefix length>` or `<first>-<last>`, covers the octet. */
function coversOctet(label: string, octet: number): boolean {
  const match = /^(\d{1,3})([/-])(\d{1,3})$/.exec(label)
  if (!match) return false
  const first = Number(match[1])
  const second = Number(match[3])
  const isRange =
    match[2] === '-' && second >= first && isPowerOfTwo(second - first + 1) && first % (second - first + 1) === 0
  if (isRange) return octet >= first && octet <= second
  return second > 24 && second <= 32 && octet >= first && octet < first + 2 ** (32 - second)
}

function isPowerOfTwo(count: number): boolean {
  return (count & (count - 1)) === 0
}
