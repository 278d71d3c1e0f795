import type { Zone } from 'cloudflare/resources/zones/zones'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, canonical, keyOf, sameRRset, subjectOf } from '../../records/rr/rrset.js'
import type { WriteResult } from '../provider.js'
import { cancelled, stale } from '../refusal.js'
import type { CloudflareApi, ZoneRef } from './api.js'
import { batchesOf } from './batches.js'
import { failureOf, isRefusal, neverSent } from './failure.js'
import { type HeldRRset, heldRRsets } from './held.js'
import { limitsOf } from './limits.js'
import { type Operations, operationsOf } from './operations.js'
import { refusedChange } from './refused-change.js'
import type { ZoneDirectory } from './zones.js'

type Held = ReadonlyMap<string, HeldRRset>

interface Item {
  readonly change: Change
  readonly operations: Operations
  readonly size: number
}

/**
 * Writes changes of one zone: one listing, then one call a batch.
 *
 * The API cannot compare and swap, so the listing is taken right before: an edit between that listing and the batch, less
 * than a second as a rule, is seen only if it removed a record that the batch names (81044) or made one that it makes (81058).
 */
export async function writeZone(
  api: CloudflareApi,
  directory: ZoneDirectory,
  name: Name,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<WriteResult> {
  if (changes.length === 0) return { applied: [] }
  if (signal.aborted) return { applied: [], failure: cancelled() }
  let found: Zone
  let held: Held
  try {
    found = await directory.find(name, signal)
    held = heldRRsets(await api.records({ id: found.id, name }, signal), name)
  } catch (error) {
    if (error instanceof MailsyncError) return { applied: [], failure: error.at({ zone: name }) }
    throw error
  }
  const surprise = changes.find((change) => !isAsPlanned(change, held))
  if (surprise) return { applied: [], failure: stale(surprise).at({ zone: name }) }

  const limits = limitsOf(found)
  const items = changes.map((change): Item => {
    const operations = operationsOf(change, held.get(keyOf(subjectOf(change))), limits.comment)
    return { change, operations, size: Object.values(operations).flat().length }
  })
  const applied = new Set<Change>()
  for (const batch of batchesOf(items, limits.operations)) {
    const result = signal.aborted
      ? { applied: [], failure: cancelled() }
      : await writeBatch(api, { id: found.id, name }, batch, signal)
    for (const change of result.applied) applied.add(change)
    if (result.failure) return { ...result, applied: changes.filter((change) => applied.has(change)) }
  }
  return { applied: changes }
}

async function writeBatch(
  api: CloudflareApi,
  zone: ZoneRef,
  batch: readonly Item[],
  signal: AbortSignal,
): Promise<WriteResult> {
  const changes = batch.map(({ change }) => change)
  if (batch.every(({ size }) => size === 0)) return { applied: changes }
  const operations: Operations = {
    deletes: batch.flatMap((item) => item.operations.deletes),
    patches: batch.flatMap((item) => item.operations.patches),
    posts: batch.flatMap((item) => item.operations.posts),
  }
  try {
    await api.batch(zone, operations)
    return { applied: changes }
  } catch (error) {
    const change = batch.length === 1 ? changes[0] : refusedChange(error, batch)
    const record = change === undefined ? {} : { record: keyOf(subjectOf(change)) }
    const failure = failureOf(error, 'batch', { zone: zone.name, ...record })
    if (neverSent(error)) return { applied: [], failure }
    return outcomeOf(changes, failure, await readBack(api, zone, failure, signal))
  }
}

/**
 * What became of a batch that failed, by what is held now. The SDK repeats a batch whose reply was lost and then meets its
 * own work (81058, 81044; verified 2026-11), so even a refusal can mean that all is written.
 */
function outcomeOf(changes: readonly Change[], failure: MailsyncError, held: Held | undefined): WriteResult {
  const refused = isRefusal(failure.cause)
  if (held === undefined)
    return refused && failure.code !== 'rate-limited'
      ? { applied: [], failure }
      : { applied: [], uncertain: changes, failure }
  if (changes.every((change) => isDone(change, held))) return { applied: changes }
  const surprise = changes.find((change) => !isAsPlanned(change, held))
  if (refused && surprise)
    return { applied: [], failure: stale(surprise, failure.cause, failure.apiCode).at(failure.where) }
  const unwritten = refused || (surprise === undefined && failure.code !== 'timeout')
  return unwritten ? { applied: [], failure } : { applied: [], uncertain: changes, failure }
}

/** Undefined where it cannot be read, or the user stopped. A second wait for the rate limit would be one too many. */
async function readBack(
  api: CloudflareApi,
  zone: ZoneRef,
  { code }: MailsyncError,
  signal: AbortSignal,
): Promise<Held | undefined> {
  try {
    return heldRRsets(await api.records(zone, signal, code === 'rate-limited' ? 0 : undefined), zone.name)
  } catch (error) {
    if (error instanceof MailsyncError) return undefined
    throw error
  }
}

function isAsPlanned(change: Change, held: Held): boolean {
  const actual = held.get(keyOf(subjectOf(change)))?.rrset
  if (change.kind === 'create') return actual === undefined
  return actual !== undefined && actual.locked === undefined && sameRRset(actual, canonical(change.before))
}

function isDone(change: Change, held: Held): boolean {
  const actual = held.get(keyOf(subjectOf(change)))?.rrset
  if (change.kind === 'delete') return actual === undefined
  return actual !== undefined && sameRRset(actual, canonical(change.after))
}
