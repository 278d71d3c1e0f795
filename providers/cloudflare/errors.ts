import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'cloudflare/error'
import { cut } from '../../records/cut.js'
import { MailsyncError, type Where } from '../../records/error.js'
import type { Change } from '../../records/rr/rrset.js'
import { rootCode } from '../http/attempts.js'
import { shortened } from '../http/reply.js'
import { retryAfterSeconds } from '../http/waiting.js'
import type { CloudflareBatch, Operations } from './batches.js'

/** The calls that the adapter makes, and the permission of the token each needs, as the dashboard words it (2026-11). */
const CALLS = {
  zones: { doing: 'look up zones', permission: 'Zone > Zone > Read' },
  listing: { doing: 'list DNS records', permission: 'Zone > DNS > Edit (Read is enough for a plan)' },
  batch: { doing: 'change DNS records', permission: 'Zone > DNS > Edit' },
} as const

export type Call = keyof typeof CALLS

const TOKENS = 'dash.cloudflare.com/profile/api-tokens'
/** The token or its header is refused, whatever the zone (2026-11). */
const NOT_AUTHENTICATED: ReadonlySet<Problem['code']> = new Set([1000, 6003, 6111, 9106])
/** Refused at a zone: no permission. Refused before any zone: no valid token (2026-11). */
const NOT_ALLOWED: ReadonlySet<Problem['code']> = new Set([9109, 10000])
const NO_SUCH_ROUTE: ReadonlySet<Problem['code']> = new Set([7003, 10404])

/** What to do about the codes that a batch can be refused with (developers.cloudflare.com, issue trackers, 2026-11). */
const HINTS: ReadonlyMap<Problem['code'], string> = new Map([
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
  if (error instanceof APIConnectionError && error.cause instanceof MailsyncError) return error.cause.at(where)
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

/** Whether the API itself answered that it does not do this, in contrast to an answer that failed or is not its own. */
export function isRefusal(error: unknown): boolean {
  return error instanceof APIError && isClientError(error.status) && problemOf(error) !== undefined
}

/** A reply that is not the API's own: a page of a proxy, of a captive portal, a redirect. */
export function notTheApi(status?: number): MailsyncError {
  const what = status === undefined ? '' : ` (HTTP ${status})`
  return new MailsyncError('unavailable', `what answered is not the Cloudflare API${what}`, {
    hint: 'look for a proxy in between, and at CLOUDFLARE_BASE_URL if it is set',
    ...(status === undefined ? {} : { apiCode: String(status) }),
  })
}

/**
 * Which change of a batch the API refuses, where its error points at one: `source.pointer` is `/posts/3`
 * (developers.cloudflare.com/api, error object, 2026-11).
 */
export function refusedChange(error: unknown, { items }: CloudflareBatch): Change | undefined {
  if (items.length === 1) return items[0]?.change
  const pointer = error instanceof APIError ? problemOf(error)?.source?.pointer : undefined
  const [, list, position] = /^\/(deletes|patches|posts)\/(\d+)/.exec(typeof pointer === 'string' ? pointer : '') ?? []
  let index = Number(position)
  return items.find(({ operations }) => {
    index -= operations[list as keyof Operations]?.length ?? 0
    return index < 0
  })?.change
}

interface Problem {
  /** A number, in what the API sends. */
  readonly code?: string | number
  readonly message?: string
  readonly source?: { readonly pointer?: unknown }
}

/** The first error of the API's own envelope; undefined where the reply has none, so that it is not the API's. */
function problemOf({ errors }: APIError): Problem | undefined {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  if (typeof first !== 'object' || first === null) return undefined
  const { code, message } = first as { readonly [K in keyof Problem]?: unknown }
  const isOwn =
    ['undefined', 'number', 'string'].includes(typeof code) && ['undefined', 'string'].includes(typeof message)
  return isOwn ? first : undefined
}

function isClientError(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500
}

function refusalOf(error: APIError, call: Call, where: Where): MailsyncError {
  const { doing, permission } = CALLS[call]
  const problem = problemOf(error)
  const { code, message } = problem ?? {}
  const said = message === undefined ? `HTTP ${error.status}` : `${shortened(message)} (${cut(String(code), 60)})`
  const details = { where, apiCode: cut(String(code ?? error.status), 60), cause: error }
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
  if (problem === undefined) return notTheApi(error.status).at(where)
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
  if (call !== 'zones' && NO_SUCH_ROUTE.has(code))
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
  const seconds = retryAfterSeconds(error.headers?.get('retry-after'))
  const wait = seconds === undefined ? 'within 5 minutes' : `in ${seconds} seconds`
  return `try again ${wait}; a user has 1,200 requests in 5 minutes, over all tokens and the dashboard`
}

function reason(error: Error): string {
  return rootCode(error) || (error.cause instanceof Error ? error.cause.message : error.message)
}
