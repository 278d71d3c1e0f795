import { decode, encode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CLASS,
  decodeMessage,
  encodeRequest,
  OPCODE,
  SOA,
  TYPE_CODES,
  type WireRecord,
} from '../../../providers/dns/message.js'
import { encodeName, encodeOwner, nameOf, readName } from '../../../providers/dns/wire-name.js'
import { decodeRdata, encodeRdata } from '../../../providers/dns/wire-rdata.js'
import type { Name } from '../../../records/rr/name.js'
import { decodeOctets } from '../../../records/rr/octets.js'
import { canonicalRdata, type RRType } from '../../../records/rr/rdata.js'
import { canonical } from '../../../records/rr/rrset.js'
import { typedRdata } from '../../records/rr/any-rdata.js'

const label = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((octets) => Buffer.from(octets))
const labels = fc.array(label, { maxLength: 6 })

function recordOf(type: RRType, rdata: Buffer): WireRecord {
  const owner = { owner: Buffer.of(0xc0, 12), type: TYPE_CODES[type], class: CLASS.IN, ttl: 60, rdata }
  const request = { id: 1, opcode: OPCODE.UPDATE, name: 'example.com.' as Name, type: SOA, prerequisites: [owner] }
  return decodeMessage(encodeRequest(request)).answers[0] as WireRecord
}

describe('rdata of every type on the wire', () => {
  test('of any type is read back the same', () => {
    fc.assert(
      fc.property(typedRdata, ([type, rdata]) => {
        expect(canonicalRdata(type, decodeRdata(type, recordOf(type, encodeRdata(type, rdata))))).toEqual(rdata)
      }),
      { numRuns: 300 },
    )
  })

  test.each<[RRType, string]>([
    ['TLSA', '030101'],
    ['CAA', '0000'],
    ['CAA', '00056973'],
    ['SRV', '000000010002'],
  ])('of %s that is cut short is refused', (type, hex) => {
    expect(() => decodeRdata(type, recordOf(type, Buffer.from(hex, 'hex')))).toThrow(RangeError)
  })
})

describe('names on the wire', () => {
  test('of any octets keep their label borders, and differ only in case', () => {
    fc.assert(
      fc.property(labels, (parts) => {
        const name = nameOf(parts)
        const back = readName(encodeName(name), 0).labels
        const lower = (octets: Buffer): string => octets.toString('latin1').replace(/[A-Z]/g, (c) => c.toLowerCase())
        expect(back.map((part) => part.toString('latin1'))).toEqual(parts.map(lower))
        expect(nameOf(back)).toBe(name)
      }),
    )
  })

  test('are what dns-packet writes, where it can', () => {
    for (const name of ['example.com', '_dmarc.xn--bcher-kva.example', '0/25.2.0.192.in-addr.arpa']) {
      const packet = encode({ type: 'query', questions: [{ type: 'A', name }] })
      expect(encodeName(`${name}.` as Name)).toEqual(packet.subarray(12, -4))
    }
  })

  test('inside a zone point to the zone, and any other is written out', () => {
    const zone = 'example.com.' as Name
    expect(encodeOwner(zone, zone)).toEqual(Buffer.of(0xc0, 12))
    expect(encodeOwner('a.example.com.' as Name, zone)).toEqual(Buffer.of(1, 97, 0xc0, 12))
    expect(encodeOwner('a.example.org.' as Name, zone)).toEqual(encodeName('a.example.org.' as Name))
    expect(encodeOwner('a\\.example.com.' as Name, zone)).toEqual(encodeName('a\\.example.com.' as Name))
  })

  test('with a pointer that does not point back are refused, not followed for ever', () => {
    for (const octets of [
      [0xc0, 0],
      [1, 97, 0xc0, 0],
      [0xc0, 2, 0xc0, 0],
      [0xc0, 4, 0, 0, 0],
    ])
      expect(() => readName(Buffer.from(octets), 0)).toThrow(RangeError)
  })

  test('that are reached over more pointers than a name has labels are refused', () => {
    const chain = (length: number): Buffer =>
      Buffer.from([1, 97, 0, ...Array.from({ length }, (_, index) => [0xc0, index === 0 ? 0 : 1 + 2 * index]).flat()])
    expect(readName(chain(100), 201).labels).toHaveLength(1)
    expect(() => readName(chain(125), 251)).not.toThrow()
    const long = Buffer.concat([chain(126), Buffer.from([0xc0, 253, 0xc0, 255])])
    expect(() => readName(long, long.length - 2)).toThrow(/pointers/)
  })

  test('longer than 255 octets are refused', () => {
    const long = Buffer.concat([
      ...Array.from({ length: 5 }, () => Buffer.concat([Buffer.of(60), Buffer.alloc(60, 97)])),
      Buffer.of(0),
    ])
    expect(() => readName(long, 0)).toThrow(RangeError)
  })
})

describe('rdata on the wire', () => {
  const samples: [RRType, fc.Arbitrary<unknown>][] = [
    ['A', fc.ipV4()],
    ['TXT', fc.uint8Array({ maxLength: 1000 }).map(decodeOctets)],
    ['MX', fc.record({ preference: fc.nat(65_535), exchange: labels.map(nameOf) })],
    ['PTR', labels.map(nameOf)],
    ['CNAME', labels.map(nameOf)],
    ['NS', labels.map(nameOf)],
  ]
  for (const [type, arbitrary] of samples)
    test(`of ${type} comes back as it was`, () => {
      fc.assert(
        fc.property(arbitrary, (rdata) => {
          const octets = encodeRdata(type, rdata as never)
          expect(decodeRdata(type, recordOf(type, octets))).toEqual(rdata)
        }),
      )
    })

  test('of AAAA comes back in the form of RFC 5952', () => {
    const octets = encodeRdata('AAAA', '2001:0DB8:0:0::10')
    expect(octets.toString('hex')).toBe('20010db8000000000000000000000010')
    expect(decodeRdata('AAAA', recordOf('AAAA', octets))).toBe('2001:db8::10')
  })

  test('with upper case is lower case to the reader', () => {
    const octets = Buffer.from('\x02MX\x07Example\x00', 'latin1')
    expect(decodeRdata('PTR', recordOf('PTR', octets))).toBe('mx.example.')
  })

  for (const [type, octets] of [
    ['A', [192, 0, 2]],
    ['AAAA', [1, 2, 3, 4]],
    ['MX', [0]],
    ['TXT', [5, 97]],
    ['PTR', [0, 0]],
  ] as const)
    test(`of ${type} that is cut or too long is refused`, () => {
      expect(() => decodeRdata(type, recordOf(type, Buffer.from(octets)))).toThrow()
    })
})

describe('messages', () => {
  const reply = encode({
    type: 'response',
    id: 7,
    flags: 0x0400,
    questions: [{ name: 'example.com', type: 'MX' }],
    answers: [
      { name: 'example.com', type: 'MX', ttl: 60, data: { preference: 10, exchange: 'mail.example.com' } },
      { name: 'example.com', type: 'TXT', ttl: 60, data: ['a', 'b'] },
    ],
  })

  test('of another encoder are read', () => {
    const message = decodeMessage(reply)
    expect(message).toMatchObject({ id: 7, isReply: true, authoritative: true, rcode: 0, opcode: 0 })
    expect(message.question).toEqual({ name: 'example.com.', type: TYPE_CODES.MX })
    expect(message.answers.map((record, index) => decodeRdata(index === 0 ? 'MX' : 'TXT', record))).toEqual([
      { preference: 10, exchange: 'mail.example.com.' },
      ['a', 'b'],
    ])
  })

  test('are read by another decoder', () => {
    const request = encodeRequest({ id: 9, opcode: OPCODE.QUERY, name: 'example.com.' as Name, type: TYPE_CODES.NS })
    expect(decode(request)).toMatchObject({ id: 9, opcode: 'QUERY', questions: [{ name: 'example.com', type: 'NS' }] })
  })

  test('that are cut anywhere are refused, and never read past their end', () => {
    for (let length = 0; length < reply.length; length++)
      expect(() => decodeMessage(reply.subarray(0, length))).toThrow(RangeError)
  })

  test('whose header counts more records than it has are refused at once', () => {
    for (const offset of [4, 6, 8, 10]) {
      const liar = Buffer.from(reply)
      liar.writeUInt16BE(65_535, offset)
      expect(() => decodeMessage(liar)).toThrow(RangeError)
    }
  })

  test('of random octets are read or refused, nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 200 }), (octets) => {
        try {
          decodeMessage(Buffer.from(octets))
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})

test.each([
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 31, 0],
  [2 ** 32 - 1, 0],
])('a TTL of %i on the wire is read as %i (RFC 2181 §8)', (sent, read) => {
  const owner = { owner: Buffer.of(0xc0, 12), type: TYPE_CODES.A, class: CLASS.IN, ttl: sent, rdata: Buffer.alloc(4) }
  const request = { id: 1, opcode: OPCODE.UPDATE, name: 'example.com.' as Name, type: SOA, prerequisites: [owner] }
  expect(decodeMessage(encodeRequest(request)).answers[0]?.ttl).toBe(read)
})

test('every IPv6 address keeps its 16 octets, one that is mapped from IPv4 too', () => {
  const mapped = fc
    .tuple(fc.constantFrom(0, 0xff), fc.uint8Array({ minLength: 4, maxLength: 4 }))
    .map(([pair, last]) => {
      return Uint8Array.from([...new Array(10).fill(0), pair, pair, ...last])
    })
  fc.assert(
    fc.property(fc.oneof(mapped, fc.uint8Array({ minLength: 16, maxLength: 16 })), (octets) => {
      const read = decodeRdata('AAAA', recordOf('AAAA', Buffer.from(octets)))
      const { rdata } = canonical({ type: 'AAAA', name: 'example.com.' as Name, ttl: 1, rdata: [read] as string[] })
      expect([...encodeRdata('AAAA', rdata[0] as string)]).toEqual([...octets])
      expect(rdata).toEqual([read])
    }),
  )
})
