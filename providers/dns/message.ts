import type { Name } from '../../records/rr/name.js'
import type { RRType } from '../../records/rr/rdata.js'
import { heldTtl } from '../../records/rr/rrset.js'
import { encodeName, nameOf, readName } from './wire-name.js'

/** Type codes of RFC 1035 §3.2.2 and RFC 3596 §2.1. */
export const TYPE_CODES: Readonly<Record<RRType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  TLSA: 52,
  CAA: 257,
}
export const SOA = 6
/** RFC 6891 §6.1.1. */
export const OPT = 41
export const TSIG = 250
/** RFC 1995. */
export const IXFR = 251
export const AXFR = 252
export const ANY_TYPE = 255

export const CLASS = { IN: 1, NONE: 254, ANY: 255 } as const
export const OPCODE = { QUERY: 0, UPDATE: 5 } as const

/** The largest message TCP carries (RFC 1035 §4.2.2). */
export const MESSAGE_LIMIT = 65_535
export const HEADER_LENGTH = 12

/** A record to be sent. */
export interface OutgoingRecord {
  /** As on the wire. */
  readonly owner: Buffer
  readonly type: number
  readonly class: number
  readonly ttl: number
  readonly rdata: Buffer
}

export interface Request {
  readonly id: number
  readonly opcode: number
  /** The question, or the zone section of an UPDATE. */
  readonly name: Name
  readonly type: number
  /** Ask the server to resolve the name for us (the RD bit), and to say whether DNSSEC proves it (AD, RFC 6840 §5.7). */
  readonly recursion?: boolean
  /** Take the answer although DNSSEC does not prove it (the CD bit, RFC 4035 §3.2.2). */
  readonly unchecked?: boolean
  readonly prerequisites?: readonly OutgoingRecord[]
  /** The update section, which in a query is the authority section. */
  readonly updates?: readonly OutgoingRecord[]
  readonly additional?: readonly OutgoingRecord[]
}

/** A record as it was received: its rdata stays in the message, for names in it may be compressed. */
export interface WireRecord {
  readonly name: Name
  readonly type: number
  readonly class: number
  readonly ttl: number
  readonly message: Buffer
  /** Offset of the owner name. */
  readonly start: number
  /** Offset of the rdata. */
  readonly offset: number
  readonly length: number
}

export interface Message {
  readonly id: number
  readonly isReply: boolean
  readonly opcode: number
  /** Whether the server is authoritative for the answer (the AA bit). */
  readonly authoritative: boolean
  /** Whether the answer did not fit (the TC bit). */
  readonly truncated: boolean
  /** Whether a resolver says that DNSSEC proves it (the AD bit, RFC 4035 §3.2.3). */
  readonly authentic: boolean
  /** With the upper bits that EDNS adds (RFC 6891 §6.1.3). */
  readonly rcode: number
  readonly question?: { readonly name: Name; readonly type: number }
  readonly answers: readonly WireRecord[]
  readonly authority: readonly WireRecord[]
  readonly additional: readonly WireRecord[]
  readonly octets: Buffer
}

export function encodeRequest(request: Request): Buffer {
  const {
    id,
    opcode,
    name,
    type,
    recursion = false,
    unchecked = false,
    prerequisites = [],
    updates = [],
    additional = [],
  } = request
  const encoded = encodeName(name)
  const records = [...prerequisites, ...updates, ...additional]
  const length = records.reduce((sum, record) => sum + recordLength(record), HEADER_LENGTH + encoded.length + 4)
  const octets = Buffer.allocUnsafe(length)
  octets.writeUInt16BE(id, 0)
  octets.writeUInt16BE((opcode << 11) | (recursion ? 0x0120 : 0) | (unchecked ? 0x0010 : 0), 2)
  octets.writeUInt16BE(1, 4)
  octets.writeUInt16BE(prerequisites.length, 6)
  octets.writeUInt16BE(updates.length, 8)
  octets.writeUInt16BE(additional.length, 10)
  octets.set(encoded, HEADER_LENGTH)
  let at = octets.writeUInt16BE(type, HEADER_LENGTH + encoded.length)
  at = octets.writeUInt16BE(CLASS.IN, at)
  for (const record of records) at = writeRecord(octets, at, record)
  return octets
}

export function encodeRecord(record: OutgoingRecord): Buffer {
  const octets = Buffer.allocUnsafe(recordLength(record))
  writeRecord(octets, 0, record)
  return octets
}

/** Writes a record at an offset, and gives that behind it. */
function writeRecord(
  octets: Buffer,
  offset: number,
  { owner, type, class: recordClass, ttl, rdata }: OutgoingRecord,
): number {
  octets.set(owner, offset)
  let at = octets.writeUInt16BE(type, offset + owner.length)
  at = octets.writeUInt16BE(recordClass, at)
  at = octets.writeUInt32BE(ttl, at)
  at = octets.writeUInt16BE(rdata.length, at)
  octets.set(rdata, at)
  return at + rdata.length
}

/** Octets {@link encodeRecord} gives. */
export function recordLength({ owner, rdata }: OutgoingRecord): number {
  return owner.length + 10 + rdata.length
}

/** Reads a whole message. Throws a RangeError where it is cut or malformed. */
export function decodeMessage(octets: Buffer): Message {
  const flags = octets.readUInt16BE(2)
  let offset = HEADER_LENGTH
  const questions = Array.from({ length: octets.readUInt16BE(4) }, () => {
    const { labels, next } = readName(octets, offset)
    offset = next + 4
    return { name: nameOf(labels), type: octets.readUInt16BE(next) }
  })
  const section = (count: number): WireRecord[] => {
    const records: WireRecord[] = []
    for (let index = 0; index < count; index++) {
      const record = readRecord(octets, offset)
      offset = record.offset + record.length
      records.push(record)
    }
    return records
  }
  const answers = section(octets.readUInt16BE(6))
  const authority = section(octets.readUInt16BE(8))
  const additional = section(octets.readUInt16BE(10))
  const edns = additional.find((record) => record.type === OPT)
  const [question] = questions
  return {
    id: octets.readUInt16BE(0),
    isReply: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    authoritative: (flags & 0x0400) !== 0,
    truncated: (flags & 0x0200) !== 0,
    authentic: (flags & 0x0020) !== 0,
    rcode: (flags & 15) | (edns ? (edns.ttl >>> 24) << 4 : 0),
    ...(question ? { question } : {}),
    answers,
    authority,
    additional,
    octets,
  }
}

function readRecord(message: Buffer, start: number): WireRecord {
  const { labels, next } = readName(message, start)
  const length = message.readUInt16BE(next + 8)
  if (next + 10 + length > message.length) throw new RangeError('a record is longer than the message')
  return {
    name: nameOf(labels),
    type: message.readUInt16BE(next),
    class: message.readUInt16BE(next + 2),
    ttl: heldTtl(message.readUInt32BE(next + 4)),
    message,
    start,
    offset: next + 10,
    length,
  }
}
