import type { Zone } from 'cloudflare/resources/zones/zones'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, compareRRsets, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { surpriseIn } from '../expect.js'
import { type Attempt, doubtAfter } from '../http.js'
import type { ConnectContext, Provider, WriteResult } from '../provider.js'
import { type BatchWriter, type Sent, writeBatches } from '../write-batches.js'
import { type CloudflareApi, cloudflareApi, type Trying, type ZoneRef } from './api.js'
import { allOperations, batchCount, batchesOf, type CloudflareBatch } from './batches.js'
import { failureOf, isRefusal, refusedChange } from './errors.js'
import { type HeldZone, heldZone } from './held.js'
import { limitsOf } from './limits.js'
import type { CloudflareOptions } from './options.js'
import { checkOf, zoneDirectory } from './zones.js'

/** Connects without a call; `trying` is for tests. */
export function connectCloudflare(
  options: CloudflareOptions,
  { zones: declared }: Pick<ConnectContext, 'zones'>,
  trying?: Trying,
): Provider {
  const api = cloudflareApi(options, trying)
  const directory = zoneDirectory(api, declared.length)
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
    return sentOf(failure, isRefusal(error), attempts)
  }
}

/** Codes of refusals that have nothing to do with what the zone holds. */
const NOT_THE_ZONE: ReadonlySet<MailsyncError['code']> = new Set([
  'authentication',
  'permission',
  'rate-limited',
  'zone-not-found',
])

/**
 * The SDK repeats a batch whose reply was lost and then meets its own work (81058, 81044; verified 2026-11), so a refusal
 * counts as the last word only where each earlier attempt had an answer.
 */
function sentOf(failure: MailsyncError, isRefused: boolean, attempts: readonly Attempt[]): Sent {
  const earlier = doubtAfter(attempts.slice(0, -1))
  if (isRefused && (earlier || !NOT_THE_ZONE.has(failure.code))) return { kind: 'refused', failure, earlier }
  if (isRefused || attempts.every((attempt) => attempt === 'unsent')) return { kind: 'unsent', failure }
  return { kind: 'lost', failure, over: !attempts.includes('open') }
}

/** Undefined where it cannot be read. A second wait for the rate limit would be one too many. */
async function readBack(
  api: CloudflareApi,
  zone: ZoneRef,
  { code }: MailsyncError,
  signal: AbortSignal,
): Promise<HeldZone | undefined> {
  try {
    return heldZone(await api.records(zone, signal, code === 'rate-limited' ? 0 : undefined), zone.name)
  } catch (error) {
    if (error instanceof MailsyncError) return undefined
    throw error
  }
}
