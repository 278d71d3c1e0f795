import type { Zone } from 'cloudflare/resources/zones/zones'
import type { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, compareRRsets, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { surpriseIn } from '../expect.js'
import { type Attempt, isAboutZone, sentOf } from '../http/attempts.js'
import type { ConnectContext, Provider, WriteResult } from '../provider.js'
import { unlessBug } from '../refusal.js'
import { type BatchWriter, type Sent, writeBatches } from '../write-batches.js'
import { type CloudflareApi, cloudflareApi, type Trying, type ZoneRef } from './api.js'
import { allOperations, batchCount, batchesOf, type CloudflareBatch } from './batches.js'
import { failureOf, isRefusal, refusedChange } from './errors.js'
import { type HeldZone, heldZone } from './held.js'
import { limitsOf } from './limits.js'
import type { CloudflareOptions } from './options.js'
import { checkOf, cloudflareZones } from './zones.js'

/** Connects without a call; `trying` is for tests. */
export function connectCloudflare(
  options: CloudflareOptions,
  { zones: declared }: Pick<ConnectContext, 'zones'>,
  trying?: Trying,
): Provider {
  const api = cloudflareApi(options, trying)
  const directory = cloudflareZones(api, declared.length)
  return {
    zones: (signal) => directory.all(signal),
    read: async (name, signal) => {
      const { id } = await directory.find(name, signal)
      return [...heldZone(await api.records({ id, name }, signal), name).rrsets].sort(compareRRsets)
    },
    write: (name, changes, signal) => writeZone(api, (own) => directory.find(name, own), name, changes, signal),
    batches: (name, changes) => {
      const zone = directory.known(name)
      return zone === undefined ? 1 : batchCount(changes, limitsOf(zone))
    },
    check: async (name, signal) => {
      const zone = await directory.find(name, signal)
      await api.records({ id: zone.id, name }, signal)
      return checkOf(zone)
    },
    nameServers: async (name, signal) => checkOf(await directory.find(name, signal)).nameServers,
  }
}

/**
 * Writes changes of one zone: one listing, then one call a batch.
 *
 * The API cannot compare and swap, so the listing is taken right before: an edit between that listing and the batch, less
 * than a second as a rule, is seen only if it removed a record that the batch names (81044) or made one that it makes (81058).
 */
function writeZone(
  api: CloudflareApi,
  find: (signal: AbortSignal) => Promise<Zone>,
  name: Name,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<WriteResult> {
  return writeBatches(name, changes, signal, async () => {
    const found = await find(signal)
    const zone: ZoneRef = { id: found.id, name }
    const held = heldZone(await api.records(zone, signal), name)
    const surprise = surpriseIn(changes, held)
    if (surprise) throw surprise
    return {
      pack: (all) => batchesOf(all, held.records, limitsOf(found)),
      send: (batch) => send(api, zone, batch),
      readBack: (_, failure) => readBack(api, zone, failure, signal),
    } satisfies BatchWriter<CloudflareBatch, HeldZone>
  })
}

/** The SDK meets its own work as 81058 or 81044 (verified 2026-11). */
async function send(api: CloudflareApi, zone: ZoneRef, batch: CloudflareBatch): Promise<Sent> {
  const operations = allOperations(batch)
  if (Object.values(operations).flat().length === 0) return { kind: 'written' }
  const attempts: Attempt[] = []
  try {
    await api.batch(zone, operations, attempts)
    return { kind: 'written' }
  } catch (error) {
    const change = refusedChange(error, batch)
    const record = change === undefined ? {} : { record: keyOf(subjectOf(change)) }
    const failure = failureOf(error, 'batch', { zone: zone.name, ...record })
    return sentOf(failure, attempts, { isRefused: isRefusal(error), isAboutZone: isAboutZone(failure.code) })
  }
}

/** Undefined where it cannot be read. A second wait for the rate limit would be one too many. */
async function readBack(
  api: CloudflareApi,
  zone: ZoneRef,
  { code }: MailsyncError,
  signal: AbortSignal,
): Promise<HeldZone | undefined> {
  const records = await api.records(zone, signal, code === 'rate-limited' ? 0 : undefined).catch(unlessBug)
  return records && heldZone(records, zone.name)
}
