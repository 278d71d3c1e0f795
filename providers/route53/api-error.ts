import { type ErrorCode, MailsyncError } from '../../records/error.js'
import { cancelled } from '../refusal.js'

interface Explanation {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  /** Whether AWS's own message is repeated. Not where it shows the signed request, which has the session token in it. */
  readonly quoted: boolean
}

const wrongKey: Explanation = {
  code: 'authentication',
  message: 'AWS does not know this access key',
  hint: 'check that access_key_id is complete and active; a key that begins with ASIA needs its session_token too',
  quoted: false,
}
const wrongSecret: Explanation = {
  code: 'authentication',
  message: 'AWS does not accept the signature of the request',
  hint: "check that secret_access_key belongs to access_key_id, and that this machine's clock is right",
  quoted: false,
}
const expired: Explanation = {
  code: 'authentication',
  message: 'the AWS session has expired',
  hint: 'get new temporary credentials (for a profile with SSO: aws sso login), then run again',
  quoted: false,
}
const unusable: Explanation = {
  code: 'permission',
  message: 'this AWS account cannot use Route 53',
  hint: 'the account is suspended or not fully signed up; see its billing page',
  quoted: true,
}
const throttled: Explanation = {
  code: 'rate-limited',
  message: 'Route 53 still refuses for too many requests',
  hint: 'an account has five requests a second for all its tools together; run again when the others are quiet',
  quoted: true,
}

/** Codes of the common errors of AWS APIs and of Route 53's own pages, as read 2026-11. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  InvalidClientTokenId: wrongKey,
  UnrecognizedClientException: wrongKey,
  InvalidAccessKeyId: wrongKey,
  MissingAuthenticationToken: wrongKey,
  SignatureDoesNotMatch: wrongSecret,
  InvalidSignatureException: wrongSecret,
  IncompleteSignature: wrongSecret,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  RequestExpired: expired,
  OptInRequired: unusable,
  SubscriptionRequiredException: unusable,
  Throttling: throttled,
  ThrottlingException: throttled,
  TooManyRequestsException: throttled,
  RequestLimitExceeded: throttled,
  PriorRequestNotComplete: {
    ...throttled,
    message: 'Route 53 is still busy with an earlier change to this zone',
    hint: 'something else writes to the zone; run again when it is done',
  },
  NoSuchHostedZone: {
    code: 'zone-not-found',
    message: 'the hosted zone is gone',
    hint: 'it was deleted, or zone_id names another account’s zone',
    quoted: true,
  },
}

const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'NotAuthorizedException', 'UnauthorizedOperation'])

/** What the SDK puts on what it throws; all of it may be absent. */
interface SdkError extends Error {
  readonly code?: string
  readonly $metadata?: {
    readonly httpStatusCode?: number
    readonly attempts?: number
    readonly totalRetryDelay?: number
  }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

/** The HTTP status of the reply that an SDK error is about; undefined where none came. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError).$metadata?.httpStatusCode
}

/**
 * What the SDK threw in the user's words. `action` is the IAM action that was tried. What is no failure of AWS or of the
 * way there is thrown as it is: a bug.
 */
export function explain(error: unknown, action: string): MailsyncError {
  if (error instanceof MailsyncError) return error
  if (!(error instanceof Error)) throw error
  const failure: SdkError = error
  if (failure.name === 'AbortError') return cancelled()
  if (failure.name === 'CredentialsProviderError' || failure.name === 'TokenProviderError')
    return noCredentials(failure)
  if (DENIED.has(failure.name)) return denied(failure, action)
  const explanation = EXPLANATIONS[failure.name]
  if (explanation) return explained(failure, explanation)
  const status = statusOf(failure)
  if (status !== undefined && status >= 400 && status < 500) return rejected(failure, status)
  if (status !== undefined || failure.code !== undefined || failure.name === 'TimeoutError') return unreachable(failure)
  throw error
}

function explained(failure: SdkError, { code, message, hint, quoted }: Explanation): MailsyncError {
  const tried = code === 'rate-limited' ? patience(failure) : ''
  return new MailsyncError(code, `${message}${tried}${quoted ? `: ${failure.message}` : ''}`, {
    hint,
    apiCode: failure.name,
    ...(quoted ? { cause: failure } : {}),
  })
}

/** Route 53 names no time to wait, so what is told is how long it was tried. */
function patience({ $metadata, $response }: SdkError): string {
  const { attempts = 1, totalRetryDelay = 0 } = $metadata ?? {}
  const retryAfter = $response?.headers?.['retry-after']
  const tried = attempts > 1 ? ` after ${attempts} attempts in ${Math.ceil(totalRetryDelay / 1000)} s` : ''
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
  return new MailsyncError('permission', `these AWS credentials may not ${refused}: ${failure.message}`, {
    hint: `allow ${refused} in the policy of this user or role`,
    apiCode: failure.name,
    cause: failure,
  })
}

function rejected(failure: SdkError, status: number): MailsyncError {
  return new MailsyncError('rejected', `Route 53 refuses the request: ${failure.message} (HTTP ${status})`, {
    apiCode: failure.name,
    cause: failure,
  })
}

function unreachable(failure: SdkError): MailsyncError {
  const cut = failure.code !== undefined && failure.code !== 'ETIMEDOUT'
  const late = !cut && failure.name === 'TimeoutError'
  const status = statusOf(failure)
  const what = late
    ? 'Route 53 did not answer in time'
    : cut
      ? `the connection to Route 53 failed (${failure.code})`
      : `Route 53 has a problem of its own (HTTP ${status})`
  return new MailsyncError(late ? 'timeout' : 'unavailable', what, {
    hint: 'run the same command again',
    apiCode: failure.code ?? failure.name,
    cause: failure,
  })
}
