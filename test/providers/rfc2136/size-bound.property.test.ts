import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeRequest } from '../../../providers/dns/message.js'
import { batchesOf, messagesFor } from '../../../providers/rfc2136/batches.js'
import { changeBound } from '../../../providers/rfc2136/size-bound.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change, RRset } from '../../../records/rr/rrset.js'

const zone = 'example.com.' as Name
const label = fc.stringMatching(/^[a-z0-9_-]{1,20}$/)
const name = fc.oneof(
  label.map((text) => `${text}.example.com.` as Name),
  fc.constantFrom('example.com.' as Name, '*.example.com.' as Name, 'a\\.b.example.com.' as Name),
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.array(fc.string({ maxLength: 80 }), { minLength: 1, maxLength: 5 }),
  fc.constantFrom('\udc80\udcff', '', 'ü'.repeat(300), '€'.repeat(200)),
)
const values = {
  A: fc.ipV4(),
  MX: fc.record({ preference: fc.nat(65_535), exchange: name }),
  TXT: text,
  CNAME: name,
  CAA: fc.record({ flags: fc.nat(255), tag: fc.constantFrom('issue', 'iodef'), value: fc.string({ maxLength: 300 }) }),
  SRV: fc.record({ priority: fc.nat(9), weight: fc.nat(9), port: fc.nat(65_535), target: name }),
}
const rrset = fc.constantFrom(...(Object.keys(values) as (keyof typeof values)[])).chain((type) =>
  fc.record({
    type: fc.constant(type),
    name,
    ttl: fc.nat(9),
    rdata: fc.array(values[type] as fc.Arbitrary<unknown>, { minLength: 1, maxLength: 4 }),
  }),
) as fc.Arbitrary<RRset>
const change = fc.oneof(
  rrset.map((after): Change => ({ kind: 'create', after })),
  rrset.map((before): Change => ({ kind: 'delete', before })),
  fc.tuple(rrset, rrset).map(([before, other]): Change => {
    const after = { ...before, ttl: other.ttl, rdata: other.type === before.type ? other.rdata : before.rdata } as RRset
    return { kind: 'update', before, after }
  }),
)

it('no change takes more octets than it is said to take at most', () => {
  const empty = encodeRequest({ id: 0, opcode: 5, name: zone, type: 6 }).length
  fc.assert(
    fc.property(change, (one) => {
      const [message] = batchesOf(zone, [one], undefined)[0]?.messages ?? []
      const octets = message && encodeRequest({ id: 0, ...message }).length - empty
      expect(octets).toBeLessThanOrEqual(changeBound(one))
    }),
  )
})

it('the messages that a plan is told of are those that are sent', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
      const sent = batchesOf(zone, changes, undefined).reduce((sum, { messages }) => sum + messages.length, 0)
      expect(messagesFor(zone, changes, undefined)).toBe(sent)
    }),
    { numRuns: 30 },
  )
})
