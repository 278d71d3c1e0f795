import { type Address, familyOf, parseAddress } from '../../rr/address.js'
import { canonical } from '../../rr/rrset.js'
import type { Host } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { none, type Reading, sameReading } from '../reading.js'
import { observeHosts } from './observe.js'
import { hostRules } from './rules.js'

/** The addresses of machines that move mail. */
export const host: Family<'host', Address> = {
  purpose: 'host',
  types: ['A', 'AAAA'],
  rank: 0,
  read,
  write: (address) => address,
  same: (a, b) => sameReading([a, b], read, (address) => address),
  compile: ({ spec }) => ({ records: spec.hosts.flatMap(hostRecords) }),
  rules: hostRules,
  observe: observeHosts,
  words: {
    noun: 'address',
    topic: 'Addresses of hosts',
    form: 'plain',
    about: 'host',
    subjects: (name) => [name],
    effect({ name, step, before, after, listed, moved }) {
      if (step === 'begins') return `${name} gets ${listed(after)}`
      return step === 'ends' ? `${name} loses ${listed(before)}` : `Addresses of ${name}: ${moved()}`
    },
  },
}

function read(text: string): Reading<Address> {
  const address = parseAddress(text)
  if (typeof address === 'string') return { value: address, faults: [] }
  return none([{ section: 'RFC 1035 §3.4.1, RFC 3596 §2.2', message: address.error }])
}

/** A and AAAA of a host, unless they are somebody else's. */
function hostRecords(host: Host): MailRecord[] {
  if (!host.publish) return []
  return ([4, 6] as const).flatMap((family): MailRecord[] => {
    const rdata = host.addresses.filter(({ value }) => familyOf(value) === family).map(({ value }) => value)
    if (rdata.length === 0) return []
    const { name, ttl } = host
    const place = family === 4 ? ({ type: 'A', ttl: ttl.a } as const) : ({ type: 'AAAA', ttl: ttl.aaaa } as const)
    const rrset = canonical({ ...place, name, rdata })
    return [{ rrset, purpose: 'host', from: [...host.from, 'addresses'] }]
  })
}

/** Every address a host sends from: its own, and those of the NAT in front of it. */
export function sendingAddresses(host: Host): Address[] {
  return [...host.addresses, ...host.egress].map(({ value }) => value)
}
