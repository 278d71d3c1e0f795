import { MailsyncError } from '../../records/error.js'
import { type Attempt, attemptOf, rootCode } from './attempts.js'
import { requireSecure } from './credentials.js'
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
import { wholeBody } from './reply.js'
import { backOff, type Pause, pace, patience, pause, retryAfterSeconds } from './waiting.js'

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
  /** How requests are sent, if not by Node's own `fetch`. */
  readonly fetch?: typeof fetch
}

/** A reply that is no success, as it came. */
export interface ErrorReply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One call, however many attempts it takes. */
export interface Call {
  /** After "was asked to": `list the records of example.com`. */
  readonly doing: string
  readonly method: Method
  /** The parts of the path below the base, as they are: they are encoded here. */
  readonly path: readonly (string | number)[]
  /** A list is given as many times as it has values. */
  readonly query?: Readonly<Record<string, string | number | readonly (string | number)[]>>
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as a form, instead. */
  readonly form?: Readonly<Record<string, string>>
  /** Besides those of the API. */
  readonly headers?: Readonly<Record<string, string>>
  /** Absent for what is finished whatever the user wants: a write in flight. */
  readonly signal?: AbortSignal
  /** Where each attempt is noted, for `sentOf`. */
  readonly attempts?: Attempt[]
  /** True: a write is repeated like a reading, as doing it twice is doing it once. False: there is no second attempt. */
  readonly again?: boolean
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** Parsed; undefined where there is none, as with 204. Believe nothing of its form. */
  readonly body: unknown
}

/** How a client tries; for tests. */
export interface Trying {
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
  { retries = 3, timeout = 30_000, pause: wait = pause }: Trying = {},
): (call: Call) => Promise<Reply> {
  requireSecure(api.base, api.baseFrom ?? `the API of ${api.who}`)
  const waiting = patience()
  const pacing = pace()
  const rest = async (milliseconds: number, { doing, signal }: Call): Promise<void> => {
    await wait(milliseconds, signal).catch(() => {
      throw stopped(api.who, doing)
    })
  }
  return async (call) => {
    for (let failed = 0; ; failed++) {
      const lag = pacing.next()
      if (lag > 0 && waiting.waits(lag / 1000)) await rest(lag, call)
      const outcome = await tryOnce(api, call, timeout)
      call.attempts?.push(outcome.attempt)
      if (outcome.headers) pacing.keep(api.paceOf?.(outcome.headers) ?? 0)
      if ('reply' in outcome) return outcome.reply
      const delay = delayOf(outcome, call, failed, retries)
      if (delay === undefined || !waiting.waits(delay / 1000)) throw outcome.failure
      await rest(delay, call)
    }
  }
}

type Outcome = Answered | Failed

interface Ended {
  readonly attempt: Attempt
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
  return retryAfter === undefined ? backOff(failed) : retryAfter * 1000
}

async function tryOnce(api: JsonApi, call: Call, timeout: number): Promise<Outcome> {
  const url = urlOf(api.base, call)
  const body = bodyOf(call)
  const headers = headersOf(api.who, await api.headers({ method: call.method, url, body }), call, body !== undefined)
  const signal = AbortSignal.any([AbortSignal.timeout(timeout), ...(call.signal ? [call.signal] : [])])
  try {
    const reply = await (api.fetch ?? fetch)(url, {
      method: call.method,
      headers,
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body }),
    })
    const text = reply.body === null ? '' : (await wholeBody(reply.body, api.who)).toString('utf8')
    return outcomeOf(api, call, reply, text)
  } catch (thrown) {
    const error: unknown = signal.aborted ? signal.reason : thrown
    const failure = call.signal?.aborted ? stopped(api.who, call.doing) : brokenCall(error, api, call.doing)
    const isFinal = call.signal?.aborted === true || failure === error || isUntrusted(error)
    return { attempt: attemptOf(undefined, rootCode(error)), failure, isFinal }
  }
}

function urlOf(base: URL, { path, query = {} }: Call): URL {
  const url = new URL(base)
  const segments = path.map((segment) => encodeURIComponent(String(segment)))
  url.pathname = [base.pathname.replace(/\/$/, ''), ...segments].join('/')
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) url.searchParams.append(name, String(one))
  return url
}

/** What cannot stand in a header is told without its text, which would be a secret. */
function headersOf(
  who: string,
  credentials: Readonly<Record<string, string>>,
  { form, headers: own = {} }: Call,
  hasBody: boolean,
): Headers {
  const headers = new Headers(own)
  for (const [name, value] of Object.entries(credentials))
    try {
      headers.set(name, value)
    } catch {
      throw new MailsyncError('authentication', `the credentials for ${who} cannot stand in an HTTP header`, {
        hint: 'give them as one word, without quotes or line breaks',
      })
    }
  headers.set('accept', 'application/json')
  if (hasBody) headers.set('content-type', form ? 'application/x-www-form-urlencoded' : 'application/json')
  return headers
}

function bodyOf({ body, form }: Call): string | undefined {
  if (form) return new URLSearchParams(form).toString()
  return body === undefined ? undefined : JSON.stringify(body)
}

function outcomeOf(api: JsonApi, call: Call, { status, headers, ok }: Response, text: string): Outcome {
  const attempt = attemptOf(status)
  const body = parsed(text)
  if (ok) {
    if (body === NO_JSON) return { attempt, failure: notTheApi(api, status), isFinal: true }
    return { attempt, headers, reply: { status, headers, body } }
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
