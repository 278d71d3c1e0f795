import { lookup } from 'node:dns/promises'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, keyOf, subjectOf } from '../../records/rr/rrset.js'
import { stringsOf } from '../../records/rr/txt.js'
import { ancestors, type Zone, zoneWith } from '../../records/rr/zone.js'
import { type Connections, connectionsTo } from '../dns/connections.js'
import { exchange, type Reply } from '../dns/exchange.js'
import { RCODE, rcodeText } from '../dns/rcode.js'
import type { DnsServer, ServerAddress } from '../dns/server.js'
import { surpriseIn } from '../expect.js'
import type { Provider, WriteResult } from '../provider.js'
import { unlessBug } from '../refusal.js'
import { type BatchWriter, type Sent, writeBatches } from '../write-batches.js'
import { batchesOf, messagesFor, type UpdateBatch } from './batches.js'
import { checkZone } from './check.js'
import { readByCopy } from './copy/read-by-copy.js'
import type { ZoneCopies } from './copy/zone-copies.js'
import { failureOf } from './errors.js'
import { readZone } from './transfer.js'

const PREREQUISITE_CODES: readonly number[] = [RCODE.NXDOMAIN, RCODE.YXDOMAIN, RCODE.YXRRSET, RCODE.NXRRSET]

/** What can be done with a server: reads and writes share connections, a check opens its own. */
export function connectServer(server: DnsServer, copies?: ZoneCopies): Provider {
  const connections = connectionsTo(server)
  return {
    zones: async () => {
      throw new MailsyncError('rejected', 'a DNS server cannot be asked for its zones (RFC 2136, AXFR)', {
        hint: 'name the zones in the spec instead of `*`',
      })
    },
    read: (zone, signal) => {
      const transfer = { server, connections, zone, signal }
      return copies ? readByCopy(copies, transfer) : readZone(transfer)
    },
    write: async (zone, changes, signal) => {
      const result = await write({ server, connections, zone, signal }, changes)
      return result.failure && copies ? { ...result, failure: withoutCopy(copies, zone, result.failure) } : result
    },
    batches: (zone, changes) => messagesFor(zone, changes, server.key),
    check: (zone, signal) => checkZone(server, zone, signal),
    answersAt: () => addressesOf(server),
    close: async () => connections.close(),
  }
}

/** The failure of a write, after which the copy may be what is wrong; it says so where that stays. */
function withoutCopy(copies: ZoneCopies, zone: Name, failure: MailsyncError): MailsyncError {
  try {
    copies.drop(zone)
    return failure
  } catch (error) {
    if (!(error instanceof MailsyncError)) throw error
    const { code, where, apiCode, cause } = failure
    const remove = `remove the copy of the zone, which may be wrong and could not be (${error.message}); then plan again`
    const hint = failure.hint === undefined ? remove : `${failure.hint}; and ${remove}`
    return new MailsyncError(code, failure.message, { where, hint, cause, ...(apiCode !== undefined && { apiCode }) })
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

interface Job {
  readonly server: DnsServer
  readonly connections: Connections
  readonly zone: Name
  readonly signal: AbortSignal
}

/**
 * Writes changes to a zone, as few UPDATE messages as hold them, one after the other. A message that is sent is waited for,
 * whatever the signal says.
 */
function write(job: Job, changes: readonly Change[]): Promise<WriteResult> {
  const { server, zone, signal } = job
  let batches = 0
  return writeBatches(
    zone,
    changes,
    signal,
    async () =>
      ({
        pack: (all) => batchesOf(zone, all, server.key),
        send: (batch) => send(job, batch, batches++ === 0 && batch.comparesValues),
        readBack: (batch) => readHeld(job, batch.changes).catch(unlessBug),
      }) satisfies BatchWriter<UpdateBatch>,
  )
}

async function send(
  job: Job,
  { changes, messages, comparesValues, impossible }: UpdateBatch,
  mayRepeat: boolean,
): Promise<Sent> {
  if (impossible) return { kind: 'unsent', failure: impossible }
  if (!comparesValues) {
    const surprise = await surpriseBefore(job, changes)
    if (surprise) return { kind: 'unsent', failure: surprise }
  }
  for (const [index, message] of messages.entries()) {
    const sent = await sendMessage(job, changes, message, mayRepeat)
    if (sent.kind === 'written') continue
    return index === 0 ? sent : { kind: 'lost', failure: sent.failure, over: sent.kind !== 'lost' }
  }
  return { kind: 'written' }
}

/** What the server will not compare is looked at just before. */
async function surpriseBefore(job: Job, changes: readonly Change[]): Promise<MailsyncError | undefined> {
  try {
    return surpriseIn(changes, await readHeld(job, changes))
  } catch (error) {
    if (error instanceof MailsyncError) return error
    throw error
  }
}

/**
 * Where a prerequisite was wrong, the server wrote nothing. REFUSED is mostly about rights, but Knot says it too of what lies
 * below a DNAME (3.2.6, 2026-11): reading back tells.
 *
 * The first message of a write may go over a connection that was used before, and is sent again where the server has closed
 * it meanwhile. Its prerequisites are the whole RRsets, so it is done once: where the first attempt was carried out, the
 * second is refused.
 */
async function sendMessage(
  { server, connections, zone, signal }: Job,
  changes: readonly Change[],
  message: UpdateBatch['messages'][number],
  mayRepeat: boolean,
): Promise<Sent> {
  const sending = mayRepeat ? connections.use : connections.useNew
  let times = 0
  let reply: Reply
  try {
    reply = await sending(signal, (connection) => {
      times += 1
      return exchange(server, connection, message)
    })
  } catch (error) {
    if (!(error instanceof MailsyncError)) throw error
    return times === 0 ? { kind: 'unsent', failure: error } : { kind: 'lost', failure: error, over: false }
  }
  const { rcode } = reply.message
  if (rcode === RCODE.NOERROR) return { kind: 'written' }
  const failure = PREREQUISITE_CODES.includes(rcode)
    ? notAsSaid(zone, changes, rcodeText(rcode))
    : await failureOf(server, zone, 'write', reply)
  if (times > 1) return { kind: 'refused', failure, earlier: 'open' }
  return { kind: [...PREREQUISITE_CODES, RCODE.REFUSED].includes(rcode) ? 'refused' : 'unsent', failure }
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
async function readHeld(job: Job, changes: readonly Change[]): Promise<Zone> {
  const names = new Set(changes.flatMap((change) => ancestors(subjectOf(change).name, job.zone)))
  return zoneWith(job.zone, await readZone(job, (name) => names.has(name)))
}
