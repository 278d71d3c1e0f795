import { type Address, heldAddress, octetsOf } from '../../../rr/address.js'
import { isWithin, type Name, withoutDot } from '../../../rr/name.js'
import { addressType, ask, type Evaluation, NAME_LIMIT } from './evaluation.js'
import type { MacroValues } from './expand.js'
import { targetName } from './target-name.js'

/** The name where the PTR of an address stands. */
export function reverseName(ip: Address): Name {
  const octets = octetsOf(ip)
  if (octets.length === 4) return `${octets.reverse().join('.')}.in-addr.arpa.` as Name
  const nibbles = octets.flatMap((octet) => [...octet.toString(16).padStart(2, '0')])
  return `${nibbles.reverse().join('.')}.ip6.arpa.` as Name
}

/**
 * The names of the client that its address is among the addresses of, at most ten looked at, the others ignored (RFC 7208
 * §4.6.4, §5.5). A name that cannot be looked up is left out.
 */
export async function validateNames(evaluation: Evaluation, names: readonly string[]): Promise<readonly Name[]> {
  const { ip } = evaluation.sender
  const validated: Name[] = []
  for (const text of names.slice(0, NAME_LIMIT)) {
    const name = targetName(text)
    const answer = name === undefined ? undefined : await ask(evaluation.dns, name, addressType(evaluation))
    if (name !== undefined && answer?.kind === 'answer' && answer.records.some((held) => heldAddress(held) === ip))
      validated.push(name)
  }
  return validated
}

/** What macros stand for in the record of a domain. */
export function macroValues(domain: Name, evaluation: Evaluation): MacroValues {
  return { ...evaluation.sender, domain: withoutDot(domain), validated: () => validatedName(evaluation, domain) }
}

/** What `%{p}` stands for: the domain itself where it is validated, else a name below it, else any, else `unknown` (RFC 7208 §7.3). */
async function validatedName(evaluation: Evaluation, domain: Name): Promise<string> {
  evaluation.validated ??= findNames(evaluation)
  const names = await evaluation.validated
  const name = names.find((one) => one === domain) ?? names.find((one) => isWithin(one, domain)) ?? names[0]
  return name === undefined ? 'unknown' : withoutDot(name)
}

async function findNames(evaluation: Evaluation): Promise<readonly Name[]> {
  const answer = await ask(evaluation.dns, reverseName(evaluation.sender.ip), 'PTR')
  return answer.kind === 'answer' ? validateNames(evaluation, answer.records) : []
}
