import pLimit, { type LimitFunction } from 'p-limit'
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
