import type { SpecPath } from '../../finding.js'
import type { Address } from '../../rr/address.js'
import { displayName, type Name } from '../../rr/name.js'
import { type ReverseOwner, reverseName } from '../../rr/reverse.js'
import type { Host } from '../../spec.js'
import type { MailRecord } from '../mail-record.js'

/** Something only a person can do, with everything needed to do it. */
export interface ManualStep {
  readonly what: string
  readonly why: string
  readonly from: SpecPath
}

export interface PtrResult {
  readonly records: readonly MailRecord[]
  readonly manual: readonly ManualStep[]
}

/** PTR of each address of a host in the declared zone that covers it; a manual step where there is none. */
export function ptrRecords(host: Host, ownerOf: (address: Address) => ReverseOwner | undefined): PtrResult {
  if (host.reverse === false) return { records: [], manual: [] }
  const records: MailRecord[] = []
  const manual: ManualStep[] = []
  for (const { value, from } of host.addresses) {
    const owner = host.reverse === 'manual' ? undefined : ownerOf(value)
    if (owner) records.push(ptrRecord(owner.name, host, from))
    else manual.push(manualPtr(value, host, from))
  }
  return { records, manual }
}

function ptrRecord(name: Name, host: Host, from: SpecPath): MailRecord {
  return { rrset: { type: 'PTR', name, ttl: host.ttl, rdata: [host.name] }, purpose: 'ptr', scope: 'whole-rrset', from }
}

function manualPtr(address: Address, host: Host, from: SpecPath): ManualStep {
  return {
    what: `set the PTR of ${address} to ${displayName(host.name)}, at whoever gave you the address (PTR name: ${reverseName(address)})`,
    why: 'receivers refuse mail from an address whose reverse name does not lead back to it',
    from,
  }
}
