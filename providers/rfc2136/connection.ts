import { lookup } from 'node:dns/promises'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { stringsOf } from '../../records/rr/txt.js'
import { ancestors, type Zone, zoneWith } from '../../records/rr/zone.js'
import { type Connection, openConnection } from '../dns/connection.js'
import { connectionsTo } from '../dns/connections.js'
import { exchange, type Reply } from '../dns/exchange.js'
import { RCODE, rcodeText } from '../dns/rcode.js'
import type { DnsServer, ServerAddress } from '../dns/server.js'
import { surpriseIn } from '../expect.js'
import type { Provider, WriteResult } from '../provider.js'
import { unlessBug } from '../refusal.js'
import { type BatchWriter, type Sent, writeBatches } from '../write-batches.js'
import { batchesOf, type UpdateBatch } from './batches.js'
import { checkZone } from './check.js'
import { failureOf } from './errors.js'
import { readZone, readZoneOver } from './transfer.js'

const PREREQUISITE_CODES: readonly number[] = [RCODE.NXDOMAIN, RCODE.YXDOMAIN, RCODE.YXRRSET, RCODE.NXRRSET]

/** What can be done with a server: reads share connections, every other call opens its own. */
export function connectServer(server: DnsServer): Provider {
  const connections = connectionsTo(server)
  return {
    zones: async () => {
      throw new MailsyncError('rejected', 'a DNS server cannot be asked for its zones (RFC 2136, AXFR)', {
        hint: 'name the zones in the spec instead of `*`',
      })
    },
    read: (zone, signal) => readZoneOver(connections, server, zone, signal),
    write: (zone, changes, signal) => write(server, zone, changes, signal),
    batches: (zone, changes) =>
      batchesOf(zone, changes, server.key).reduce((count, { messages }) => count + Math.max(messages.length, 1), 0),
    check: (zone, signal) => checkZone(server, zone, signal),
    answersAt: () => addressesOf(server),
    close: async () => connections.close(),
  }
}

/** As for TCP: what the system knows of the name, be it in no DNS. */
async function addressesOf({ host, port, ipv6 }: DnsServer): Promise<ServerAddress[]> {
  try {
    const found = await lookup(host, { all: true, family: ipv6 ? 6 : 0 })
    return found.map(({ address }) => ({ host: address, port }))
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    throw new MailsyncError('unavailable', `${host} has no address that can be found: ${code}`, { cause })
  }
}

/**
 * Writes changes to a zone, as few UPDATE messages as hold them, one after the other over one connection. A message that
 * is sent is waited for, whatever the signal says.
 */
async function write(
  server: DnsServer,
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
        pack: (all) => batchesOf(zone, all, server.key),
        send: (batch) => send({ server, connection: open, zone, signal }, batch),
        readBack: (batch) => readHeld(server, zone, batch.changes, signal).catch(unlessBug),
      } satisfies BatchWriter<UpdateBatch>
    })
  } finally {
    connection?.close()
  }
}

interface Job {
  readonly server: DnsServer
  readonly connection: Connection
  readonly zone: Name
  readonly signal: AbortSignal
}

async function send(job: Job, { changes, messages, comparesValues, impossible }: UpdateBatch): Promise<Sent> {
  if (impossible) return { kind: 'unsent', failure: impossible }
  if (!comparesValues) {
    const surprise = await surpriseBefore(job, changes)
    if (surprise) return { kind: 'unsent', failure: surprise }
  }
  for (const [index, message] of messages.entries()) {
    const sent = await sendMessage(job, changes, message)
    if (sent.kind === 'written') continue
    return index === 0 ? sent : { kind: 'lost', failure: sent.failure, over: sent.kind !== 'lost' }
  }
  return { kind: 'written' }
}

/** What the server will not compare is looked at just before. */
async function surpriseBefore(
  { server, zone, signal }: Job,
  changes: readonly Change[],
): Promise<MailsyncError | undefined> {
  try {
    return surpriseIn(changes, await readHeld(server, zone, changes, signal))
  } catch (error) {
    if (error instanceof MailsyncError) return error
    throw error
  }
}

/**
 * Where a prerequisite was wrong, the server wrote nothing. REFUSED is mostly about rights, but Knot says it too of what lies
 * below a DNAME (3.2.6, 2026-11): reading back tells.
 */
async function sendMessage(
  { server, connection, zone }: Job,
  changes: readonly Change[],
  message: UpdateBatch['messages'][number],
): Promise<Sent> {
  let reply: Reply
  try {
    reply = await exchange(server, connection, message)
  } catch (error) {
    if (error instanceof MailsyncError) return { kind: 'lost', failure: error, over: false }
    throw error
  }
  const { rcode } = reply.message
  if (rcode === RCODE.NOERROR) return { kind: 'written' }
  if (PREREQUISITE_CODES.includes(rcode))
    return { kind: 'refused', failure: notAsSaid(zone, changes, rcodeText(rcode)) }
  const failure = await failureOf(server, zone, 'write', reply)
  return { kind: rcode === RCODE.REFUSED ? 'refused' : 'unsent', failure }
}

/** The failure where the server found a prerequisite wrong, and reading back shows nothing else than was planned. */
function notAsSaid(zone: Name, changes: readonly Change[], apiCode: string): MailsyncError {
  const twins = changes.find(hasCaseTwins)
  if (twins === undefined)
    return new MailsyncError('stale', `the server says that a record of ${zone} is not what the plan saw`, {
      where: { zone },
      hint: 'plan again: somebody is changing the zone; where nobody is, the server holds a value in a spelling that it does not know again (PowerDNS, loaded with needless escapes): enter it anew',
      apiCode,
    })
  const record = keyOf(subjectOf(twins))
  return new MailsyncError(
    'rejected',
    `${record} has TXT values that differ only in case, and the server takes them for one (${apiCode})`,
    {
      where: { record },
      hint: 'PowerDNS cannot compare such an RRset (its issue 6914); take one of the two values away at the server',
      apiCode,
    },
  )
}

function hasCaseTwins(change: Change): boolean {
  if (change.kind === 'create' || change.before.type !== 'TXT') return false
  const values = change.before.rdata.map((value) => stringsOf(value).join('\n').toLowerCase())
  return new Set(values).size < values.length
}

/**
 * Reads back what stands at the names of some changes, and above them. By zone transfer, because the answer to a query may
 * come from a wildcard or another view.
 */
async function readHeld(server: DnsServer, zone: Name, changes: readonly Change[], signal: AbortSignal): Promise<Zone> {
  const names = new Set(changes.flatMap((change) => ancestors(subjectOf(change).name, zone)))
  return zoneWith(zone, await readZone(server, zone, signal, (name) => names.has(name)))
}
