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
const unusable: Explanation = {
  code: 'permission',
  message: 'this AWS account cannot use Route 53',
  hint: 'the account is suspended or not fully signed up; see its billing page',
  quoted: true,
}
const throttled: Explanation = {
  code: 'rate-limited',
  message: 'Route 53 still refuses for too many requests',
  hint: 'an account has five requests a second for all its tools together; run again in a minute, or when the others are quiet',
  quoted: true,
}

/** By the codes of the common errors of AWS APIs and of Route 53's own pages, as read 2026-11. */
export const EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map(
  Object.entries<Explanation>({
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
  }),
)
