import type { MailsyncError } from '../../records/error.js'
import { type Calls, outcomeOf as callOutcomeOf, callsOf, type EndedCall } from '../calls/calls.js'
import { type Attempt, attemptOf, rootCode } from './attempts.js'
import type { Call, Method, Reply } from './call.js'
import { requireSecure } from './credentials.js'
import { exchange, type WholeReply } from './exchange.js'
import {
  brokenCall,
  type Explain,
  isUntrusted,
  notTheApi,
  type Problem,
  Refusal,
  refusalOf,
  stopped,
} from './failures.js'
import { bodyOf, headersOf, urlOf } from './request.js'
import { type Pause, pause, retryAfterSeconds, waitAgain } from './waiting.js'

/** An HTTP API that answers in JSON: what one adapter says of it, once. */
export interface JsonApi {
  /** The provider, for people. */
  readonly who: string
  /** Every path is below it; its own path is kept. */
  readonly base: URL
  /** What says so, for the user to change: `` `host` of the provider ``. Absent where it is always the same. */
  readonly baseFrom?: string
  /** What every request carries besides `accept` and `content-type`: the credentials. */
  headers(request: {
    readonly method: Method
    readonly url: URL
    readonly body: string | undefined
  }): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>
  /**
   * What an error reply says in the API's own form; undefined where it is not the API's.
   *
   * @param body undefined where there is none, or it is no JSON
   */
  problemIn(body: unknown, reply: ErrorReply): Problem | undefined
  /** Whether a refusal only says to ask again in a moment, and nothing was done. HTTP 429 always does. */
  isBusy?(problem: Problem): boolean
  /** Milliseconds to leave between calls, as the headers of a reply ask for it (`RateLimit-Remaining: 0`); 0 for none. */
  paceOf?(headers: Headers): number
  /** What a refusal means and what to do about it; undefined for what its HTTP status says well enough. */
  readonly explain?: Explain
  /** False: any certificate is taken. */
  readonly verifyCertificate?: boolean
}

/** A reply that is no success, as it came. */
export interface ErrorReply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

/** How a client tries. All but `calls` is for tests. */
export interface Trying {
  /** Those of the run; without it, of an account of its own. */
  readonly calls?: Calls | undefined
  /** Attempts after the first, where one failed without the API's saying no. */
  readonly retries?: number
  /** Milliseconds until a reply is whole. */
  readonly timeout?: number
  readonly pause?: Pause
}

/** Attempts after the first where the API only says that it is busy: about a minute. */
export const BUSY_RETRIES = 10

/**
 * A client of a JSON API: bounded replies, in time; no redirect is followed, which would carry the credentials elsewhere;
 * what is not the API's own answer is a failure. It asks again, with back-off or when the reply says (`Retry-After`), where
 *
 * - the request never left this machine, or the API said that it is busy: nothing was done;
 * - the API failed, or no reply came, and the call only reads. A write is not repeated then unless the call says so: it may
 *   be done, and somebody may have written since. `writeBatches` looks first what stands there.
 *
 * Throws MailsyncError; where the API itself said no, its `cause` is a {@link Refusal}.
 */
export function jsonClient(
  api: JsonApi,
  { retries = 3, timeout = 30_000, pause: wait = pause, calls = callsOf(api.who) }: Trying = {},
): (call: Call) => Promise<Reply> {
  requireSecure(api.base, api.baseFrom ?? `the API of ${api.who}`)
  const rest = async (milliseconds: number, { doing, signal }: Waiting): Promise<void> => {
    await wait(milliseconds, signal).catch(() => {
      throw stopped(api.who, doing)
    })
  }
  return async (call) => {
    await calls.begin((milliseconds, stop) => rest(milliseconds, { ...call, signal: call.signal ?? stop }))
    for (let failed = 0; ; failed++) {
      const start = performance.now()
      const outcome = await tryOnce(api, call, timeout)
      const seconds = (performance.now() - start) / 1000
      calls.ended(...toldOf(api, call, outcome, { attempt: failed + 1, seconds }))
      call.attempts?.push(outcome.attempt)
      if ('reply' in outcome) return outcome.reply
      const delay = delayOf(outcome, call, failed, retries)
      if (delay === undefined || !calls.waits(delay / 1000, outcome.isBusy)) throw outcome.failure
      await rest(delay, call)
    }
  }
}

/** Who waits, and what ends the wait. */
interface Waiting {
  readonly doing: string
  readonly signal?: AbortSignal | undefined
}

/** What is told of an attempt. */
function toldOf(
  { paceOf }: JsonApi,
  { method, path }: Call,
  outcome: Outcome,
  more: Pick<EndedCall, 'attempt' | 'seconds'>,
): Parameters<Calls['ended']> {
  const { headers, status } = outcome
  const byStatus = callOutcomeOf(status)
  const failed = 'isBusy' in outcome && outcome.isBusy ? 'limited' : byStatus === 'ok' ? 'failed' : byStatus
  return [
    {
      what: `${method} /${path.join('/')}`,
      outcome: 'reply' in outcome ? 'ok' : failed,
      ...(status === undefined ? {} : { status }),
      ...more,
    },
    headers ? { headers, ...(paceOf && { interval: paceOf(headers) }) } : {},
  ]
}

type Outcome = Answered | Failed

interface Ended {
  readonly attempt: Attempt
  /** Of a whole reply, whoever sent it. */
  readonly status?: number
  /** Of a reply of the API's own. */
  readonly headers?: Headers
}

interface Answered extends Ended {
  readonly reply: Reply
}

interface Failed extends Ended {
  readonly failure: MailsyncError
  readonly isBusy?: boolean
  /** Seconds. */
  readonly retryAfter?: number | undefined
  /** It would fail in the same way again. */
  readonly isFinal?: boolean
}

/** Milliseconds until the next attempt; undefined where there shall be none. */
function delayOf(
  { attempt, isBusy, retryAfter, isFinal }: Failed,
  { method, again }: Call,
  failed: number,
  retries: number,
): number | undefined {
  if (isFinal || again === false || failed >= (isBusy ? BUSY_RETRIES : retries)) return undefined
  if (attempt === 'refused' && !isBusy) return undefined
  if (attempt !== 'unsent' && !isBusy && method !== 'GET' && !again) return undefined
  return waitAgain(failed, retryAfter)
}

async function tryOnce(api: JsonApi, call: Call, timeout: number): Promise<Outcome> {
  const url = urlOf(api.base, call)
  const body = bodyOf(call)
  const headers = headersOf(api.who, await api.headers({ method: call.method, url, body }), call, body !== undefined)
  const signal = AbortSignal.any([AbortSignal.timeout(timeout), ...(call.signal ? [call.signal] : [])])
  try {
    const outgoing = { method: call.method, headers, body, signal, verifyCertificate: api.verifyCertificate }
    const reply = await exchange(url, outgoing, api.who)
    return { ...outcomeOf(api, call, reply), status: reply.status }
  } catch (thrown) {
    const error: unknown = signal.aborted ? signal.reason : thrown
    const failure = call.signal?.aborted ? stopped(api.who, call.doing) : brokenCall(error, api, call.doing)
    const isFinal = call.signal?.aborted === true || failure === error || isUntrusted(error)
    return { attempt: attemptOf(undefined, rootCode(error)), failure, isFinal }
  }
}

function outcomeOf(api: JsonApi, call: Call, { status, headers, body: octets }: WholeReply): Outcome {
  const attempt = attemptOf(status)
  const text = octets.toString('utf8')
  const body = parsed(text)
  if (status >= 200 && status < 300) {
    const reply = { status, headers, body }
    const isOwn = body !== NO_JSON && call.isAnswer?.(reply) !== false
    return isOwn ? { attempt, headers, reply } : { attempt, failure: notTheApi(api, status), isFinal: true }
  }
  const problem = api.problemIn(body === NO_JSON ? undefined : body, { status, headers, text })
  const isOwn = problem !== undefined || status === 429 || status >= 500
  if (!isOwn) return { attempt, failure: notTheApi(api, status), isFinal: true }
  const refusal = new Refusal(status, problem ?? { code: String(status), message: `HTTP ${status}` }, headers)
  return {
    attempt,
    headers,
    failure: refusalOf(refusal, api, call),
    isBusy: status === 429 || (problem !== undefined && api.isBusy?.(problem) === true),
    retryAfter: retryAfterSeconds(headers.get('retry-after')),
  }
}

const NO_JSON = Symbol('no JSON')

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return NO_JSON
  }
}
