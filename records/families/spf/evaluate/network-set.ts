import ipaddr from 'ipaddr.js'

/** A block of addresses: its first address as a number, and its prefix length. */
export interface Network {
  readonly family: 4 | 6
  readonly first: bigint
  readonly bits: number
}

const WIDTH = { 4: 32, 6: 128 } as const

/** The network around an address, its host bits clear. @param address canonical; one mapped from IPv4 is an IPv6 address */
export function networkOf(address: string, bits: number): Network {
  const octets = ipaddr.parse(address).toByteArray()
  const family = octets.length === 4 ? 4 : 6
  const number = octets.reduce((sum, octet) => sum * 256n + BigInt(octet), 0n)
  const host = BigInt(WIDTH[family] - bits)
  return { family, first: (number >> host) << host, bits }
}

/** Whether one network lies in another. */
function isIn(inner: Network, outer: Network): boolean {
  if (inner.family !== outer.family || inner.bits < outer.bits) return false
  const host = BigInt(WIDTH[outer.family] - outer.bits)
  return inner.first >> host === outer.first >> host
}

/** Whether two networks have an address in common: one lies in the other then. */
export function meets(one: Network, other: Network): boolean {
  return isIn(one, other) || isIn(other, one)
}

/** What is left of a network without some others: the fewest networks that hold it. */
export function subtract(network: Network, others: readonly Network[]): Network[] {
  if (others.some((other) => isIn(network, other))) return []
  const within = others.filter((other) => isIn(other, network))
  return within.length === 0 ? [network] : halves(network).flatMap((half) => subtract(half, within))
}

function halves({ family, first, bits }: Network): Network[] {
  const size = 1n << BigInt(WIDTH[family] - bits - 1)
  return [
    { family, first, bits: bits + 1 },
    { family, first: first + size, bits: bits + 1 },
  ]
}

/** The fewest networks that hold the same addresses, in order. */
export function union(networks: readonly Network[]): Network[] {
  const sorted = [...networks].sort(inOrder)
  const merged: Network[] = []
  for (const network of sorted) {
    if (merged.some((other) => isIn(network, other))) continue
    merged.push(network)
    for (let pair = sibling(merged); pair; pair = sibling(merged)) merged.splice(-2, 2, pair)
  }
  return merged
}

/** The network that the last two are the halves of. */
function sibling(networks: readonly Network[]): Network | undefined {
  const [one, other] = networks.slice(-2)
  if (!one || !other || one.family !== other.family || one.bits !== other.bits || one.bits === 0) return undefined
  const whole = { family: one.family, first: one.first, bits: one.bits - 1 }
  return isIn(other, whole) && wholeStart(whole) ? whole : undefined
}

function wholeStart({ family, first, bits }: Network): boolean {
  return first % (1n << BigInt(WIDTH[family] - bits)) === 0n
}

function inOrder(a: Network, b: Network): number {
  if (a.family !== b.family) return a.family - b.family
  if (a.first !== b.first) return a.first < b.first ? -1 : 1
  return a.bits - b.bits
}

/** `ip4:192.0.2.0/24`. */
export function networkTerm({ family, first, bits }: Network): string {
  const octets = Array.from({ length: WIDTH[family] / 8 }, (_, index) =>
    Number((first >> BigInt(WIDTH[family] - 8 * (index + 1))) & 255n),
  )
  const address = family === 4 ? octets.join('.') : new ipaddr.IPv6(octets).toRFC5952String()
  return `ip${family}:${address}${bits === WIDTH[family] ? '' : `/${bits}`}`
}
