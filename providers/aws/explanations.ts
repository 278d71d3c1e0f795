import type { ErrorCode } from '../../records/error.js'

/** What an error code of AWS means to the user. */
export interface Explanation {
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
/** By the codes of the common errors of AWS APIs, as read 2026-11. */
export const COMMON: Readonly<Record<string, Explanation>> = {
  InvalidClientTokenId: wrongKey,
  UnrecognizedClientException: wrongKey,
  InvalidAccessKeyId: wrongKey,
  AuthFailure: wrongKey,
  MissingAuthenticationToken: wrongKey,
  SignatureDoesNotMatch: wrongSecret,
  InvalidSignatureException: wrongSecret,
  IncompleteSignature: wrongSecret,
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  RequestExpired: expired,
}

/** The codes of an account that cannot use a service. */
export function unusable(service: string): Readonly<Record<string, Explanation>> {
  const explanation: Explanation = {
    code: 'permission',
    message: `this AWS account cannot use ${service}`,
    hint: 'the account is suspended or not fully signed up; see its billing page',
    quoted: true,
  }
  return { OptInRequired: explanation, SubscriptionRequiredException: explanation }
}

/** The codes of a service that is asked too often. */
export function throttled(explanation: Omit<Explanation, 'code' | 'quoted'>): Readonly<Record<string, Explanation>> {
  const told: Explanation = { ...explanation, code: 'rate-limited', quoted: true }
  return {
    Throttling: told,
    ThrottlingException: told,
    TooManyRequestsException: told,
    RequestLimitExceeded: told,
  }
}
