import { MailsyncError } from '../../records/error.js'
import { type Account, openAccount } from './account.js'
import { readLimits } from './read-limits.js'

/**
 * How one request ended: `ok`, the provider did what was asked; `limited`, it wants to be asked later; `refused`, it said no;
 * `failed`, it could not; `unanswered`, no whole answer came.
 */
export type CallOutcome = 'ok' | 'limited' | 'refused' | 'failed' | 'unanswered'

/** One request that was sent, whatever came of it. */
export interface EndedCall {
  /** `GET /zones`, `AXFR example.com.`: never a secret. */
  readonly what: string
  readonly outcome: CallOutcome
  /** HTTP status of the reply, where there was one. */
  readonly status?: number
  /** From 1: the second is the first repetition. */
  readonly attempt: number
  readonly seconds: number
}

/** Takes what happens between an adapter and its provider. */
export interface CallListener {
  /** A request has ended. */
  called(call: EndedCall): void
  /** The next call waits so many seconds for a rate limit. */
  waits(seconds: number): void
  /** The provider is still at work on what a call began, `create mail.example.com. A`, and at so many percent where it tells. */
  works(what: string, percent: number | undefined): void
}

/** The calls of one connection: told of one by one, and held back where the account has none left. */
export interface Calls {
  /**
   * Begins a call as soon as the account has one left. Throws `rate-limited` where that takes longer than the run may wait.
   *
   * @param rest waits, until the end or until the run is stopped, which `stop` tells
   */
  begin(rest: (milliseconds: number, stop?: AbortSignal) => Promise<void>): Promise<void>
  /** @param more headers of a reply, and the milliseconds that the API asks to leave between calls */
  ended(call: EndedCall, more?: { readonly headers?: Headers; readonly interval?: number }): void
  /**
   * Whether the run waits so many seconds before the next attempt.
   *
   * @param isLimit a rate limit is the reason
   */
  waits(seconds: number, isLimit?: boolean): boolean
  /** As {@link CallListener.works}. */
  works(what: string, percent: number | undefined): void
}

/** Opens the calls of a connection. The same credentials give the same account, however often a spec has them. */
export type OpenCalls = (credentials: string) => Calls

const nobody: CallListener = { called: () => {}, waits: () => {}, works: () => {} }

/** What the calls of a connection belong to. */
interface Belonging {
  readonly account?: Account
  readonly listener?: CallListener
  /** Aborts when the run is stopped. */
  readonly signal?: AbortSignal
}

/** @param who the provider, for people */
export function callsOf(
  who: string,
  { account = openAccount(), listener = nobody, signal }: Belonging = {},
  now: () => number = Date.now,
): Calls {
  const waits = (seconds: number, isLimit = false): boolean => {
    const isPatient = account.waits(seconds)
    if (isPatient && isLimit && seconds > 0) listener.waits(seconds)
    return isPatient
  }
  return {
    begin: async (rest) => {
      const lag = account.begin()
      if (lag <= 0) return
      if (!waits(lag / 1000, true)) {
        account.ended([])
        throw usedUp(who, now() + lag)
      }
      await rest(lag, signal)
    },
    ended: (call, { headers, interval } = {}) => {
      account.ended(headers ? readLimits(headers, now()) : [], interval)
      listener.called(call)
    },
    waits,
    works: (what, percent) => listener.works(what, percent),
  }
}

function usedUp(who: string, until: number): MailsyncError {
  return new MailsyncError('rate-limited', `the rate limit of ${who} is used up until ${clockText(until)}`, {
    hint: 'run the same command again then, or let it wait longer with --max-wait',
  })
}

/** The time of day in UTC: `14:05 UTC`. */
export function clockText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(11, 16)} UTC`
}

/** By the status of a whole reply; undefined where none came. */
export function outcomeOf(status: number | undefined): CallOutcome {
  if (status === undefined) return 'unanswered'
  if (status < 400) return 'ok'
  if (status === 429) return 'limited'
  return status < 500 ? 'refused' : 'failed'
}
