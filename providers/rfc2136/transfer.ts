import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { canonical, type RdataByType, type RRset, type RRType } from '../../records/rr/rrset.js'
import { type Connection, openConnection } from '../dns/connection.js'
import { serverText, untrusted } from '../dns/connection-failure.js'
import { nextReply, parsing, prepare } from '../dns/exchange.js'
import { AXFR, CLASS, type Message, OPCODE, SOA, TYPE_CODES, type WireRecord } from '../dns/message.js'
import { RCODE } from '../dns/rcode.js'
import { decodeRdata } from '../dns/wire-rdata.js'
import { failureOf } from './failure-of.js'
import type { Rfc2136Options } from './options.js'

/** Unsigned messages a server may send between two signed ones (RFC 8945 §5.3.1). */
const UNSIGNED_LIMIT = 99

const TYPE_BY_CODE = new Map(Object.entries(TYPE_CODES).map(([type, code]) => [code, type as RRType]))

/** The records of one RRset as they were received. */
export interface ReceivedRRset {
  readonly type: RRType
  readonly records: readonly [WireRecord, ...WireRecord[]]
}

/**
 * Transfers a zone (AXFR, RFC 5936) and gathers its records by `keyOf`, other types left out. It is complete, and with a
 * key every octet of it is signed, or this throws. `isWanted` says which RRsets are kept; default all.
 */
export async function transferZone(
  server: Rfc2136Options,
  zone: Name,
  signal: AbortSignal,
  isWanted: (key: string) => boolean = () => true,
): Promise<Map<string, ReceivedRRset>> {
  let connection: Connection | undefined
  try {
    connection = await openConnection(server, signal)
    return await transferOver(connection, server, zone, signal, isWanted)
  } catch (error) {
    throw error instanceof MailsyncError ? error.at({ zone }) : error
  } finally {
    connection?.close()
  }
}

/** As {@link transferZone}, over a connection that is open and stays so; its errors do not name the zone. */
export async function transferOver(
  connection: Connection,
  server: Rfc2136Options,
  zone: Name,
  signal: AbortSignal,
  isWanted: (key: string) => boolean = () => true,
): Promise<Map<string, ReceivedRRset>> {
  const sets = new Map<string, { type: RRType; records: [WireRecord, ...WireRecord[]] }>()
  for await (const records of transferredRecords(server, connection, zone, signal))
    for (const record of records) {
      const type = TYPE_BY_CODE.get(record.type)
      if (type === undefined || record.class !== CLASS.IN) continue
      const key = `${record.name} ${type}`
      const set = sets.get(key)
      if (set) set.records.push(record)
      else if (isWanted(key)) sets.set(key, { type, records: [record] })
    }
  return sets
}

/** A received RRset in canonical form. Where its TTLs differ, which RFC 2181 §5.2 forbids, the lowest counts. */
export function rrsetOf(server: Rfc2136Options, { type, records }: ReceivedRRset): RRset {
  const rdata: RdataByType[RRType][] = parsing(server, () => records.map((record) => decodeRdata(type, record)))
  const ttl = Math.min(...records.map((record) => record.ttl))
  return canonical({ type, name: records[0].name, ttl, rdata } as RRset)
}

async function* transferredRecords(
  server: Rfc2136Options,
  connection: Connection,
  zone: Name,
  signal: AbortSignal,
): AsyncGenerator<readonly WireRecord[]> {
  const { octets, pending } = prepare(server, { opcode: OPCODE.QUERY, name: zone, type: AXFR })
  connection.send(octets)
  let ends = 0
  for (let unsigned = 0; ends < 2; ) {
    const reply = await nextReply(server, connection, pending, signal)
    if (reply.message.rcode !== RCODE.NOERROR) throw await failureOf(server, zone, 'read', reply)
    unsigned = reply.tsig ? 0 : unsigned + 1
    if (server.key && (ends === 0 || unsigned > UNSIGNED_LIMIT) && !reply.tsig)
      throw untrusted(server, 'it is not signed')
    ends += endsIn(server, zone, reply.message, ends)
    if (server.key && ends === 2 && !reply.tsig) throw untrusted(server, 'the end of the zone transfer is not signed')
    yield reply.message.answers
  }
}

/** How many of the two SOA records around a transfer are in this message. */
function endsIn(server: Rfc2136Options, zone: Name, { answers }: Message, before: number): number {
  const isEnd = ({ type, name }: WireRecord): boolean => type === SOA && name === zone
  const ends = before + answers.filter(isEnd).length
  const [first] = answers
  const begins = before > 0 || (first !== undefined && isEnd(first))
  const last = answers.at(-1)
  const stops = ends < 2 || (ends === 2 && last !== undefined && isEnd(last))
  if (begins && stops) return ends - before
  throw new MailsyncError('unavailable', `the transfer of ${zone} from ${serverText(server)} is not whole`, {
    hint: 'try again; if it stays, see the server’s log',
    where: { zone },
  })
}
