import { MailsyncError } from '../../records/error.js'
import type { Address } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import { ARPA, addressAt, reverseName } from '../../records/rr/reverse.js'
import { afterOf, type Change, canonical, compareRRsets, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../records/rr/zone.js'
import { surpriseIn } from '../expect.js'
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
  /** After an address, why it is not the account's: `is no Elastic IP of this account in eu-west-1`. */
  readonly notOurs: string
}

interface AddressBatch extends Batch {
  readonly address: Address
  readonly change: Change
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
    const batches = changes.map(toBatch)
    const addresses = batches.map(({ address }) => address)
    const found = new Map(await source.find(addresses, signal))
    const surprise = surpriseIn(changes, zoneOf(found, addresses))
    if (surprise) throw surprise
    let isFresh = true
    const look = async (address: Address): Promise<Zone> => {
      const known = found.get(address)
      const now = known && (await source.look(address, known.ref, signal))
      if (now) found.set(address, now)
      return zoneOf(now ? new Map([[address, now]]) : new Map(), [address])
    }
    return {
      pack: () => batches,
      send: async ({ address, change }) => {
        const failure = isFresh ? undefined : await whyNotNow(change, () => look(address))
        isFresh = false
        if (failure) return { kind: 'unsent', failure }
        const { ref } = found.get(address) as OwnedAddress<Ref>
        return source.set(address, ref, afterOf(change)?.rdata[0] as Name | undefined, signal)
      },
      readBack: ({ address }) => look(address).catch(unlessBug),
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
  }
}

function ptrOf(address: Address, owned: OwnedAddress<unknown> | undefined, notOurs: string): RRset[] {
  const name = reverseName(address)
  const locked = owned ? owned.locked : `${address} ${notOurs}`
  if (locked === undefined && owned?.ptr === undefined) return []
  const rdata = owned?.ptr === undefined ? [] : [owned.ptr]
  return [canonical({ type: 'PTR', name, ttl: PTR_TTL, rdata, ...(locked === undefined ? {} : { locked }) })]
}

function toBatch(change: Change): AddressBatch {
  const subject = subjectOf(change)
  const address = addressAt(subject.name)
  if (address === undefined || reverseName(address) !== subject.name || subject.type !== 'PTR')
    throw new MailsyncError('rejected', `${keyOf(subject)} is not the PTR of an address`)
  return { changes: [change], change, address }
}

async function whyNotNow(change: Change, look: () => Promise<Zone>): Promise<MailsyncError | undefined> {
  try {
    return surpriseIn([change], await look())
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
