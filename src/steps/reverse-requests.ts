import type { Address } from '../../records/rr/address.js'
import { displayName, isWithin, type Name, parentOf, withoutDot } from '../../records/rr/name.js'
import { reverseName } from '../../records/rr/reverse.js'
import { type RRset, rdataTexts } from '../../records/rr/rrset.js'

/**
 * What to write to whoever owns an address, with the name once as the address and once backwards, so that nobody has to turn it.
 *
 * @param place where the PTR stands: the reverse name, or what its CNAME leads to
 */
export function ptrRequest(address: Address, target: Name, place: Name): string {
  const name = reverseName(address)
  const shown = displayName(target)
  const led = place === name ? [] : [`(${name} is a CNAME that leads there.)`]
  return [
    'Please set the reverse DNS (PTR record) of our address',
    `  ${address}`,
    'to the name',
    `  ${withoutDot(target)}`,
    ...(shown === withoutDot(target) ? [] : [`  (in Unicode: ${shown})`]),
    '',
    'As a record, where the address is written backwards already:',
    `  ${place} PTR ${target}`,
    ...led,
    'It should be the only PTR of the address.',
  ].join('\n')
}

/** What to write to whoever owns the addresses around a classless zone. @param cnames those that are missing */
export function delegationRequest(zone: Name, cnames: readonly RRset[]): string {
  const parents = [...new Set(cnames.map(({ name }) => parentOf(name)))]
  const isBelow = parents.some((parent) => isWithin(zone, parent))
  return [
    `Please let these reverse names lead into our zone ${withoutDot(zone)} (RFC 2317),`,
    `by these records in ${parents.map(withoutDot).join(' and ')}:`,
    ...cnames.flatMap((cname) => rdataTexts(cname).map((target) => `  ${cname.name} ${cname.ttl} CNAME ${target}`)),
    ...(isBelow
      ? ['', `and delegate that zone to our name servers, where it is not yet:`, `  ${zone} NS (your name servers)`]
      : []),
  ].join('\n')
}
