import { type Address, familyOf, isPublic, parseAddress } from '../../../records/rr/address.js'
import type { Name } from '../../../records/rr/name.js'
import { reverseName } from '../../../records/rr/reverse.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofAddress } from '../check.js'
import { listed } from '../words.js'
import { type Blocklist, blocklists } from './blocklists.js'

/** Whether an address that sends is on a block list. What a list says to a resolver that it does not serve is no listing. */
export async function checkBlocklists(address: Address, world: World): Promise<Check[]> {
  if (!isPublic(address)) return []
  const lists = blocklists.filter(({ families }) => families.includes(familyOf(address)))
  return Promise.all(lists.map((list) => checkList(list, address, world)))
}

async function checkList(list: Blocklist, address: Address, { dns }: World): Promise<Check> {
  const name = ownerAt(list, address)
  const { pass, fail, unknown } = judge('blocklist', ofAddress(address), `${name} A`)
  const otherwise = 'ask from a resolver of your own: lists serve no public ones'
  const look = await dns.look(name, 'A')
  if (look.kind === 'failure') return unknown(`${list.name}: ${look.why}`, otherwise)
  if (look.kind === 'answer') {
    const codes = look.rrset.rdata
    const refusal = codes.map(refusalIn).find((why) => why !== undefined)
    if (refusal !== undefined) return unknown(`${list.name} does not answer this resolver: ${refusal}`, otherwise)
    // No list has 127.0.0.1 (RFC 5782 §5): one that shows it answers for everything, as lists do that have ended.
    const none = await dns.look(ownerAt(list, '127.0.0.1' as Address), 'A')
    if (none.kind === 'answer')
      return unknown(
        `${list.name} says of 127.0.0.1 that it is listed, as of all addresses: the answer means nothing`,
        `look it up there: ${list.lookup}`,
      )
    const why = await dns.look(name, 'TXT')
    const reason = why.kind === 'answer' ? `: ${rdataTexts(why.rrset)[0]}` : ''
    return fail(`${list.name} lists it (${listed(codes)})${reason}`, `look it up, and ask for its end: ${list.lookup}`)
  }
  // Every list has 127.0.0.2 (RFC 5782 §5): one that does not show it is not asked at all.
  const test = await dns.look(ownerAt(list, '127.0.0.2' as Address), 'A')
  return test.kind === 'answer' && test.rrset.rdata.every((code) => refusalIn(code) === undefined)
    ? pass(`not at ${list.name}`)
    : unknown(`${list.name} cannot be asked from here: not even its test entry is found`, otherwise)
}

/** Octets for IPv4, nibbles for IPv6, backwards (RFC 5782 §2.1, §2.4). */
function ownerAt({ zone }: Blocklist, address: Address): Name {
  return `${reverseName(address).replace(/(?:in-addr|ip6)\.arpa\.$/, '')}${zone}.` as Name
}

const REFUSALS: Readonly<Record<string, string>> = {
  '127.255.255.252': 'the name of the list is misspelt',
  '127.255.255.254': 'it is a public resolver',
  '127.255.255.255': 'it asked too often',
}

/** Why an answer is no listing; undefined where it is one. */
function refusalIn(code: string): string | undefined {
  if (code.startsWith('127.255.255.')) return REFUSALS[code] ?? `it says ${code}`
  const address = parseAddress(code)
  return typeof address === 'string' && address.startsWith('127.') ? undefined : `somebody between answers ${code}`
}
