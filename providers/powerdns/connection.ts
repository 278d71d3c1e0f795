import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, compareRRsets } from '../../records/rr/rrset.js'
import { surpriseIn } from '../expect.js'
import type { Trying } from '../http/json-api.js'
import { type Pause, pause as realPause } from '../http/waiting.js'
import type { Provider, WriteResult, ZoneCheck } from '../provider.js'
import { unlessBug } from '../refusal.js'
import { type BatchWriter, writeBatches } from '../write-batches.js'
import { type PowerdnsApi, powerdnsApi } from './api.js'
import { batchCount, batchesOf, type PowerdnsBatch } from './batches.js'
import { type HeldZone, heldZone } from './held.js'
import type { PowerdnsOptions } from './options.js'

/** Connects without a call; `trying` is for tests. */
export function connectPowerdns(options: PowerdnsOptions, trying: Trying = {}): Provider {
  const api = powerdnsApi(options, trying)
  const locks = new Map<Name, string | undefined>()
  return {
    zones: (signal) => api.zones(signal),
    read: async (name, signal) => {
      const { rrsets, locked } = heldZone(await api.zone(name, signal), name)
      locks.set(name, locked)
      return [...rrsets].sort(compareRRsets)
    },
    write: (name, changes, signal) => writeZone(api, name, changes, signal, trying.pause ?? realPause),
    batches: (name, changes) => {
      requireUnlocked(name, locks.get(name))
      return batchCount(changes)
    },
    check: async (name, signal) => checkOf(await api.zone(name, signal), name, options),
  }
}

/**
 * Writes changes of one zone: one listing, then one call a batch.
 *
 * The API cannot compare and swap, so the listing is taken right before. What somebody adds to an RRset between it and the
 * batch stays where the server knows EXTEND and PRUNE.
 */
function writeZone(
  api: PowerdnsApi,
  name: Name,
  changes: readonly Change[],
  signal: AbortSignal,
  pause: Pause,
): Promise<WriteResult> {
  return writeBatches(name, changes, signal, async () => {
    const server = await api.server(signal)
    const held = heldZone(await api.zone(name, signal), name)
    requireUnlocked(name, held.locked)
    const surprise = surpriseIn(changes, held)
    if (surprise) throw surprise
    const readNow = async (): Promise<HeldZone | undefined> => {
      const native = await api.zone(name, signal).catch(unlessBug)
      return native && heldZone(native, name)
    }
    return {
      pack: (all) => batchesOf(all, held.records, server.knowsValues),
      send: ({ patches }) => api.patch(name, patches, server),
      readBack: readNow,
      // A database that is busy makes PowerDNS answer 500, and nothing of the transaction is done (verified 2026-11).
      pause,
    } satisfies BatchWriter<PowerdnsBatch, HeldZone>
  })
}

function requireUnlocked(zone: Name, reason: string | undefined): void {
  if (reason === undefined) return
  throw new MailsyncError('rejected', reason, {
    where: { zone },
    hint: 'give the zone a target that can write it, in `zones`',
  })
}

/** What the zone itself says. Whoever has the API key may write everything. */
function checkOf(
  native: Parameters<typeof heldZone>[0],
  name: Name,
  { verifyCertificate, scheme }: PowerdnsOptions,
): ZoneCheck {
  const { locked, get } = heldZone(native, name)
  const remarks: string[] = []
  if (locked !== undefined) remarks.push(locked)
  else if (native.kind !== 'Native' && isSerialKept(native.soa_edit_api))
    remarks.push(
      'a write leaves the serial as it is, so that secondary servers do not take it over: run `pdnsutil set-meta ZONE SOA-EDIT-API DEFAULT`',
    )
  if (scheme === 'https' && !verifyCertificate)
    remarks.push('ssl_verify is false, so nothing protects the API key from a machine that stands in for the server')
  return {
    writable: locked === undefined ? 'yes' : 'no',
    nameServers: [...(get(name, 'NS')?.rdata ?? [])].sort(),
    remarks,
  }
}

function isSerialKept(soaEditApi: string | undefined): boolean {
  return soaEditApi === '' || soaEditApi?.toUpperCase() === 'OFF'
}
