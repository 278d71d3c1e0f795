import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import type { AnyRRset } from '../../records/rr/rrset.js'
import { monotonic } from '../clock.js'
import { ClosedMidway, malformed, untrusted } from '../dns/connection-failure.js'
import type { Connections } from '../dns/connections.js'
import { nextReply, parsing, prepare } from '../dns/exchange.js'
import { AXFR, CLASS, IXFR, type Message, OPCODE, type Request, SOA, type WireRecord } from '../dns/message.js'
import { RCODE } from '../dns/rcode.js'
import { receivedRRsets } from '../dns/received-rrsets.js'
import { type DnsServer, serverText } from '../dns/server.js'
import { typeText } from '../dns/type-names.js'
import { encodeOwner } from '../dns/wire-name.js'
import { encodeSerial } from '../dns/wire-rdata.js'
import { isLeftOut } from '../foreign.js'
import { failureOf } from './errors.js'
import { BrokenStream, type Transferred, type ZoneStream, zoneStream } from './zone-stream.js'

/** Unsigned messages a server may send between two signed ones (RFC 8945 §5.3.1). */
const UNSIGNED_LIMIT = 99

/** What one transfer may take at most: the octets of its messages, its records, and seconds. */
export interface TransferLimits {
  readonly octets: number
  readonly records: number
  readonly seconds: number
}

export const TRANSFER_LIMITS: TransferLimits = { octets: 256 * 1024 * 1024, records: 2_000_000, seconds: 3600 }

/** What is transferred, and how. */
export interface Transfer {
  readonly server: DnsServer
  readonly connections: Connections
  readonly zone: Name
  readonly signal: AbortSignal
  /** Default: {@link TRANSFER_LIMITS}. */
  readonly limits?: TransferLimits
}

/**
 * Reads a zone by transfer (AXFR, RFC 5936): its RRsets of every type, canonical, without what a signer makes. It is
 * complete, and with a key every octet of it is signed, or this throws.
 *
 * @param isWanted at which names RRsets are kept; default all
 */
export async function readZone(
  transfer: Transfer,
  isWanted: (name: Name) => boolean = () => true,
): Promise<AnyRRset[]> {
  const { records } = await transferZone(transfer, isWanted)
  const received = receivedRRsets()
  for (const record of records) received.add(record)
  return parsing(transfer.server, () => received.rrsets())
}

/** As {@link readZone}, but as records, with the serial of the zone. */
export async function transferZone(
  transfer: Transfer,
  isWanted: (name: Name) => boolean = () => true,
): Promise<Extract<Transferred, { kind: 'whole' }>> {
  const { zone } = transfer
  const kept = (record: WireRecord): boolean => isRecord(record) && isWanted(record.name)
  const question = { opcode: OPCODE.QUERY, name: zone, type: AXFR }
  try {
    return (await ask(transfer, question, () => zoneStream(zone, undefined, kept))) as Extract<
      Transferred,
      { kind: 'whole' }
    >
  } catch (error) {
    if (error instanceof BrokenStream) throw notWhole(transfer, error.message)
    throw error
  }
}

/**
 * Asks for what has changed in a zone since a serial (IXFR, RFC 1995). Undefined where the server does not say it in a way
 * that can be followed: the whole zone is to be asked for.
 */
export async function transferChanges(transfer: Transfer, serial: number): Promise<Transferred | undefined> {
  const { zone } = transfer
  const soa = { owner: encodeOwner(zone, zone), type: SOA, class: CLASS.IN, ttl: 0, rdata: encodeSerial(serial) }
  const question = { opcode: OPCODE.QUERY, name: zone, type: IXFR, updates: [soa] }
  try {
    return await ask(transfer, question, () => zoneStream(zone, serial, isRecord), false)
  } catch (error) {
    const isAboutTheAnswer = error instanceof MailsyncError && !DECISIVE.includes(error.code)
    if (error instanceof BrokenStream || isAboutTheAnswer) return undefined
    throw error
  }
}

/** What another question would not make better. */
const DECISIVE: readonly string[] = ['authentication', 'timeout', 'cancelled']

function isRecord({ type }: WireRecord): boolean {
  return !isLeftOut(typeText(type))
}

/**
 * Asks, and once more where the server broke off in the middle: Knot does where a client on a busy machine takes nothing for half a
 * second (`tcp-io-timeout`). Throws {@link BrokenStream} as the stream does.
 */
async function ask(
  transfer: Transfer,
  question: Omit<Request, 'id'>,
  begin: () => ZoneStream,
  mayRepeat = true,
): Promise<Transferred> {
  const { server, connections, zone, signal, limits = TRANSFER_LIMITS } = transfer
  let hasBegun = false
  try {
    return await connections.use(signal, async (connection) => {
      const { octets, pending } = prepare(server, question)
      connection.send(octets)
      const bounds = transferBounds({ server, zone, limits })
      const stream = begin()
      let unsigned = server.key ? UNSIGNED_LIMIT : Number.NEGATIVE_INFINITY
      for (let isEnd = false; !isEnd; ) {
        const reply = await nextReply(server, connection, pending, signal)
        hasBegun = true
        if (reply.message.rcode !== RCODE.NOERROR) throw await failureOf(server, zone, 'read', reply)
        bounds.add(reply.message)
        unsigned = reply.tsig && server.key ? 0 : unsigned + 1
        if (unsigned > UNSIGNED_LIMIT) throw untrusted(server, 'it is not signed')
        isEnd = added(server, stream, reply.message)
        if (isEnd && server.key && !reply.tsig) throw untrusted(server, 'the end of the zone transfer is not signed')
      }
      return stream.result()
    })
  } catch (error) {
    const isBrokenOff = hasBegun && error instanceof ClosedMidway
    if (isBrokenOff && mayRepeat && !signal.aborted) return ask(transfer, question, begin, false)
    if (isBrokenOff) throw brokenOff(transfer, error)
    throw error instanceof MailsyncError ? error.at({ zone }) : error
  }
}

function brokenOff({ zone }: Transfer, { code, message, apiCode, cause }: MailsyncError): MailsyncError {
  return new MailsyncError(code, message, {
    where: { zone },
    hint: 'see the server’s log: PowerDNS that says “oversized chunk” cannot send 100 records of 64 KiB (from 4.8 on: workaround-11804=yes); Knot does not wait longer than tcp-io-timeout for a slow reader; or it stopped',
    cause,
    ...(apiCode !== undefined && { apiCode }),
  })
}

function added(server: DnsServer, stream: ZoneStream, { answers }: Message): boolean {
  try {
    return stream.add(answers)
  } catch (error) {
    throw error instanceof BrokenStream ? error : malformed(server, error)
  }
}

/** Counts what has come, and throws where it is more than any zone. */
function transferBounds({
  server,
  zone,
  limits,
}: Pick<Transfer, 'server' | 'zone'> & { readonly limits: TransferLimits }): { add(message: Message): void } {
  const begun = monotonic()
  let octets = 0
  let records = 0
  return {
    add: (message) => {
      octets += message.octets.length
      records += message.answers.length
      const seconds = (monotonic() - begun) / 1000
      if (octets <= limits.octets && records <= limits.records && seconds <= limits.seconds) return
      throw new MailsyncError(
        'unavailable',
        `the transfer of ${zone} from ${serverText(server)} does not end: ${records} records in ${octets} octets and ${Math.round(seconds)} seconds so far`,
        {
          hint: `a transfer may have ${limits.records} records, ${limits.octets} octets and ${limits.seconds} seconds; see what is wrong with the server, or split the zone`,
          where: { zone },
        },
      )
    },
  }
}

function notWhole({ server, zone }: Transfer, why: string): MailsyncError {
  const text = `the transfer of ${zone} from ${serverText(server)} is not whole`
  return new MailsyncError('unavailable', why === '' ? text : `${text}: ${why}`, {
    hint: 'try again; if it stays, see the server’s log',
    where: { zone },
  })
}
