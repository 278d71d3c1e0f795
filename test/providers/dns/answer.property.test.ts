import { encode } from 'dns-packet'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReply } from '../../../providers/dns/client/answer.js'
import type { Name } from '../../../records/rr/name.js'

const question = { name: 'example.com.' as Name, type: 'MX' }
const server = { host: '192.0.2.53', port: 53 }
const REPLY = encode({
  type: 'response',
  id: 7,
  flags: 0x0400,
  questions: [{ name: 'example.com', type: 'MX' }],
  answers: [
    { type: 'MX', name: 'example.com', ttl: 60, data: { preference: 10, exchange: 'mail.example.com' } },
    { type: 'TXT', name: 'example.com', ttl: 60, data: ['v=spf1 -all', 'more'] },
  ],
  authorities: [{ type: 'NS', name: 'example.com', ttl: 60, data: 'ns1.example.com' }],
  additionals: [
    { type: 'AAAA', name: 'mail.example.com', ttl: 60, data: '2001:db8::10' },
    {
      type: 'OPT',
      name: '.',
      udpPayloadSize: 1232,
      flags: 0,
      options: [],
      extendedRcode: 0,
      ednsVersion: 0,
      flag_do: false,
    },
  ],
})

test('a reply that is whole is an answer', () => {
  expect(readReply(REPLY, question, server)?.answer.answer).toHaveLength(2)
})

test('of octets that were changed, cut or made up nothing is believed that is not whole, and nothing throws', () => {
  const changed = fc
    .array(fc.tuple(fc.nat(REPLY.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    .map((edits) => {
      const octets = Buffer.from(REPLY)
      for (const [at, octet] of edits) octets.writeUInt8(octet, at)
      return octets
    })
  const cut = fc.integer({ min: 12, max: REPLY.length - 1 }).map((length) => REPLY.subarray(0, length))
  const madeUp = fc.uint8Array({ minLength: 12, maxLength: 600 }).map((octets) => Buffer.from(octets))
  fc.assert(
    fc.property(fc.oneof(changed, madeUp), (octets) => {
      const reply = readReply(octets, question, server)
      if (reply?.message.question) expect(reply.message.question).toMatchObject({ name: 'example.com.', type: 15 })
    }),
    { numRuns: 2000 },
  )
  fc.assert(
    fc.property(cut, (octets) => {
      expect(readReply(octets, question, server)).toBeUndefined()
    }),
  )
})
