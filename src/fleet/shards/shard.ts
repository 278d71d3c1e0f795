import { MailsyncError } from '../../../records/error.js'

/** One of the parts that the zones of a spec are dealt out to. */
export interface Shard {
  /** From 1 to `count`. */
  readonly index: number
  readonly count: number
}

/** As many jobs as a matrix of GitHub Actions has at most (docs.github.com, "Running variations of jobs in a workflow", read 2026-11). */
export const MOST_SHARDS = 256

/** Reads `3/8`. Throws `usage`. */
export function readShard(text: string): Shard {
  const [, index, count] = /^([1-9]\d{0,2})\/([1-9]\d{0,2})$/.exec(text) ?? []
  const shard = { index: Number(index), count: Number(count) }
  if (shard.index <= shard.count && shard.count <= MOST_SHARDS) return shard
  throw new MailsyncError('usage', `--shard ${text}: it is one part of several, such as 3/8`, {
    hint: `the first of 8 parts is 1/8, the last is 8/8; there are at most ${MOST_SHARDS} parts`,
  })
}

/** As {@link readShard} reads it. */
export function shardText({ index, count }: Shard): string {
  return `${index}/${count}`
}
