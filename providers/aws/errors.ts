import { type ErrorCode, MailsyncError } from '../../records/error.js'
import { shortened } from '../http/reply.js'
import { cancelled } from '../refusal.js'
import { COMMON, type Explanation } from './explanations.js'

const AGAIN = 'run the same command again'

/** One service of AWS, as its failures are told. */
export interface AwsService {
  /** For people: `Route 53`. */
  readonly name: string
  /** The SDK's own variable with another address of it. */
  readonly endpointVariable: string
  /** What its own error codes mean, besides those that all services have. */
  readonly explanations: Readonly<Record<string, Explanation>>
}

const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'NotAuthorizedException', 'UnauthorizedOperation'])

/** What the SDK puts on what it throws; all of it may be absent. */
interface SdkError extends Error {
  readonly code?: string
  /** Only on what AWS itself answered. */
  readonly $fault?: 'client' | 'server'
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

/** A reply that is not AWS's own: a page of a proxy, of a captive portal, a redirect. The SDK repeats it if it is a 5xx. */
export class NotAws extends Error {
  override readonly name = 'NotAws'
  readonly $metadata: { readonly httpStatusCode: number }

  constructor(httpStatusCode: number) {
    super('not a reply of AWS')
    this.$metadata = { httpStatusCode }
  }
}

/** A reply after which the SDK must not try again. */
export class LastReply extends Error {
  override readonly name = 'LastReply'

  constructor(
    readonly failure: MailsyncError,
    readonly status: number | undefined,
  ) {
    super(failure.message)
  }
}

/** The HTTP status of the reply that an error is about; undefined where none came. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof LastReply ? error.status : (error as SdkError).$metadata?.httpStatusCode
}

/**
 * What the SDK threw in the user's words. `action` is the IAM action that was tried. What is no failure of AWS or of the
 * way there is thrown as it is: a bug.
 *
 * The SDK's errors have the request in their hidden `$response`, with the session token among its headers (checked
 * 2026-11, 3.1169), so none becomes a cause.
 */
export function explainAws(error: unknown, action: string, service: AwsService): MailsyncError {
  if (error instanceof MailsyncError) return error
  if (error instanceof LastReply) return error.failure
  if (!(error instanceof Error)) throw error
  const failure: SdkError = error
  if (failure.name === 'AbortError') return cancelled()
  if (failure.name === 'CredentialsProviderError' || failure.name === 'TokenProviderError')
    return noCredentials(failure)
  if (DENIED.has(failure.name)) return denied(failure, action)
  const explanation = [service.explanations, COMMON].find((known) => Object.hasOwn(known, failure.name))?.[failure.name]
  if (explanation) return explained(failure, explanation)
  const status = statusOf(failure)
  if (failure.$fault === 'client') return rejected(failure, service)
  const isOurs = status === undefined && (failure.code === undefined || failure instanceof TypeError)
  if (isOurs && failure.name !== 'TimeoutError') throw error
  return unreachable(failure, status ?? 0, service)
}

function explained(failure: SdkError, { code, message, hint, quoted }: Explanation): MailsyncError {
  const tried = code === 'rate-limited' ? patience(failure) : ''
  return new MailsyncError(code, `${message}${tried}${quoted ? `: ${shortened(failure.message)}` : ''}`, {
    hint,
    apiCode: failure.name,
  })
}

/** How hard it was tried, and the time to wait where a reply names one. */
function patience({ $metadata, $response }: SdkError): string {
  const attempts = $metadata?.attempts ?? 1
  const retryAfter = $response?.headers?.['retry-after']
  const tried = attempts > 1 ? ` after ${attempts} attempts` : ''
  return retryAfter === undefined ? tried : `${tried}, and asks to wait ${retryAfter} s`
}

function noCredentials({ name, message }: SdkError): MailsyncError {
  const detail = message.startsWith('Command failed') ? 'its credential_process failed' : message
  return new MailsyncError('authentication', `no AWS credentials: ${detail}`, {
    hint: 'give access_key_id and secret_access_key or a profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE',
    apiCode: name,
  })
}

function denied(failure: SdkError, action: string): MailsyncError {
  const refused = /perform: (\w+:\w+)/.exec(failure.message)?.[1] ?? action
  return new MailsyncError('permission', `these AWS credentials may not ${refused}: ${shortened(failure.message)}`, {
    hint: `allow ${refused} in the policy of this user or role`,
    apiCode: failure.name,
  })
}

function rejected(failure: SdkError, service: AwsService): MailsyncError {
  const status = statusOf(failure)
  return failure.message === 'UnknownError'
    ? told('rejected', `the request was refused without a reason (HTTP ${status})`, proxyHint(service), failure)
    : new MailsyncError(
        'rejected',
        `${service.name} refuses the request: ${shortened(failure.message)} (HTTP ${status})`,
        {
          apiCode: failure.name,
        },
      )
}

function unreachable(failure: SdkError, status: number, service: AwsService): MailsyncError {
  const { code, name } = failure
  const who = service.name
  if (code === 'ETIMEDOUT' || (code === undefined && name === 'TimeoutError'))
    return told('timeout', `${who} did not answer in time`, AGAIN, failure)
  if (code !== undefined) return told('unavailable', `the connection to ${who} failed (${code})`, AGAIN, failure)
  return status >= 500
    ? told('unavailable', `${who} has a problem of its own (HTTP ${status})`, AGAIN, failure)
    : told('unavailable', `what answered is not ${who} (HTTP ${status})`, proxyHint(service), failure)
}

function proxyHint({ endpointVariable }: AwsService): string {
  return `look for a proxy in between, and at endpoint and ${endpointVariable} if they are set`
}

function told(code: ErrorCode, message: string, hint: string, failure: SdkError): MailsyncError {
  return new MailsyncError(code, message, { hint, apiCode: failure.code ?? failure.name })
}
