import ipaddr from 'ipaddr.js'
import { type Address, heldAddress, octetsOf } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import { decodeOctets, encodeOctets, isAscii } from '../../records/rr/octets.js'
import type { Caa, Mx, RdataByType, RRType, Srv, Tlsa } from '../../records/rr/rdata.js'
import { stringsOf, type Txt, txtOf } from '../../records/rr/txt.js'
import { SOA, type WireRecord } from './message.js'
import { encodeName, nameOf, readName } from './wire-name.js'

/** RFC 6672 §2.1. */
const DNAME = 39

type Rdata = RdataByType[RRType]

/** The rdata as mailsync sends it: no compression, names in lower case. */
export function encodeRdata(type: RRType, rdata: Rdata): Buffer {
  switch (type) {
    case 'A':
    case 'AAAA':
      return Buffer.from(octetsOf(rdata as Address))
    case 'MX': {
      const { preference, exchange } = rdata as Mx
      return Buffer.concat([uint16(preference), encodeName(exchange)])
    }
    case 'SRV': {
      const { priority, weight, port, target } = rdata as Srv
      return Buffer.concat([...[priority, weight, port].map(uint16), encodeName(target)])
    }
    case 'TLSA': {
      const { usage, selector, matching, data } = rdata as Tlsa
      return Buffer.concat([Buffer.of(usage, selector, matching), Buffer.from(data, 'hex')])
    }
    case 'CAA': {
      const { flags, tag, value } = rdata as Caa
      return Buffer.concat([Buffer.of(flags), encodeString(tag), encodeOctets(value)])
    }
    case 'TXT':
      return Buffer.concat(stringsOf(rdata as Txt).map(encodeString))
    default:
      return encodeName(rdata as Name)
  }
}

function uint16(number: number): Buffer {
  return Buffer.of(number >> 8, number & 255)
}

function encodeString(text: string): Buffer {
  if (isAscii(text)) {
    const string = Buffer.allocUnsafe(text.length + 1)
    string.write(text, 1, 'latin1')
    string[0] = text.length
    return string
  }
  const octets = encodeOctets(text)
  return Buffer.concat([Buffer.of(octets.length), octets])
}

/** The rdata as mailsync sees it. Throws a RangeError where it is cut or malformed. */
export function decodeRdata(type: RRType, record: WireRecord): Rdata {
  const { message, offset } = record
  switch (type) {
    case 'A':
      return octetsIn(record, 4).join('.')
    case 'AAAA':
      return heldAddress(ipaddr.fromByteArray([...octetsIn(record, 16)]).toString()) as Address
    case 'MX':
      return { preference: message.readUInt16BE(offset), exchange: nameAt(record, 2) }
    case 'SRV':
      return {
        priority: message.readUInt16BE(offset),
        weight: message.readUInt16BE(offset + 2),
        port: message.readUInt16BE(offset + 4),
        target: nameAt(record, 6),
      }
    case 'TLSA':
      return tlsaIn(record)
    case 'CAA':
      return caaIn(record)
    case 'TXT':
      return txtOf(characterStrings(record))
    default:
      return nameAt(record, 0)
  }
}

/** The serial of an SOA record (RFC 1035 §3.3.13). */
export function soaSerial(record: WireRecord): number {
  return soaOf(record).numbers[0] as number
}

/** The rdata of an SOA of which the serial alone matters (RFC 1995 §3). */
export function encodeSerial(serial: number): Buffer {
  const octets = Buffer.alloc(22)
  octets.writeUInt32BE(serial, 2)
  return octets
}

function soaOf({ message, offset, length }: WireRecord): { names: Name[]; numbers: number[] } {
  const primary = readName(message, offset)
  const mailbox = readName(message, primary.next)
  if (mailbox.next + 20 !== offset + length) throw new RangeError('an SOA does not fill its rdata')
  return {
    names: [primary, mailbox].map(({ labels }) => nameOf(labels)),
    numbers: [0, 4, 8, 12, 16].map((at) => message.readUInt32BE(mailbox.next + at)),
  }
}

/** The rdata of a type mailsync does not write: of a DNAME and an SOA as usual, else the form that any type has (RFC 3597 §5). */
export function presentationRdata(record: WireRecord): string {
  const { message, offset, length, type } = record
  if (type === DNAME) return nameAt(record, 0)
  if (type === SOA) {
    const { names, numbers } = soaOf(record)
    return [...names, ...numbers].join(' ')
  }
  return `\\# ${[length, message.toString('hex', offset, offset + length)].filter((part) => part !== '').join(' ')}`
}

function octetsIn({ message, offset, length }: WireRecord, expected: number): Buffer {
  if (length !== expected) throw new RangeError(`an address has ${length} octets instead of ${expected}`)
  return message.subarray(offset, offset + length)
}

function tlsaIn({ message, offset, length }: WireRecord): Tlsa {
  if (length < 4) throw new RangeError('a TLSA record has no data')
  const [usage, selector, matching] = [0, 1, 2].map((at) => message.readUInt8(offset + at)) as [number, number, number]
  return { usage, selector, matching, data: message.toString('hex', offset + 3, offset + length) }
}

function caaIn({ message, offset, length }: WireRecord): Caa {
  const [flags, octets] = [message.readUInt8(offset), message.readUInt8(offset + 1)]
  const value = offset + 2 + octets
  if (octets === 0 || value > offset + length) throw new RangeError('the tag of a CAA record does not fit into it')
  return {
    flags,
    tag: message.toString('latin1', offset + 2, value),
    value: decodeOctets(message.subarray(value, offset + length)),
  }
}

function nameAt({ message, offset, length }: WireRecord, skip: number): Name {
  const { labels, next } = readName(message, offset + skip)
  if (next !== offset + length) throw new RangeError('a name does not fill its rdata')
  return nameOf(labels)
}

function characterStrings({ message, offset, length }: WireRecord): string[] {
  const strings: string[] = []
  const end = offset + length
  for (let position = offset; position < end; ) {
    const next = position + 1 + message.readUInt8(position)
    if (next > end) throw new RangeError('a character-string is longer than its rdata')
    const text = message.toString('latin1', position + 1, next)
    strings.push(isAscii(text) ? text : decodeOctets(message.subarray(position + 1, next)))
    position = next
  }
  return strings
}
