import { MailsyncError } from '../../records/error.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import type { WriteResult } from '../provider.js'
import { cancelled, stale } from '../refusal.js'
import { listRecordSets } from './api.js'
import { explain } from './api-error.js'
import { type Batch, MAX_CHARACTERS, MAX_RECORDS, toBatches } from './batch.js'
import { isInvalidChangeBatch, refusal } from './invalid-change-batch.js'
import { type Listing, readListing, spelledBy } from './record-set.js'
import { type Destination, sendBatch } from './send-batch.js'
import { isAsPlanned, isDone } from './standing.js'

/** The zone that is written, and what is known of it. */
export interface Target extends Destination {
  readonly spellings: Listing['spellings']
  /** Told the id of every change that Route 53 took, as far as a reply gave it. */
  accepted(changeId: string): void
}

/** Writes the changes, batch by batch, until one fails or the user stops. */
export async function writeChanges(
  target: Target,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<WriteResult> {
  const batches = toBatches(changes, spelledBy(target.spellings))
  const oversize = batches.find((batch) => batch.oversize)?.changes[0]
  if (oversize) return { applied: [], failure: tooLarge(oversize) }
  const applied: Change[] = []
  for (const batch of batches) {
    if (signal.aborted) return { applied, failure: cancelled() }
    const result = await writeBatch(target, batch, signal)
    applied.push(...result.applied)
    if (result.failure) return { ...result, applied }
  }
  return { applied }
}

async function writeBatch(target: Target, batch: Batch, signal: AbortSignal): Promise<WriteResult> {
  const sent = await sendBatch(target, batch, signal)
  if (sent.kind === 'accepted') {
    target.accepted(sent.changeId)
    return { applied: batch.changes }
  }
  const failure = explain(sent.error, 'route53:ChangeResourceRecordSets')
  const refused = isInvalidChangeBatch(sent.error)
  if (!refused && !sent.inDoubt) return { applied: [], failure }
  const unknown = { applied: [], failure, ...(sent.inDoubt ? { uncertain: batch.changes } : {}) }
  const listing = await readBack(target, signal)
  if (!listing) return unknown
  const now = new Map(listing.rrsets.map((rrset) => [keyOf(rrset), rrset]))
  if (sent.inDoubt && batch.changes.every((change) => isDone(change, now))) return { applied: batch.changes }
  const surprise = batch.changes.find((change) => !isAsPlanned(change, now))
  if (surprise) return refused ? { ...unknown, failure: stale(surprise, undefined, 'InvalidChangeBatch') } : unknown
  if (!refused) return { applied: [], failure }
  return isSpelledAsSent(batch, listing)
    ? { applied: [], failure: refusal(batch.changes, sent.error) }
    : writeChanges({ ...target, spellings: listing.spellings }, batch.changes, signal)
}

/** Makes no call once the user has stopped. */
async function readBack({ client, zoneId }: Target, signal: AbortSignal): Promise<Listing | undefined> {
  try {
    return readListing(await listRecordSets(client, zoneId, signal))
  } catch (error) {
    if (error instanceof MailsyncError) return undefined
    throw error
  }
}

/** Whether the batch repeated every set exactly; somebody may have written the same values in other words. */
function isSpelledAsSent({ changes, elements }: Batch, { spellings }: Listing): boolean {
  const now = toBatches(changes, spelledBy(spellings)).flatMap((batch) => batch.elements)
  return JSON.stringify(now) === JSON.stringify(elements)
}

function tooLarge(change: Change): MailsyncError {
  const record = keyOf(subjectOf(change))
  return new MailsyncError('rejected', `${record} is too large for one Route 53 request`, {
    where: { record },
    hint: `a request holds ${MAX_RECORDS} values and ${MAX_CHARACTERS} characters, those that are replaced included; change it in two steps`,
  })
}
