import { MailsyncError } from '../../records/error.js'
import { groupBy } from '../../records/group.js'
import type { Address } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import { ARPA, addressAt, reverseName } from '../../records/rr/reverse.js'
import { afterOf, type Change, canonical, compareRRsets, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import { surpriseIn } from '../expect.js'
import { absoluteName } from '../foreign.js'
import { type Pause, pause } from '../http/waiting.js'
import type { Provider } from '../provider.js'
import { unlessBug } from '../refusal.js'
import { type Batch, type BatchWriter, type Sent, writeBatches } from '../write-batches.js'
import { PTR_TTL } from './traits.js'

/** One address of an account, as its API shows it. */
export interface OwnedAddress<Ref> {
  /** What a change of it is sent to. */
  readonly ref: Ref
  /** The name that somebody has set; undefined where the provider's own answers. */
  readonly ptr: Name | undefined
  /** The name that the provider answers with where nobody has set one, as far as it is known. */
  readonly providerDefault?: Name | undefined
  /** Why its PTR cannot be changed; absent where it can. */
  readonly locked?: string | undefined
}

/**
 * An address whose PTR is this text, as an API has it: none, or empty, where nobody has set one.
 *
 * @param providerDefault the provider's own name, and whatever else of its names is one
 */
export function ownedAddress<Ref>(
  ref: Ref,
  text: string | undefined,
  providerDefault?: Name,
  isDefault: (ptr: Name) => boolean = () => false,
): OwnedAddress<Ref> {
  const ptr = text === undefined || text === '' ? undefined : absoluteName(text)
  if (ptr === undefined || ptr === providerDefault) return { ref, ptr: undefined, providerDefault }
  return isDefault(ptr) ? { ref, ptr: undefined, providerDefault: ptr } : { ref, ptr, providerDefault }
}

/** What an adapter brings to keep the PTRs of addresses. */
export interface AddressSource<Ref> {
  /** Those of some addresses that are the account's, in as few calls as it takes. */
  find(addresses: readonly Address[], signal: AbortSignal): Promise<ReadonlyMap<Address, OwnedAddress<Ref>>>
  /** One that was found, as it is now; undefined where it is the account's no more. */
  look(address: Address, ref: Ref, signal: AbortSignal): Promise<OwnedAddress<Ref> | undefined>
  /**
   * Sets the PTR, or gives the provider's default back where it is undefined, and waits for the end of it. Once the signal
   * aborts, it only stops to wait. Throws only for a bug.
   */
  set(address: Address, ref: Ref, ptr: Name | undefined, signal: AbortSignal): Promise<Sent>
  /** Of addresses that cannot but have one name together, what they have in common; undefined for one on its own. */
  readonly sharing?: (ref: Ref) => string | undefined
  /** As `tagged` of a provider. */
  readonly tagged?: Provider['tagged']
  /** Lets go of connections. */
  close?(): Promise<void>
  /** After an address, why it is not the account's: `is no Elastic IP of this account in eu-west-1`. */
  readonly notOurs: string
}

interface AddressBatch extends Batch {
  readonly changes: readonly [Change, ...Change[]]
}

/**
 * An address owner, as provider.ts has it. No API of one compares and swaps: all addresses are looked at right before the
 * first of them is written, and each of the others once more right before it is.
 */
export function connectAddresses<Ref>(source: AddressSource<Ref>, wait: Pause = pause): Provider {
  const defaults = new Map<Name, Name | undefined>()
  const zoneOf = (found: ReadonlyMap<Address, OwnedAddress<Ref>>, addresses: readonly Address[]): Zone => {
    for (const [address, { providerDefault }] of found) defaults.set(reverseName(address), providerDefault)
    const rrsets = addresses.flatMap((address) => ptrOf(address, found.get(address), source.notOurs))
    return zoneWith(ARPA, rrsets.sort(compareRRsets))
  }
  const writer = async (changes: readonly Change[], signal: AbortSignal): Promise<BatchWriter<AddressBatch>> => {
    const addresses = changes.map(addressOf)
    const found = new Map(await source.find(addresses, signal))
    const surprise = surpriseIn(changes, zoneOf(found, addresses))
    if (surprise) throw surprise
    let isFresh = true
    const look = async ({ changes: some }: AddressBatch): Promise<Zone> => {
      const now = new Map<Address, OwnedAddress<Ref>>()
      for (const address of some.map(addressOf)) {
        const known = found.get(address)
        const owned = known && (await source.look(address, known.ref, signal))
        if (owned) now.set(address, owned)
      }
      for (const [address, owned] of now) found.set(address, owned)
      return zoneOf(now, some.map(addressOf))
    }
    return {
      pack: () => batchesOf(changes, (address) => source.sharing?.(refOf(found, address))),
      send: async (batch) => {
        const failure = isFresh ? undefined : await whyNotNow(batch, () => look(batch))
        isFresh = false
        if (failure) return { kind: 'unsent', failure }
        const [change] = batch.changes
        const address = addressOf(change)
        return source.set(address, refOf(found, address), ptrAfter(change), signal)
      },
      readBack: (batch) => look(batch).catch(unlessBug),
      pause: wait,
    }
  }
  return {
    zones: async () => [ARPA],
    read: async (zone, signal, places = []) => {
      if (zone !== ARPA) throw noSuchZone(zone)
      const addresses = [...new Set(places.flatMap(({ name }) => addressAt(name) ?? []))]
      if (addresses.length === 0) return []
      return zoneOf(await source.find(addresses, signal), addresses).rrsets
    },
    write: (zone, changes, signal) => writeBatches(zone, changes, signal, () => writer(changes, signal)),
    batches: (_, changes) => changes.length,
    providerDefault: (name) => defaults.get(name),
    ...(source.tagged && { tagged: source.tagged }),
    close: async () => source.close?.(),
  }
}

function ptrOf(address: Address, owned: OwnedAddress<unknown> | undefined, notOurs: string): RRset[] {
  const name = reverseName(address)
  const locked = owned ? owned.locked : `${address} ${notOurs}`
  if (locked === undefined && owned?.ptr === undefined) return []
  const rdata = owned?.ptr === undefined ? [] : [owned.ptr]
  return [canonical({ type: 'PTR', name, ttl: PTR_TTL, rdata, ...(locked === undefined ? {} : { locked }) })]
}

/** Throws `rejected` for what is no PTR of an address. */
function addressOf(change: Change): Address {
  const { name, type } = subjectOf(change)
  const address = addressAt(name)
  if (address === undefined || reverseName(address) !== name || type !== 'PTR')
    throw new MailsyncError('rejected', `${name} ${type} is not the PTR of an address`)
  return address
}

function ptrAfter(change: Change): Name | undefined {
  return afterOf(change)?.rdata[0] as Name | undefined
}

function refOf<Ref>(found: ReadonlyMap<Address, OwnedAddress<Ref>>, address: Address): Ref {
  return (found.get(address) as OwnedAddress<Ref>).ref
}

/** Each change on its own, but those of addresses that have one name together. Throws `rejected` where they are to have two. */
function batchesOf(changes: readonly Change[], sharing: (address: Address) => string | undefined): AddressBatch[] {
  const groups = groupBy(changes, (change) => sharing(addressOf(change)) ?? addressOf(change))
  return [...groups.values()].map((group) => {
    const [first, ...others] = group as [Change, ...Change[]]
    const other = others.find((change) => ptrAfter(change) !== ptrAfter(first))
    if (other)
      throw new MailsyncError(
        'rejected',
        `${addressOf(first)} and ${addressOf(other)} are of one machine and have one name together`,
        { where: { record: keyOf(subjectOf(other)) }, hint: 'name both addresses at one host of the spec' },
      )
    return { changes: [first, ...others] }
  })
}

async function whyNotNow({ changes }: AddressBatch, look: () => Promise<Zone>): Promise<MailsyncError | undefined> {
  try {
    return surpriseIn(changes, await look())
  } catch (error) {
    if (error instanceof MailsyncError) return error
    throw error
  }
}

function noSuchZone(zone: Name): MailsyncError {
  return new MailsyncError('zone-not-found', `an address owner holds no zone ${zone}`, {
    hint: 'declare the zone with a DNS provider as its target',
  })
}
