import type { SpecPath } from '../../finding.js'
import type { Address } from '../../rr/address.js'
import { displayName, type Name, parseName } from '../../rr/name.js'
import { reverseName } from '../../rr/reverse.js'
import type { Host } from '../../spec.js'
import type { CompiledPart, CompileInput, Family, ManualStep } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { none, type Reading, sameReading } from '../reading.js'
import { reverseRules } from './rules.js'

/** The reverse names of addresses. */
export const ptr: Family<'ptr', Name> = {
  purpose: 'ptr',
  types: ['PTR'],
  rank: 2,
  read,
  write: (name) => name,
  same: (a, b) => sameReading([a, b], read, (name) => name),
  compile(input) {
    const parts = input.spec.hosts.map((host) => ptrRecords(host, placesFor(host, input)))
    return {
      records: parts.flatMap(({ records }) => records),
      manual: parts.flatMap(({ manual = [] }) => manual),
    }
  },
  rules: reverseRules,
  words: {
    noun: 'reverse name',
    topic: 'Reverse names (PTR)',
    form: 'plain',
    about: 'host',
    subjects: (_, values) => [...new Set(values as readonly Name[])],
    effect({ name, step, before, after, listed }) {
      if (step === 'ends') return `The reverse name ${name} goes`
      const [now, until] = [after, before].map((names) => listed((names as readonly Name[]).map(displayName)))
      return `The reverse name ${name} leads to ${now}${until === '' || until === now ? '' : ` instead of ${until}`}`
    },
  },
}

function read(text: string): Reading<Name> {
  const name = parseName(text)
  if (typeof name === 'string') return { value: name, faults: [] }
  return none([{ section: 'RFC 1035 §3.3.12', message: name.error }])
}

/** Where the PTR of an address is written; `addressOwner` where that is no zone. */
interface PtrPlace {
  readonly name: Name
  readonly addressOwner?: string
}

/** Only at the provider that the host names, if it names one: in a zone of it that covers the address, else with the address. */
function placesFor(
  { reverse }: Host,
  { ownerOf, zones, spec }: CompileInput,
): (address: Address) => PtrPlace | undefined {
  if (reverse === false || reverse === 'manual') return () => undefined
  if (reverse === 'auto') return ownerOf
  const { provider } = reverse
  return (address) => {
    const owner = ownerOf(address)
    if (owner && zones.get(owner.zone)?.includes(provider)) return { name: owner.name }
    return spec.addressOwners?.has(provider) ? { name: reverseName(address), addressOwner: provider } : undefined
  }
}

/** PTR of each address of a host; a manual step where nobody can be told to set it. */
function ptrRecords(host: Host, placeOf: (address: Address) => PtrPlace | undefined): CompiledPart {
  if (host.reverse === false) return { records: [] }
  const records: MailRecord[] = []
  const manual: ManualStep[] = []
  for (const { value, from } of host.addresses) {
    const place = placeOf(value)
    if (place) records.push(ptrRecord(place, host, from))
    else manual.push(manualPtr(value, host, from))
  }
  return { records, manual }
}

function ptrRecord({ name, addressOwner }: PtrPlace, host: Host, from: SpecPath): MailRecord {
  return {
    rrset: { type: 'PTR', name, ttl: host.ttl.ptr, rdata: [host.name] },
    purpose: 'ptr',
    from,
    ...(addressOwner === undefined ? {} : { addressOwner }),
  }
}

function manualPtr(address: Address, host: Host, from: SpecPath): ManualStep {
  const name = reverseName(address)
  return {
    what: `set the PTR of ${address} to ${displayName(host.name)}, at whoever gave you the address (PTR name: ${name})`,
    why: 'receivers refuse mail from an address whose reverse name does not lead back to it',
    from,
    rrset: ptrRecord({ name }, host, from).rrset,
  }
}
