import * as z from 'zod'
import { nameText, place } from './places.js'

const verdict = {
  result: z.enum(['pass', 'key', 'softfail', 'neutral', 'fail', 'permerror', 'none', 'theirs', 'unknown']),
  why: z.exactOptional(z.string()).describe('why it is no pass'),
}
const check = z.enum(['fcrdns', 'spf', 'dkim', 'dmarc'])
const verdicts = z
  .strictObject({
    fcrdns: z.strictObject(verdict),
    spf: z.strictObject(verdict),
    dkim: z
      .strictObject(verdict)
      .describe('`key`: the record is sound and the right one, and the private half is not here to sign with'),
    dmarc: z.strictObject(verdict),
  })
  .describe('what receivers make of a message; `theirs`: it is what the relay has of its own')
/** What receivers make of mail. */
export const proof = z
  .strictObject({
    rows: z.array(
      z.strictObject({
        domain: nameText,
        address: z.exactOptional(z.string()).describe('absent where the envelope of a relay is its own, or not known'),
        of: z.string().describe('the host, the network of which this is the first address, or the relay'),
        servedTerm: z
          .exactOptional(z.string())
          .describe(
            'the term of the SPF served now that lets the address send, which nothing in the spec does any more',
          ),
        sampled: z
          .exactOptional(z.int().min(1))
          .describe('so many changes bear on it that not every combination of old and new was tried'),
        now: verdicts,
        after: verdicts,
        broken: z
          .exactOptional(
            z.array(
              z.strictObject({
                check,
                when: z.enum(['after', 'between']),
                ...verdict,
                ...place,
                old: z.exactOptional(z.array(z.string())).describe('RRsets that a receiver still sees as they were'),
                midway: z.exactOptional(z.string()).describe('an RRset that it sees as it is after some of the writes'),
              }),
            ),
          )
          .describe('what passes now, and would not'),
      }),
    ),
    unproven: z
      .array(nameText)
      .describe('domains of which the spec names nobody who sends and whose address could be told'),
  })
  .describe('mail of each domain from each sending address')
