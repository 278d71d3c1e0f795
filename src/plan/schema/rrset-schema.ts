import * as z from 'zod'
import type { RRset } from '../../../records/rr/rrset.js'
import { nameText } from './places.js'

const values = z.array(z.string()).min(1)
const octet = z.int().min(0).max(255)
const uint16 = z.int().min(0).max(65_535)
const mx = z.strictObject({ preference: uint16, exchange: z.string() })
const srv = z.strictObject({ priority: uint16, weight: uint16, port: uint16, target: z.string() })
const tlsa = z.strictObject({
  usage: octet,
  selector: octet,
  matching: octet,
  data: z
    .string()
    .regex(/^(?:[0-9a-f]{2})+$/)
    .describe('lower-case hex'),
})
const caa = z.strictObject({ flags: octet, tag: z.string().regex(/^[A-Za-z0-9]+$/), value: z.string() })
const txt = z
  .array(z.union([z.string(), z.array(z.string()).min(1)]))
  .min(1)
  .describe(
    'a text each, unsplit and unquoted; a list of its strings where somebody cut it elsewhere than at 255 octets',
  )

/** An RRset as a plan has it. */
export const rrset = z.discriminatedUnion('type', [
  rrsetOf(z.enum(['A', 'AAAA', 'CNAME', 'NS', 'PTR']), values),
  rrsetOf(z.literal('CAA'), z.array(caa).min(1)),
  rrsetOf(z.literal('MX'), z.array(mx).min(1)),
  rrsetOf(z.literal('SRV'), z.array(srv).min(1)),
  rrsetOf(z.literal('TLSA'), z.array(tlsa).min(1)),
  rrsetOf(z.literal('TXT'), txt),
]) as unknown as z.ZodType<RRset>

function rrsetOf<Type extends z.ZodType, Rdata extends z.ZodType>(type: Type, rdata: Rdata) {
  const ttl = z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
  return z.strictObject({ type, name: nameText, ttl, rdata })
}
