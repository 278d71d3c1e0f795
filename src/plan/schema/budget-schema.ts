import * as z from 'zod'
import { nameText } from './places.js'

const spfTerm = z
  .strictObject({
    term: z.string(),
    lookups: z.int().min(0),
    voids: z.int().min(0),
    why: z.exactOptional(z.string()).describe('why receivers answer permerror there'),
    get terms() {
      return z.exactOptional(z.array(spfTerm)).describe('those of the record it leads to')
    },
  })
  .meta({ id: 'spf-term', description: 'a term of an SPF with what it costs receivers, and what it leads to' })

/** What the SPF of a domain costs receivers. */
export const budget = z
  .strictObject({
    domain: nameText,
    lookups: z.int().min(0).describe('of 10 (RFC 7208 §4.6.4); at least, where something is not known'),
    voids: z.int().min(0).describe('look-ups that find nothing, of 2'),
    terms: z
      .array(spfTerm)
      .describe(
        'those that cost look-ups, with what they lead to; in all their depth where receivers cannot evaluate it',
      ),
    unknown: z.array(z.string()).describe('what leads to records whose cost is not known'),
  })
  .describe('the look-ups of the SPF of a domain')
