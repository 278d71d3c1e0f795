import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import type { AnyRRset } from '../../records/rr/rrset.js'
import type { Connection } from '../dns/connection.js'
import { untrusted } from '../dns/connection-failure.js'
import { type Connections, connectionsTo } from '../dns/connections.js'
import { nextReply, parsing, prepare } from '../dns/exchange.js'
import { AXFR, CLASS, type Message, OPCODE, SOA, type WireRecord } from '../dns/message.js'
import { RCODE } from '../dns/rcode.js'
import { receivedRRsets } from '../dns/received-rrsets.js'
import { type DnsServer, serverText } from '../dns/server.js'
import { typeText } from '../dns/type-names.js'
import { soaSerial } from '../dns/wire-rdata.js'
import { isLeftOut } from '../foreign.js'
import { failureOf } from './errors.js'

/** Unsigned messages a server may send between two signed ones (RFC 8945 §5.3.1). */
const UNSIGNED_LIMIT = 99

/** What one transfer may take at most: the octets of its messages, its records, and seconds. */
export interface TransferLimits {
  readonly octets: number
  readonly records: number
  readonly seconds: number
}

export const TRANSFER_LIMITS: TransferLimits = { octets: 256 * 1024 * 1024, records: 2_000_000, seconds: 3600 }

/**
 * Reads a zone by transfer (AXFR, RFC 5936): its RRsets of every type, canonical, without what a signer makes. It is
 * complete, and with a key every octet of it is signed, or this throws.
 *
 * @param isWanted at which names RRsets are kept; default all
 */
export async function readZone(
  server: DnsServer,
  zone: Name,
  signal: AbortSignal,
  isWanted: (name: Name) => boolean = () => true,
  limits: TransferLimits = TRANSFER_LIMITS,
): Promise<AnyRRset[]> {
  const connections = connectionsTo(server)
  try {
    return await readZoneOver(connections, server, zone, signal, isWanted, limits)
  } finally {
    connections.close()
  }
}

/** As {@link readZone}, over a connection that was used before where there is one. */
export async function readZoneOver(
  connections: Connections,
  server: DnsServer,
  zone: Name,
  signal: AbortSignal,
  isWanted: (name: Name) => boolean = () => true,
  limits: TransferLimits = TRANSFER_LIMITS,
): Promise<AnyRRset[]> {
  try {
    const received = await connections.use(signal, async (connection) => {
      const found = receivedRRsets()
      for await (const records of transferredRecords({ server, connection, zone, signal, limits }))
        for (const record of records)
          if (record.class === CLASS.IN && !isLeftOut(typeText(record.type)) && isWanted(record.name)) found.add(record)
      return found
    })
    return parsing(server, () => received.rrsets())
  } catch (error) {
    throw error instanceof MailsyncError ? error.at({ zone }) : error
  }
}

interface Transfer {
  readonly server: DnsServer
  readonly connection: Connection
  readonly zone: Name
  readonly signal: AbortSignal
  readonly limits: TransferLimits
}

async function* transferredRecords(transfer: Transfer): AsyncGenerator<readonly WireRecord[]> {
  const { server, connection, zone, signal } = transfer
  const { octets, pending } = prepare(server, { opcode: OPCODE.QUERY, name: zone, type: AXFR })
  connection.send(octets)
  const bounds = transferBounds(transfer)
  const serials: number[] = []
  for (let unsigned = 0; serials.length < 2; ) {
    const reply = await nextReply(server, connection, pending, signal)
    if (reply.message.rcode !== RCODE.NOERROR) throw await failureOf(server, zone, 'read', reply)
    bounds.add(reply.message)
    unsigned = reply.tsig ? 0 : unsigned + 1
    if (server.key && (serials.length === 0 || unsigned > UNSIGNED_LIMIT) && !reply.tsig)
      throw untrusted(server, 'it is not signed')
    serials.push(...serialsIn(transfer, reply.message, serials.length))
    if (server.key && serials.length === 2 && !reply.tsig)
      throw untrusted(server, 'the end of the zone transfer is not signed')
    yield reply.message.answers
  }
  if (serials[0] !== serials[1])
    throw notWhole(transfer, `it begins with the serial ${serials[0]} and ends with ${serials[1]}`)
}

/** The serials of those of the two SOA records around a transfer that are in this message. */
function serialsIn(transfer: Transfer, { answers }: Message, before: number): number[] {
  const isEnd = ({ type, name }: WireRecord): boolean => type === SOA && name === transfer.zone
  const ends = answers.filter(isEnd)
  const [first] = answers
  const begins = before > 0 || (first !== undefined && isEnd(first))
  const last = answers.at(-1)
  const count = before + ends.length
  const stops = count < 2 || (count === 2 && last !== undefined && isEnd(last))
  if (begins && stops) return parsing(transfer.server, () => ends.map(soaSerial))
  throw notWhole(transfer)
}

/** Counts what has come, and throws where it is more than any zone. */
function transferBounds({ server, zone, limits }: Transfer): { add(message: Message): void } {
  const begun = performance.now()
  let octets = 0
  let records = 0
  return {
    add: (message) => {
      octets += message.octets.length
      records += message.answers.length
      const seconds = (performance.now() - begun) / 1000
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

function notWhole({ server, zone }: Transfer, why?: string): MailsyncError {
  const text = `the transfer of ${zone} from ${serverText(server)} is not whole`
  return new MailsyncError('unavailable', why === undefined ? text : `${text}: ${why}`, {
    hint: 'try again; if it stays, see the server’s log',
    where: { zone },
  })
}
