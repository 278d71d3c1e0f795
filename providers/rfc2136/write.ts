import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { type Connection, openConnection } from '../dns/connection.js'
import { exchange, type Reply } from '../dns/exchange.js'
import { RCODE, rcodeText } from '../dns/rcode.js'
import type { WriteResult } from '../provider.js'
import { cancelled, stale } from '../refusal.js'
import { type Batch, batchesOf, isTooLarge, updateRequest } from './batches.js'
import { failureOf } from './failure-of.js'
import { type HeldRRsets, isAsPlanned, isWritten, readHeld } from './held.js'
import type { Rfc2136Options } from './options.js'
import type { WireValues } from './update.js'

interface Job {
  readonly server: Rfc2136Options
  readonly connection: Connection
  readonly zone: Name
  readonly signal: AbortSignal
}

const PREREQUISITE_CODES: readonly number[] = [RCODE.NXDOMAIN, RCODE.YXDOMAIN, RCODE.YXRRSET, RCODE.NXRRSET]
const untilDone = new AbortController().signal

/**
 * Writes changes to a zone, as few UPDATE messages as hold them, one after the other over one connection. A message that
 * is sent is waited for, whatever the signal says.
 */
export async function writeChanges(
  server: Rfc2136Options,
  zone: Name,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<WriteResult> {
  if (changes.length === 0) return { applied: [] }
  if (signal.aborted) return { applied: [], failure: cancelled() }
  let connection: Connection
  try {
    connection = await openConnection(server, signal)
  } catch (error) {
    return { applied: [], failure: failureFrom(error, zone) }
  }
  try {
    return await writeBatches({ server, connection, zone, signal }, changes)
  } finally {
    connection.close()
  }
}

async function writeBatches(job: Job, changes: readonly Change[], held?: WireValues): Promise<WriteResult> {
  const applied: Change[] = []
  for (const batch of batchesOf(job.zone, changes, job.server.key, held)) {
    if (job.signal.aborted) return { applied, failure: cancelled() }
    const result = await writeBatch(job, batch, held)
    applied.push(...result.applied)
    if (result.failure) return { ...result, applied }
  }
  return { applied }
}

async function writeBatch(job: Job, batch: Batch, held?: WireValues): Promise<WriteResult> {
  const { server, connection, zone } = job
  if (isTooLarge(zone, batch, server.key, held)) return { applied: [], failure: tooLarge(batch[0]) }
  let reply: Reply
  try {
    reply = await exchange(server, connection, updateRequest(zone, batch, held))
  } catch (error) {
    return afterLostReply(job, batch, failureFrom(error, zone))
  }
  const { rcode } = reply.message
  if (rcode === RCODE.NOERROR) return { applied: batch }
  if (PREREQUISITE_CODES.includes(rcode)) return afterRefusal(job, batch, rcodeText(rcode), held)
  return { applied: [], failure: await failureOf(server, zone, 'write', reply) }
}

/**
 * The server found a prerequisite wrong and wrote nothing. Either somebody changed the RRset, or its octets differ from
 * those mailsync would write for the same value: a TXT cut into other strings, upper case in a target. Then the same
 * changes are sent once more, with the octets that stand there.
 */
async function afterRefusal(job: Job, batch: Batch, apiCode: string, held?: WireValues): Promise<WriteResult> {
  const { server, zone } = job
  let now: HeldRRsets
  try {
    now = await readHeld(server, zone, batch, untilDone)
  } catch (cause) {
    return { applied: [], failure: staleZone(zone, apiCode, cause) }
  }
  const surprise = batch.find((change) => !isAsPlanned(change, now))
  if (surprise) return { applied: [], failure: stale(surprise, undefined, apiCode).at({ zone }) }
  if (held) return { applied: [], failure: staleZone(zone, apiCode) }
  return writeBatches(job, batch, new Map([...now].map(([key, { values }]) => [key, values])))
}

/** No answer that can be believed came. One look over a new connection tells whether the message was carried out. */
async function afterLostReply({ server, zone }: Job, batch: Batch, failure: MailsyncError): Promise<WriteResult> {
  try {
    const now = await readHeld(server, zone, batch, untilDone)
    if (batch.every((change) => isWritten(change, now))) return { applied: batch }
  } catch {}
  const hint = 'the changes were sent and may have been written or not; plan again to see'
  const { code, message, where, apiCode, cause } = failure
  const known = { where, cause, ...(apiCode === undefined ? {} : { apiCode }) }
  return {
    applied: [],
    uncertain: batch,
    failure: new MailsyncError(code, message, {
      ...known,
      hint: failure.hint === undefined ? hint : `${hint}; ${failure.hint}`,
    }),
  }
}

function staleZone(zone: Name, apiCode: string, cause?: unknown): MailsyncError {
  return new MailsyncError('stale', `a record of ${zone} is not what the plan saw`, {
    where: { zone },
    hint: 'somebody is changing the zone; plan again',
    apiCode,
    cause,
  })
}

function tooLarge(change: Change): MailsyncError {
  const record = keyOf(subjectOf(change))
  return new MailsyncError('rejected', `${record} has more values than one DNS message can replace`, {
    where: { record },
    hint: 'a message holds 65,535 octets, the old and the new values together; use fewer or shorter values',
  })
}

function failureFrom(error: unknown, zone: Name): MailsyncError {
  if (error instanceof MailsyncError) return error.at({ zone })
  throw error
}
