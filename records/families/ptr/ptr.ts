import { groupBy } from '../../group.js'
import type { Address } from '../../rr/address.js'
import { displayName, type Name, parseName, zoneOf } from '../../rr/name.js'
import { reverseName } from '../../rr/reverse.js'
import type { RRset } from '../../rr/rrset.js'
import type { Host, Located } from '../../spec.js'
import type { CompiledPart, CompileInput, Family, ManualStep } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { none, type Reading, sameReading } from '../reading.js'
import { observePtr } from './observe.js'
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
    const parts = input.spec.hosts.map((host) => ptrRecords(host, placesFor(host, input), input))
    const records = parts.flatMap((part) => part.records)
    return { records, manual: [...parts.flatMap(({ manual = [] }) => manual), ...delegations(records, input)] }
  },
  rules: reverseRules,
  observe: observePtr,
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

/** Where the PTR of an address is written: in a zone, or at the address owner. */
type PtrPlace =
  | { readonly name: Name; readonly zone: Name }
  | { readonly name: Name; readonly zone?: undefined; readonly addressOwner: string }

type PlaceOf = (address: Address) => PtrPlace | undefined

/** Only at the provider that the host names, if it names one: in a zone of it that covers the address, else with the address. */
function placesFor({ reverse }: Host, { ownerOf, zones, spec }: CompileInput): PlaceOf {
  if (reverse === false || reverse === 'manual') return () => undefined
  if (reverse === 'auto') return ownerOf
  const { provider } = reverse
  return (address) => {
    const owner = ownerOf(address)
    if (owner && zones.get(owner.zone)?.includes(provider)) return owner
    return spec.addressOwners?.has(provider) ? { name: reverseName(address), addressOwner: provider } : undefined
  }
}

interface PtrPart extends CompiledPart {
  readonly records: readonly PtrRecord[]
}

/** A PTR, the address it is for, and the zone it is in. */
interface PtrRecord extends MailRecord {
  readonly address: Address
  readonly zone: Name | undefined
}

/** PTR of each address of a host; a manual step where nobody can be told to set it. */
function ptrRecords(host: Host, placeOf: PlaceOf, { aliases }: CompileInput): PtrPart {
  if (host.reverse === false) return { records: [] }
  const records: PtrRecord[] = []
  const manual: ManualStep[] = []
  for (const address of host.addresses) {
    const { value, from } = address
    const full = reverseName(value)
    const place = placeOf(value)
    if (place)
      records.push({
        rrset: ptrOf(place.name, host),
        purpose: 'ptr',
        from,
        address: value,
        zone: place.zone,
        ...(place.zone === undefined && { addressOwner: place.addressOwner }),
        ...(place.name !== full && { alias: full }),
      })
    else manual.push(manualPtr(address, host, aliases.get(full)))
  }
  return { records, manual }
}

function ptrOf(name: Name, host: Host): RRset {
  return { type: 'PTR', name, ttl: host.ttl.ptr, rdata: [host.name] }
}

/** @param alias the name at which the PTR stands, where a CNAME leads to it */
function manualPtr({ value, from }: Located<Address>, host: Host, alias: Name | undefined): ManualStep {
  const name = reverseName(value)
  const place = alias === undefined ? name : `${name}, which is a CNAME of ${alias}`
  return {
    what: `set the PTR of ${value} to ${displayName(host.name)}, at whoever gave you the address (PTR name: ${place})`,
    why: 'receivers refuse mail from an address whose reverse name does not lead back to it',
    from,
    rrset: ptrOf(alias ?? name, host),
    reverse: { kind: 'ptr', address: value, target: host.name },
  }
}

/** What others have to set so that reverse names in their zones lead into a zone of the spec, a step a zone. */
function delegations(records: readonly PtrRecord[], { zones }: CompileInput): ManualStep[] {
  const led = records.filter(({ alias }) => alias !== undefined && zoneOf(alias, zones) === undefined)
  return [...groupBy(led, ({ zone }) => zone)].flatMap(([zone, own]): ManualStep[] => {
    const [first, ...besides] = own.map(cnameTo)
    const from = own[0]?.from
    if (first === undefined || from === undefined || zone === undefined) return []
    return [
      {
        what: `have the reverse names of ${own.map(({ address }) => address).join(', ')} lead into ${displayName(zone)}, by whoever gave you the ${own.length === 1 ? 'address' : 'addresses'}`,
        why: 'receivers ask for the reverse name of the address, and only a CNAME there leads them to your zone (RFC 2317 §4)',
        from,
        rrset: first,
        besides,
        reverse: { kind: 'delegation', zone, addresses: own.map(({ address }) => address) },
      },
    ]
  })
}

function cnameTo({ rrset: { name, ttl }, alias = name }: MailRecord): RRset {
  return { type: 'CNAME', name: alias, ttl, rdata: [name] }
}
