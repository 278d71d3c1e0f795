import type { Name } from '../../../records/rr/name.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { CLASS, decodeMessage, HEADER_LENGTH, type Message, OPCODE, OPT, TSIG, type WireRecord } from '../message.js'
import { RCODE } from '../rcode.js'
import { receivedRRsets } from '../received-rrsets.js'
import type { ServerAddress } from '../server.js'
import { typeCode } from '../type-names.js'

/** What is asked of a server. */
export interface Question {
  readonly name: Name
  /** `MX`, `SOA`, `TYPE65280`. */
  readonly type: string
}

/** What a server answered, in the words of records/rr: a type mailsync does not write is there opaque, SOA and RRSIG too. */
export interface Answer {
  readonly question: Question
  readonly server: ServerAddress
  readonly rcode: number
  /** Whether the server itself is authoritative (the AA bit). */
  readonly authoritative: boolean
  /** Whether a resolver says that DNSSEC proves the answer (the AD bit). */
  readonly authentic: boolean
  readonly answer: readonly AnyRRset[]
  readonly authority: readonly AnyRRset[]
  readonly additional: readonly AnyRRset[]
}

/** A reply that belongs to a question. */
export interface DnsReply {
  readonly message: Message
  readonly answer: Answer
}

/** Servers that cannot read a question send it back cut, or without it. */
const WITHOUT_QUESTION: readonly number[] = [RCODE.FORMERR, RCODE.NOTIMP, RCODE.REFUSED, RCODE.SERVFAIL]

/** The reply in a message; undefined where it is malformed, or answers something else: then somebody may have forged it. */
export function readReply(octets: Buffer, question: Question, server: ServerAddress): DnsReply | undefined {
  try {
    const message = decodeMessage(isTruncated(octets) ? withoutRecords(octets) : octets)
    const { isReply, opcode, question: asked, rcode } = message
    const isOurs = asked
      ? asked.name === question.name && asked.type === typeCode(question.type)
      : WITHOUT_QUESTION.includes(rcode)
    if (!isReply || opcode !== OPCODE.QUERY || !isOurs) return undefined
    return { message, answer: answerIn(message, question, server) }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function isTruncated(octets: Buffer): boolean {
  return (octets.readUInt8(2) & 0x02) !== 0
}

/** What does not fit may end within a record, and none of it is used. */
function withoutRecords(octets: Buffer): Buffer {
  const head = Buffer.from(octets)
  return head.fill(0, 6, HEADER_LENGTH)
}

function answerIn(message: Message, question: Question, server: ServerAddress): Answer {
  return {
    question,
    server,
    rcode: message.rcode,
    authoritative: message.authoritative,
    authentic: message.authentic,
    answer: rrsetsIn(message.answers),
    authority: rrsetsIn(message.authority),
    additional: rrsetsIn(message.additional),
  }
}

function rrsetsIn(records: readonly WireRecord[]): AnyRRset[] {
  const received = receivedRRsets()
  for (const record of records)
    if (record.class === CLASS.IN && record.type !== OPT && record.type !== TSIG) received.add(record)
  return received.rrsets()
}
