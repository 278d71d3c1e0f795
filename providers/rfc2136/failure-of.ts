import type { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Connection, openConnection } from '../dns/connection.js'
import { exchange, type Reply } from '../dns/exchange.js'
import { OPCODE, SOA } from '../dns/message.js'
import { RCODE } from '../dns/rcode.js'
import type { Rfc2136Options } from './options.js'
import { replyFailure, type Task } from './reply-failure.js'

/**
 * What an answer with an error code means. Knot says NOTAUTH where it does not serve the zone and
 * where its acl refuses (3.2.6, 2026-11), so that code costs one more question: whether the zone is there.
 */
export async function failureOf(
  server: Rfc2136Options,
  zone: Name,
  task: Task,
  { message: { rcode }, tsig }: Reply,
): Promise<MailsyncError> {
  const isUnclear = rcode === RCODE.NOTAUTH && !tsig?.error
  return replyFailure({ server, zone, task, rcode, tsig, isServed: isUnclear && (await isServed(server, zone)) })
}

async function isServed(server: Rfc2136Options, zone: Name): Promise<boolean> {
  let connection: Connection | undefined
  try {
    connection = await openConnection(server, new AbortController().signal)
    const { message } = await exchange(server, connection, { opcode: OPCODE.QUERY, name: zone, type: SOA })
    return message.authoritative && message.answers.some(({ name, type }) => name === zone && type === SOA)
  } catch {
    return false
  } finally {
    connection?.close()
  }
}
