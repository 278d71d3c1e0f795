import fc from 'fast-check'
import type { Name } from '../../../records/rr/name.js'
import { decodeOctets } from '../../../records/rr/octets.js'
import { canonicalRdata, type RdataByType, RRTYPES, type RRType } from '../../../records/rr/rdata.js'
import { txtOf } from '../../../records/rr/txt.js'

const label = fc.stringMatching(/^[a-z0-9_](?:[a-z0-9_-]{0,10}[a-z0-9_])?$/).filter((text) => !text.includes('--'))
const name = fc
  .array(label, { maxLength: 6 })
  .map((labels) => (labels.length === 0 ? '.' : `${labels.join('.')}.`) as Name)
const octet = fc.nat({ max: 255 })
const uint16 = fc.nat({ max: 65_535 })
const octets = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ minLength: 250, maxLength: 700 }))
const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 30 }), octets.map(decodeOctets))

const values: { readonly [T in RRType]: fc.Arbitrary<RdataByType[T]> } = {
  A: fc.ipV4(),
  AAAA: fc.ipV6(),
  CAA: fc.record({ flags: octet, tag: fc.stringMatching(/^[A-Za-z0-9]{1,15}$/), value: text }),
  CNAME: name,
  MX: fc.record({ preference: uint16, exchange: name }),
  NS: name,
  PTR: name,
  SRV: fc.record({ priority: uint16, weight: uint16, port: uint16, target: name }),
  TLSA: fc.record({
    usage: octet,
    selector: octet,
    matching: octet,
    data: fc.uint8Array({ minLength: 1, maxLength: 600 }).map((data) => Buffer.from(data).toString('hex')),
  }),
  TXT: fc.array(fc.uint8Array({ maxLength: 255 }).map(decodeOctets), { minLength: 1, maxLength: 3 }).map(txtOf),
}

/** A type, and canonical rdata of it. */
export const typedRdata = fc
  .constantFrom(...RRTYPES)
  .chain((type) => (values[type] as fc.Arbitrary<RdataByType[RRType]>).map((rdata) => [type, rdata] as const))
  .map(([type, rdata]) => [type, canonicalRdata(type, rdata)] as const)
