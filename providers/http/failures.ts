import { cut } from '../../records/cut.js'
import { type ErrorCode, MailsyncError } from '../../records/error.js'
import type { Sent } from '../write-batches.js'
import { type Attempt, isAboutZone, rootCode, sentOf } from './attempts.js'
import { shortened } from './reply.js'
import { retryAfterSeconds } from './waiting.js'

/** What an API says of a request that it refuses. */
export interface Problem {
  /** The API's own code; the HTTP status where it has none. */
  readonly code: string
  readonly message: string
}

/** How the user is told of it. The API's own words follow `what`. */
export interface Explanation {
  readonly kind: ErrorCode
  readonly what: string
  readonly hint?: string
}

/** What is known of the call that was refused. */
interface Asked {
  readonly doing: string
  readonly method: string
}

export type Explain = (refusal: Refusal, asked: Asked) => Explanation | undefined

/** The API's own answer that it does not do this, or could not. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  constructor(
    readonly status: number,
    readonly problem: Problem,
    readonly headers: Headers,
  ) {
    super(problem.message)
  }
}

/** The refusal behind a failure: the API itself said no (4xx). Undefined where it failed, or something else answered. */
export function refusalBehind(failure: MailsyncError): Refusal | undefined {
  const { cause } = failure
  return cause instanceof Refusal && cause.status < 500 ? cause : undefined
}

/** What became of a write whose call failed after these attempts, as `sentOf` judges it. */
export function sentOfCall(failure: MailsyncError, attempts: readonly Attempt[]): Sent {
  return sentOf(failure, attempts, {
    isRefused: refusalBehind(failure) !== undefined,
    isAboutZone: isAboutZone(failure.code),
  })
}

interface Named {
  readonly who: string
  readonly baseFrom?: string
}

export function refusalOf(
  refusal: Refusal,
  { who, explain }: Named & { readonly explain?: Explain },
  asked: Asked,
): MailsyncError {
  const { code, message } = refusal.problem
  const { kind, what, hint } = explain?.(refusal, asked) ?? usual(refusal, who, asked.doing)
  const said = message === `HTTP ${code}` ? message : `${shortened(message)} (${cut(code, 60)})`
  return new MailsyncError(kind, `${what}: ${said}`, {
    apiCode: cut(code, 60),
    cause: refusal,
    ...(hint === undefined ? {} : { hint }),
  })
}

/** What an HTTP status says of itself (RFC 9110 §15, RFC 6585 §4). */
function usual({ status, headers }: Refusal, who: string, doing: string): Explanation {
  if (status === 401)
    return { kind: 'authentication', what: `${who} does not accept the credentials`, hint: 'they are wrong or expired' }
  if (status === 403) return { kind: 'permission', what: `${who} does not let these credentials ${doing}` }
  if (status === 429)
    return { kind: 'rate-limited', what: `the rate limit of ${who} is reached`, hint: waitHint(headers) }
  if (status >= 500)
    return { kind: 'unavailable', what: `${who} failed when asked to ${doing}`, hint: 'try again later' }
  return { kind: 'rejected', what: `${who} refused to ${doing}` }
}

function waitHint(headers: Headers): string {
  const seconds = retryAfterSeconds(headers.get('retry-after'))
  return seconds === undefined ? 'try again later' : `try again in ${seconds} seconds`
}

/** A reply that is not the API's own: a page of a proxy, of a captive portal, a redirect, JSON of something else. */
export function notTheApi({ who, baseFrom }: Named, status?: number): MailsyncError {
  const what = status === undefined ? '' : ` (HTTP ${status})`
  return new MailsyncError('unavailable', `what answered is not the API of ${who}${what}`, {
    hint: `look for a proxy in between${baseFrom === undefined ? '' : `, and at ${baseFrom}`}`,
    ...(status === undefined ? {} : { apiCode: String(status) }),
  })
}

/** The user stopped the run while a call was under way. */
export function stopped(who: string, doing: string): MailsyncError {
  return new MailsyncError('cancelled', `stopped while mailsync asked ${who} to ${doing}`)
}

/** A call to which no whole reply came. */
export function brokenCall(error: unknown, { who, baseFrom }: Named, doing: string): MailsyncError {
  if (error instanceof MailsyncError) return error
  if (isTimeout(error))
    return new MailsyncError('timeout', `${who} did not answer in time when asked to ${doing}`, {
      hint: 'try again later',
      cause: error,
    })
  if (isUntrusted(error))
    return new MailsyncError('unavailable', `the certificate of ${who} is not trusted: ${rootCode(error)}`, {
      hint: 'give the certificate of its CA in a file that NODE_EXTRA_CA_CERTS names; or check that nothing stands in for the server',
      cause: error,
    })
  const reason = rootCode(error) || (error instanceof Error ? shortened(error.message) : String(error))
  return new MailsyncError('unavailable', `the connection to ${who} failed when asked to ${doing}: ${reason}`, {
    hint: `check the network${baseFrom === undefined ? '' : `, and ${baseFrom}`}`,
    cause: error,
  })
}

/** Whether the server's certificate was refused, so that nothing was sent to it (codes of Node's `tls`, 2026-11). */
export function isUntrusted(error: unknown): boolean {
  return /CERT_|_CERT|SIGNATURE|TLS_CERT_ALTNAME/.test(rootCode(error))
}

function isTimeout(error: unknown): boolean {
  return (error instanceof Error && error.name === 'TimeoutError') || /TIMEOUT|TIMEDOUT/.test(rootCode(error))
}
