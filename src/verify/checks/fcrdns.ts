import { familyOf, isPublic, octetsOf } from '../../../records/rr/address.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import { reverseName } from '../../../records/rr/reverse.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofAddress } from '../check.js'
import type { Sender } from '../subjects/scope.js'
import { byWayOf, listed } from '../words.js'

/** Receivers follow no more names of one address (RFC 8601 §3 asks for a limit). */
const MOST_NAMES = 10

/** Whether an address that sends has a name that leads back to it. */
export async function checkReverse({ address, helo }: Sender, { dns }: World): Promise<Check[]> {
  const name = reverseName(address)
  const type = familyOf(address) === 4 ? 'A' : 'AAAA'
  const { pass, fail, unknown } = judge('fcrdns', ofAddress(address), `${name} PTR, and ${type} of what it names`)
  if (!isPublic(address)) return [pass('a private address, which no receiver outside sees')]
  const look = await dns.look(name, 'PTR')
  if (look.kind === 'failure') return [unknown(look.why, 'look at the name servers of the reverse zone')]
  const set = `let the owner of the address set its PTR${helo ? ` to ${withoutDot(helo)}` : ''}`
  if (look.kind !== 'answer')
    return [fail(`it has no name: Gmail and others refuse mail from it${byWayOf(look.via)}`, set)]
  const names = look.rrset.rdata.slice(0, MOST_NAMES)
  const forward = await Promise.all(names.map((one) => dns.look(one, type)))
  const confirmed = names.filter((_, index) => {
    const found = forward[index]
    return found?.kind === 'answer' && (found.rrset.rdata as readonly string[]).includes(address)
  })
  const shown = listed(names.map(withoutDot))
  if (confirmed.length === 0) {
    const failed = forward.find((one) => one.kind === 'failure')
    if (failed?.kind === 'failure')
      return [unknown(`it is named ${shown}, and ${failed.why}`, 'look at the name servers of that name')]
    return [fail(`it is named ${shown}, which does not lead back to it`, `publish ${type} ${address} there, or ${set}`)]
  }
  return [
    pass(`${listed(confirmed.map(withoutDot))} leads there and back${byWayOf(look.via)}`),
    nameCheck(address, helo, confirmed, name),
  ]
}

/** A name that differs from that of HELO is legal; one that a provider gives to all of its addresses costs trust. */
function nameCheck(address: Sender['address'], helo: Name | undefined, names: readonly Name[], asked: Name): Check {
  const { pass, warn } = judge('reverse-name', ofAddress(address), `${asked} PTR`)
  const shown = listed(names.map(withoutDot))
  const isHelo = helo !== undefined && names.includes(helo)
  if (!isHelo && names.every((name) => isGeneric(name, address)))
    return warn(
      `${shown} is a name that a provider gives to all of its addresses`,
      `let the owner of the address set it to the name of the host${helo ? `, ${withoutDot(helo)}` : ''}`,
    )
  if (helo === undefined) return pass(shown)
  if (isHelo) return pass(`${withoutDot(helo)}, as the host says in HELO`)
  return warn(
    `${shown}, and the host says ${withoutDot(helo)} in HELO: receivers take it, some count it`,
    `let the owner of the address set it to ${withoutDot(helo)}`,
  )
}

const DIALUP = /(?:^|[.-])(?:dyn|dynamic|dhcp|pool|ppp|x?dsl|adsl|vdsl|cable|dial(?:up|in)?|broadband)\d*(?:[.-]|$)/

/** Whether a name looks as if made from the address. */
function isGeneric(name: Name, address: Sender['address']): boolean {
  const octets = octetsOf(address)
  if (octets.length === 4) {
    const plain = octets.map(String)
    const padded = octets.map((octet) => String(octet).padStart(3, '0'))
    const ways = [plain, [...plain].reverse(), padded, [...padded].reverse()]
    const hex = octets.map((octet) => octet.toString(16).padStart(2, '0')).join('')
    const parts = name.split(/[^0-9a-f]+|(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])/).filter((part) => part !== '')
    const text = `.${parts.join('.')}.`
    return ways.some((way) => text.includes(`.${way.join('.')}.`)) || name.includes(hex) || DIALUP.test(name)
  }
  const digits = octets.map((octet) => octet.toString(16).padStart(2, '0')).join('')
  const bare = name.replace(/[.-]/g, '')
  return bare.includes(digits) || bare.includes(digits.slice(0, 16)) || DIALUP.test(name)
}
