import { type Account, openAccount } from '../../providers/calls/account.js'
import { type CallListener, callsOf, type OpenCalls } from '../../providers/calls/calls.js'
import { monotonic } from '../../providers/clock.js'
import { SILENCE, type Silence } from '../connect/signs-of-work.js'
import type { RunEvent } from './run-event.js'

type Listener = (event: RunEvent) => void

/** What is seen of a run while it goes on, and how long it may wait for rate limits. One for each run. */
export interface Watch {
  tell(event: RunEvent): void
  /** Hears all events from now on, until what it gives back is called. */
  listen(listener: Listener): () => void
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Seconds that each account may wait for its rate limit. */
  readonly maxWait: number
  /** How long an adapter that is no part of mailsync may be silent. */
  readonly silence: Silence
  /** Aborts when the run is stopped. */
  readonly signal?: AbortSignal | undefined
  /** Says how many processes like this one share the accounts: each takes its part of their rate limits. */
  shareAccounts(processes: number): void
  /** Opens the calls of a provider of the spec, and says which account they belong to. */
  openCalls(provider: string, type: string, onAccount: (account: Account) => void): OpenCalls
}

/** An hour: most schedules are done by then, and nobody waits for longer without having said so. */
const MAX_WAIT = 3600

export interface WatchOptions {
  readonly maxWait?: number | undefined
  readonly clock?: (() => number) | undefined
  /** Milliseconds since 1970. */
  readonly now?: (() => number) | undefined
  readonly signal?: AbortSignal | undefined
  readonly silence?: Silence | undefined
}

export function openWatch({
  maxWait = MAX_WAIT,
  clock = monotonic,
  now = Date.now,
  signal,
  silence = SILENCE,
}: WatchOptions = {}): Watch {
  const listeners = new Set<Listener>()
  const accounts = new Map<string, Account>()
  let processes = 1
  const tell = (event: RunEvent): void => {
    for (const listener of listeners) listener(event)
  }
  const accountOf = (type: string, credentials: string): Account => {
    const key = JSON.stringify([type, credentials])
    const account = accounts.get(key) ?? openAccount(maxWait, now, () => processes)
    accounts.set(key, account)
    return account
  }
  return {
    tell,
    listen: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    clock,
    now,
    maxWait,
    silence,
    signal,
    shareAccounts: (among) => {
      processes = among
    },
    openCalls: (provider, type, onAccount) => (credentials) => {
      const account = accountOf(type, credentials)
      onAccount(account)
      const listener: CallListener = {
        called: (call) => {
          const { what, attempt } = call
          if (attempt > 1) tell({ event: 'retry', provider, what, attempt })
          tell({ event: 'call', provider, ...call })
        },
        waits: (seconds) => tell({ event: 'rate-limit.wait', provider, seconds }),
        works: (what, percent) =>
          tell({ event: 'action.wait', provider, what, ...(percent !== undefined && { percent }) }),
      }
      return callsOf(provider, { account, listener, ...(signal && { signal }) }, now)
    },
  }
}
