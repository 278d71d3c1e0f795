import { type Address, heldAddress, octetsOf } from '../../../rr/address.js'
import { isWithin, type Name, withoutDot } from '../../../rr/name.js'
import type { SpfDirective, SpfLookupTerm } from '../read-spf.js'
import { addressesOf, addressType, type Evaluation, lookUp, NAME_LIMIT, type SpfProblem } from './evaluation.js'
import { targetName } from './target-name.js'
import { reverseName, validateNames } from './validated-names.js'

/** A mechanism that asks DNS and leads to no other record. */
export type HostTerm = SpfLookupTerm & { readonly kind: 'a' | 'mx' | 'ptr' | 'exists' }

/** Whether `all`, `ip4` or `ip6` match (RFC 7208 §5.1, §5.6): an `ip6` never matches an IPv4 client, however it is written. */
export function matchesText(directive: SpfDirective, ip: Address): boolean {
  if (directive.kind === 'all') return true
  return 'network' in directive && isInNetwork(ip, directive.network, directive.bits)
}

/** Whether a mechanism matches the client (RFC 7208 §5.3–§5.5, §5.7); never one whose target is no name. */
export async function matchesHost(
  term: HostTerm,
  target: Name | undefined,
  evaluation: Evaluation,
): Promise<boolean | SpfProblem> {
  if (target === undefined) return false
  switch (term.kind) {
    case 'a': {
      const found = await lookUp(evaluation, target, addressType(evaluation))
      return 'error' in found ? found : holdsClient(found, term, evaluation)
    }
    case 'mx':
      return matchesExchange(term, target, evaluation)
    case 'exists': {
      const found = await lookUp(evaluation, target, 'A')
      return 'error' in found ? found : found.length > 0
    }
    case 'ptr': {
      const found = await lookUp(evaluation, reverseName(evaluation.sender.ip), 'PTR')
      if ('error' in found) return found.error === 'temperror' ? false : found
      const names = await validateNames(evaluation, found)
      return names.some((name) => isWithin(name, target))
    }
  }
}

/** The client is one of the hosts that receive; there is no implicit MX (RFC 7208 §5.4). */
async function matchesExchange(term: HostTerm, target: Name, evaluation: Evaluation): Promise<boolean | SpfProblem> {
  const found = await lookUp(evaluation, target, 'MX')
  if ('error' in found) return found
  if (found.length > NAME_LIMIT)
    return {
      error: 'permerror',
      why: `${withoutDot(target)} has ${found.length} MX records, and ${NAME_LIMIT} are allowed (RFC 7208 §4.6.4)`,
    }
  for (const { exchange } of [...found].sort((a, b) => a.preference - b.preference)) {
    const name = targetName(exchange)
    const addresses = name === undefined ? [] : await addressesOf(evaluation, name)
    if ('error' in addresses) return addresses
    if (holdsClient(addresses, term, evaluation)) return true
  }
  return false
}

function holdsClient(
  addresses: readonly string[],
  { bits4, bits6 }: HostTerm,
  { sender: { ip } }: Evaluation,
): boolean {
  const bits = (ip.includes(':') ? bits6 : bits4) ?? 128
  return addresses.some((address) => isInNetwork(ip, address, bits))
}

function isInNetwork(ip: Address, network: string, bits: number): boolean {
  const base = heldAddress(network)
  if (base === undefined) return false
  const [client, octets] = [octetsOf(ip), octetsOf(base)]
  if (client.length !== octets.length) return false
  return octets.every((octet, index) => {
    const width = Math.min(Math.max(bits - index * 8, 0), 8)
    return octet >> (8 - width) === (client[index] as number) >> (8 - width)
  })
}
