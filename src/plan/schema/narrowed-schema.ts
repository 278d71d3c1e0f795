import * as z from 'zod'
import { seenInDns } from './seen-in-dns-schema.js'

const leftOut = z
  .strictObject({
    by: z
      .enum(['since', 'shard'])
      .describe(
        'since: zones whose desired records are as in a revision were left out; shard: zones that other shards look at',
      ),
    value: z.string().describe('as it was asked for: the revision, or the shard, 3/8'),
    commit: z.exactOptional(z.string()).describe('the commit that the revision is'),
    meaning: z
      .exactOptional(z.string())
      .describe(
        'of a shard: a digest of what the spec means; the plans of shards belong together where it is the same',
      ),
    notLookedAt: z.int().min(0).describe('zones that it left out, of those that were left by what is before it here'),
  })
  .describe('why zones were not looked at: what others changed there is not seen')

/** By what a run looked at fewer zones than the spec has, or not at their providers. */
export const narrowed = z.discriminatedUnion('by', [leftOut, seenInDns])
