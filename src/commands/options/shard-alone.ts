import { MailsyncError } from '../../../records/error.js'
import { readShard, type Shard } from '../../fleet/shards/shard.js'
import type { Io } from '../../io.js'

/**
 * Reads `--shard`; such a run takes its part of each account's rate limit. Throws `usage` where domains are named too.
 *
 * @param named those, or none
 */
export function shardAlone(
  { shard: text, named }: { readonly shard?: string | undefined; readonly named: readonly string[] },
  { watch }: Io,
): Shard | undefined {
  if (text === undefined) return undefined
  const shard = readShard(text)
  if (named.length > 0)
    throw new MailsyncError('usage', '--shard is a part of all zones of the spec: domains do not go with it', {
      hint: 'leave out the domains, or --shard',
    })
  watch.shareAccounts(shard.count)
  return shard
}
