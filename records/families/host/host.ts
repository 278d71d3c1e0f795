import { type Address, familyOf } from '../../rr/address.js'
import { canonical } from '../../rr/rrset.js'
import type { Host } from '../../spec.js'
import type { MailRecord } from '../mail-record.js'

/** A and AAAA of a host. */
export function hostRecords(host: Host): MailRecord[] {
  return ([4, 6] as const).flatMap((family): MailRecord[] => {
    const rdata = host.addresses.filter(({ value }) => familyOf(value) === family).map(({ value }) => value)
    if (rdata.length === 0) return []
    const rrset = canonical({ type: family === 4 ? 'A' : 'AAAA', name: host.name, ttl: host.ttl, rdata } as const)
    return [{ rrset, purpose: 'host', scope: 'whole-rrset', from: [...host.from, 'addresses'] }]
  })
}

/** Every address a host sends from: its own, and those of the NAT in front of it. */
export function sendingAddresses(host: Host): Address[] {
  return [...host.addresses, ...host.egress].map(({ value }) => value)
}
