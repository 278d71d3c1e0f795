import pLimit, { type LimitFunction } from 'p-limit'
import { groupBy } from '../../records/group.js'
import type { Connected } from './connect.js'

/** Begins some work at a provider once there is room for it. */
export type LimitByAccount = <T>(connected: Connected | undefined, work: () => Promise<T>) => Promise<T>

/** Accounts that fill a run: there may be one for each of very many customers. */
const ACCOUNTS = 8

/**
 * So many works of one account at the same time, and so many of all that have none. An account that waits for its rate limit holds up
 * no other, as long as not very many wait.
 */
export function limitByAccount(parallel: number): LimitByAccount {
  const all = pLimit(parallel * ACCOUNTS)
  const limits = new Map<Connected['account'], LimitFunction>()
  return (connected, work) => {
    const own = limits.get(connected?.account) ?? pLimit(parallel)
    limits.set(connected?.account, own)
    return own(() => all(work))
  }
}

/** Does some work with each item under the limits of {@link limitByAccount}; what has to wait takes no memory before its turn. */
export async function eachByAccount<Item, Result>(
  items: readonly Item[],
  connectedOf: (item: Item) => Connected | undefined,
  parallel: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const all = pLimit(parallel * ACCOUNTS)
  const results: Result[] = new Array(items.length)
  const queues = groupBy(items.keys(), (index) => connectedOf(items[index] as Item)?.account)
  await Promise.all(
    [...queues.values()].map((queue) =>
      eachOf(queue, parallel, async (index) => {
        results[index] = await all(() => work(items[index] as Item))
      }),
    ),
  )
  return results
}

/** Does some work with each item, so many at the same time. */
export async function eachOf<Item>(
  items: readonly Item[],
  parallel: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const workers = Array.from({ length: Math.min(parallel, items.length) }, async () => {
    for (const item of left) await work(item)
  })
  await Promise.all(workers)
}
