import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'cloudflare/error'
import { MailsyncError, type Where } from '../../records/error.js'

/** The calls that the adapter makes, and the permission of the token each needs, as the dashboard words it (2026-11). */
const CALLS = {
  zones: { doing: 'look up zones', permission: 'Zone > Zone > Read' },
  listing: { doing: 'list DNS records', permission: 'Zone > DNS > Edit (Read is enough for a plan)' },
  batch: { doing: 'change DNS records', permission: 'Zone > DNS > Edit' },
} as const

export type Call = keyof typeof CALLS

const TOKENS = 'dash.cloudflare.com/profile/api-tokens'
/** The token or its header is refused, whatever the zone (2026-11). */
const NOT_AUTHENTICATED: ReadonlySet<number | undefined> = new Set([1000, 6003, 6111, 9106])
/** Refused at a zone: no permission. Refused before any zone: no valid token (2026-11). */
const NOT_ALLOWED: ReadonlySet<number | undefined> = new Set([9109, 10000])
const NO_SUCH_ROUTE: ReadonlySet<number | undefined> = new Set([7003, 10404])

/** What to do about the codes that a batch can be refused with (developers.cloudflare.com, issue trackers, 2026-11). */
const HINTS: ReadonlyMap<number | undefined, string> = new Map([
  [9009, 'an MX record names a host, never an address'],
  [9021, 'the TTL is outside what this zone’s plan allows'],
  [
    81045,
    'the zone holds as many records as its plan allows (200 on Free, 3,500 on paid plans); delete some or change the plan',
  ],
  [81053, 'an A, AAAA or CNAME record stands at that name already; plan again to see it'],
  [81054, 'a CNAME record stands at that name already; remove it, or choose another name'],
])

/** Whatever a call to the API threw, in words that its reader can act on. */
export function failureOf(error: unknown, call: Call, where: Where): MailsyncError {
  if (error instanceof MailsyncError) return error.at(where)
  const { doing } = CALLS[call]
  if (error instanceof APIUserAbortError)
    return new MailsyncError('cancelled', `stopped while mailsync asked Cloudflare to ${doing}`, { where })
  if (error instanceof APIConnectionTimeoutError)
    return new MailsyncError('timeout', `Cloudflare did not answer when asked to ${doing}`, {
      where,
      hint: 'try again later; cloudflarestatus.com tells of disturbances',
      cause: error,
    })
  if (error instanceof APIConnectionError)
    return new MailsyncError(
      'unavailable',
      `the connection to Cloudflare failed when asked to ${doing}: ${reason(error)}`,
      {
        where,
        hint: 'check the network, and CLOUDFLARE_BASE_URL if it is set',
        cause: error,
      },
    )
  if (error instanceof APIError) return refusalOf(error, call, where)
  return new MailsyncError('unavailable', `Cloudflare's reply was cut or is no JSON when asked to ${doing}`, {
    where,
    hint: 'try again; if it stays so, look for a proxy in between, and at CLOUDFLARE_BASE_URL if it is set',
    cause: error,
  })
}

/** Whether the request never left this machine. */
export function neverSent(error: unknown): boolean {
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(rootCode(error))
}

/** Whether the API answered that it does not do this, in contrast to an answer that failed or never came. */
export function isRefusal(error: unknown): boolean {
  return error instanceof APIError && error.status !== undefined && error.status < 500
}

function refusalOf(error: APIError, call: Call, where: Where): MailsyncError {
  const { doing, permission } = CALLS[call]
  const { code, message } = error.errors[0] ?? {}
  const said = message === undefined ? `HTTP ${error.status}` : `${message} (${code})`
  const details = { where, apiCode: String(code ?? error.status), cause: error }
  const because = (kind: MailsyncError['code'], what: string, hint?: string): MailsyncError =>
    new MailsyncError(kind, `${what}: ${said}`, hint === undefined ? details : { ...details, hint })

  if (error.status === 429 || code === 971)
    return because('rate-limited', 'Cloudflare’s rate limit is reached', rateLimitHint(error))
  if ((error.status ?? 0) >= 500)
    return because(
      'unavailable',
      `Cloudflare failed when asked to ${doing}`,
      'try again later; cloudflarestatus.com tells of disturbances',
    )
  if (code === 6003 || code === 6111)
    return because(
      'authentication',
      'the API token is malformed',
      `copy it again from ${TOKENS}, whole, without "Bearer"`,
    )
  if (error.status === 401 || NOT_AUTHENTICATED.has(code) || (call === 'zones' && NOT_ALLOWED.has(code)))
    return because(
      'authentication',
      'Cloudflare does not accept the API token',
      `it is wrong, expired, bound to other IP addresses, or lacks ${permission}; see ${TOKENS}`,
    )
  if (NOT_ALLOWED.has(code))
    return because(
      'permission',
      `the API token may not ${doing} in this zone`,
      `give it the permission ${permission} for this zone at ${TOKENS}`,
    )
  if (error.status === 403)
    return because(
      'permission',
      `Cloudflare forbids to ${doing}`,
      `the account or the zone may be suspended or restricted, which the dashboard tells; the token needs ${permission}`,
    )
  if (call !== 'zones' && (NO_SUCH_ROUTE.has(code) || (error.status === 404 && code === undefined)))
    return because(
      'zone-not-found',
      'the zone is gone from Cloudflare',
      'it was there when it was looked up; check the dashboard',
    )
  if (error.status === 404 && call === 'zones')
    return because('unavailable', 'this is not the Cloudflare API', 'check CLOUDFLARE_BASE_URL')
  return because('rejected', `Cloudflare refused to ${doing}`, HINTS.get(code))
}

function rateLimitHint(error: APIError): string {
  const seconds = Number(error.headers?.get('retry-after') ?? Number.NaN)
  const wait = Number.isNaN(seconds) ? 'within 5 minutes' : `in ${seconds} seconds`
  return `try again ${wait}; a user has 1,200 requests in 5 minutes, over all tokens and the dashboard`
}

function reason(error: Error): string {
  return rootCode(error) || (error.cause instanceof Error ? error.cause.message : error.message)
}

function rootCode(error: unknown): string {
  if (!(error instanceof Error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : rootCode(error.cause)
}
