import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { type Connection, openConnection } from '../dns/connection.js'
import { exchange, type Reply } from '../dns/exchange.js'
import { RCODE, rcodeText } from '../dns/rcode.js'
import type { WriteResult } from '../provider.js'
import { type Batch, type BatchWriter, type Sent, writeBatches } from '../write-batches.js'
import { batchesOf, isTooLarge, updateRequest } from './batches.js'
import { failureOf } from './errors.js'
import { type HeldZone, readHeld } from './held.js'
import type { Rfc2136Options } from './options.js'
import type { WireValues } from './update.js'

/** The changes of one UPDATE message, in the octets that are known to stand there. */
interface UpdateBatch extends Batch {
  readonly held?: WireValues
}

const PREREQUISITE_CODES: readonly number[] = [RCODE.NXDOMAIN, RCODE.YXDOMAIN, RCODE.YXRRSET, RCODE.NXRRSET]

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
  let connection: Connection | undefined
  try {
    return await writeBatches(zone, changes, signal, async () => {
      const open = await openConnection(server, signal)
      connection = open
      return {
        pack: (all) => pack(server, zone, all),
        send: (batch) => send(server, open, zone, batch),
        readBack: (batch) => readHeld(server, zone, batch.changes, signal).catch(unlessBug),
        respell: (batch, now) => (batch.held ? undefined : pack(server, zone, batch.changes, now.values)),
      } satisfies BatchWriter<UpdateBatch, HeldZone>
    })
  } finally {
    connection?.close()
  }
}

function pack(server: Rfc2136Options, zone: Name, changes: readonly Change[], held?: WireValues): UpdateBatch[] {
  return batchesOf(zone, changes, server.key, held).map((batch) => {
    if (isTooLarge(zone, batch, server.key, held)) throw tooLarge(batch[0])
    return { changes: batch, ...(held && { held }) }
  })
}

/** Where a prerequisite was wrong, the server wrote nothing: somebody changed the RRset, or its octets are others than ours. */
async function send(
  server: Rfc2136Options,
  connection: Connection,
  zone: Name,
  { changes, held }: UpdateBatch,
): Promise<Sent> {
  let reply: Reply
  try {
    reply = await exchange(server, connection, updateRequest(zone, changes, held))
  } catch (error) {
    if (error instanceof MailsyncError) return { kind: 'lost', failure: error, over: false }
    throw error
  }
  const { rcode } = reply.message
  if (rcode === RCODE.NOERROR) return { kind: 'written' }
  if (PREREQUISITE_CODES.includes(rcode)) return { kind: 'refused', failure: staleZone(zone, rcodeText(rcode)) }
  return { kind: 'unsent', failure: await failureOf(server, zone, 'write', reply) }
}

function staleZone(zone: Name, apiCode: string): MailsyncError {
  return new MailsyncError('stale', `a record of ${zone} is not what the plan saw`, {
    where: { zone },
    hint: 'somebody is changing the zone; plan again',
    apiCode,
  })
}

function tooLarge(change: Change): MailsyncError {
  const record = keyOf(subjectOf(change))
  return new MailsyncError('rejected', `${record} has more values than one DNS message can replace`, {
    where: { record },
    hint: 'a message holds 65,535 octets, the old and the new values together; use fewer or shorter values',
  })
}

function unlessBug(error: unknown): undefined {
  if (!(error instanceof MailsyncError)) throw error
}
