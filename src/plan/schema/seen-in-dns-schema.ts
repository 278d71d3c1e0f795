import * as z from 'zod'
import { place } from './places.js'

const asked = z
  .strictObject({
    ...place,
    why: z
      .enum(['differs', 'unseen'])
      .describe('differs: DNS shows something else than is wanted; unseen: it does not tell'),
    message: z.string(),
    confirmed: z
      .exactOptional(z.boolean())
      .describe('of what differs: false where the provider holds what is wanted all the same'),
  })
  .describe('a zone that was left to its provider, as without `observe`')

const silent = z
  .strictObject({ server: z.string(), zones: z.int().min(1), message: z.string() })
  .describe('a name server that does not answer for some zones, which were seen at their other ones')

/** What DNS showed, so that providers were not asked. */
export const seenInDns = z.strictObject({
  by: z.literal('observe').describe('observe: zones that DNS shows as wanted were not read at their providers'),
  value: z.literal('dns'),
  asWanted: z.int().min(0).describe('zones that DNS shows as wanted'),
  unchanged: z
    .int()
    .min(0)
    .describe('of these, zones whose serials are as they were when their names were last asked for: only those were'),
  asked: z.array(asked),
  silent: z.array(silent),
})
