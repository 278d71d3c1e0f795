import { APIUserAbortError } from 'cloudflare/error'
import { BaseRecords } from 'cloudflare/resources/dns/records'
import { BaseZones, type Zone } from 'cloudflare/resources/zones/zones'
import { createClient } from 'cloudflare/tree-shakable'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { failureOf } from './failure.js'
import type { NativeRecord } from './native.js'
import type { Operations } from './operations.js'
import { type CloudflareOptions, isToken } from './options.js'
import { everyPage, type Page } from './pages.js'

/** The three calls that the adapter makes. Each throws MailsyncError, and `batch` also what the SDK throws. */
export interface CloudflareApi {
  /** One page of the zones the token reaches, of all of them or of those with this name. */
  zones(page: number, name: string | undefined, signal: AbortSignal): Promise<Page<Zone>>
  /** @param retries how often the SDK tries again, if not as often as usual */
  records(zone: ZoneRef, signal: AbortSignal, retries?: number): Promise<readonly NativeRecord[]>
  /** One database transaction; not stopped once it is sent. */
  batch(zone: ZoneRef, operations: Operations): Promise<void>
}

/** A zone by the API's id and by name. */
export interface ZoneRef {
  readonly id: string
  readonly name: Name
}

/** How patient the SDK is; its own defaults are 2 retries and a minute, with Retry-After honoured. */
export interface Patience {
  readonly maxRetries?: number
  /** Milliseconds until the head of a reply. */
  readonly timeout?: number
}

/** The largest pages there are (developers.cloudflare.com/api, verified 2026-11). */
const ZONES_A_PAGE = 50
const RECORDS_A_PAGE = 5_000_000

/** Connects without a call. The SDK reads CLOUDFLARE_API_TOKEN and CLOUDFLARE_BASE_URL itself. */
export function cloudflareApi({ token, accountId }: CloudflareOptions, patience: Patience = {}): CloudflareApi {
  const client = createClient({
    resources: [BaseRecords, BaseZones],
    ...(token === undefined ? {} : { apiToken: token }),
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    ...patience,
  })
  requireToken(client.apiToken)
  const account = accountId === undefined ? {} : { account: { id: accountId } }
  return {
    zones: async (page, name, signal) => {
      const query = { page, per_page: ZONES_A_PAGE, ...(name === undefined ? {} : { name }), ...account }
      try {
        return pageOf(await stoppable(signal, (own) => client.zones.list(query, { signal: own })), ZONES_A_PAGE)
      } catch (error) {
        throw failureOf(error, 'zones', {})
      }
    },
    records: async ({ id, name }, signal, retries) => {
      const patience = retries === undefined ? {} : { maxRetries: retries }
      try {
        return await everyPage<NativeRecord>(async (page) => {
          const query = { zone_id: id, page, per_page: RECORDS_A_PAGE }
          const list = (own: AbortSignal) => client.dns.records.list(query, { signal: own, ...patience })
          return pageOf(await stoppable(signal, list), RECORDS_A_PAGE)
        })
      } catch (error) {
        throw failureOf(error, 'listing', { zone: name })
      }
    },
    batch: async ({ id }, { deletes, patches, posts }) => {
      const result: unknown = await client.dns.records.batch({ zone_id: id, deletes, patches, posts })
      if (typeof result !== 'object' || result === null) throw notTheApi()
    },
  }
}

function requireToken(token: string | null): void {
  if (!token)
    throw new MailsyncError('authentication', 'there is no Cloudflare API token', {
      hint: 'set CLOUDFLARE_API_TOKEN, or `token: env/NAME` of the provider; the token needs Zone > Zone > Read and Zone > DNS > Edit',
    })
  if (!isToken(token))
    throw new MailsyncError('authentication', 'CLOUDFLARE_API_TOKEN is malformed', {
      hint: 'a token is one word, without "Bearer", quotes or line breaks',
    })
}

/** A reply without page numbers is not from this API; taken for an empty listing, it would make a zone look empty. */
function pageOf<T>({ result, result_info }: Listing<T>, size: number): Page<T> {
  if (typeof result_info.page !== 'number') throw notTheApi()
  return { items: result, total: result_info.total_count, size: result_info.per_page ?? size }
}

function notTheApi(): MailsyncError {
  return new MailsyncError('unavailable', 'what answered is not the Cloudflare API', {
    hint: 'look for a proxy in between, and at CLOUDFLARE_BASE_URL if it is set',
  })
}

interface Listing<T> {
  readonly result: readonly T[]
  readonly result_info: { readonly page?: number; readonly per_page?: number; readonly total_count?: number }
}

/**
 * Runs a call until it is done or the signal aborts. The SDK does not hear the signal while it waits for a retry, which
 * Retry-After can make minutes, and leaves its listeners on it, so each call gets a signal of its own.
 */
function stoppable<T>(signal: AbortSignal, call: (own: AbortSignal) => PromiseLike<T>): Promise<T> {
  const own = AbortSignal.any([signal])
  return new Promise((resolve, reject) => {
    own.addEventListener('abort', () => reject(new APIUserAbortError()), { once: true })
    call(own).then(resolve, reject)
  })
}
