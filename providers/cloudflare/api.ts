import { APIUserAbortError } from 'cloudflare/error'
import { BaseRecords } from 'cloudflare/resources/dns/records'
import { BaseZones, type Zone } from 'cloudflare/resources/zones/zones'
import { createClient } from 'cloudflare/tree-shakable'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type Calls, callsOf } from '../calls/calls.js'
import type { Attempt } from '../http/attempts.js'
import { isToken, requireSecure } from '../http/credentials.js'
import { everyPage, type Page } from '../http/listing.js'
import { pause } from '../http/waiting.js'
import type { Operations } from './batches.js'
import { isNativeRecord, type NativeRecord } from './convert.js'
import { failureOf, notTheApi } from './errors.js'
import { guardedFetch } from './guarded-fetch.js'
import type { CloudflareOptions } from './options.js'

/** The three calls that the adapter makes. Each throws MailsyncError, and `batch` also what the SDK throws. */
export interface CloudflareApi {
  /** One page of the zones the token reaches, of all of them or of those with this name. */
  zones(page: number, name: string | undefined, signal: AbortSignal): Promise<Page<Zone>>
  /** @param retries how often the SDK tries again, if not as often as usual */
  records(zone: ZoneRef, signal: AbortSignal, retries?: number): Promise<readonly NativeRecord[]>
  /** One database transaction; not stopped once it is sent. Every attempt the SDK makes is noted in `attempts`. */
  batch(zone: ZoneRef, operations: Operations, attempts: Attempt[]): Promise<void>
}

/** A zone by the API's id and by name. */
export interface ZoneRef {
  readonly id: string
  readonly name: Name
}

/** How the SDK tries; its own defaults are 2 retries and a minute. All but `calls` is for tests. */
export interface Trying {
  /** Those of the run; without it, of an account of its own. */
  readonly calls?: Calls | undefined
  readonly maxRetries?: number
  /** Milliseconds until a reply is whole. */
  readonly timeout?: number
}

/** The largest page of zones there is (developers.cloudflare.com/api, verified 2026-11). */
export const ZONES_A_PAGE = 50
/** The API takes up to 5,000,000; this is more than any plan but Enterprise holds, and a reply of at most some 16 MiB. */
const RECORDS_A_PAGE = 20_000

/** Connects without a call. The SDK reads CLOUDFLARE_API_TOKEN and CLOUDFLARE_BASE_URL itself. */
export function cloudflareApi(
  { token, accountId }: CloudflareOptions,
  { calls = callsOf('Cloudflare'), ...trying }: Trying = {},
): CloudflareApi {
  const open = (attempts?: Attempt[]) =>
    createClient({
      resources: [BaseRecords, BaseZones],
      ...(token === undefined ? {} : { apiToken: token }),
      apiKey: null,
      apiEmail: null,
      userServiceKey: null,
      fetch: guardedFetch(calls, attempts),
      ...trying,
    })
  const client = open()
  requireToken(client.apiToken)
  requireSecure(new URL(client.baseURL), 'CLOUDFLARE_BASE_URL')
  // The SDK's own time-out would end the wait for the rate limit.
  const begin = (signal?: AbortSignal): Promise<void> =>
    calls.begin((milliseconds, stop) =>
      pause(milliseconds, signal ?? stop).catch(() => {
        throw new APIUserAbortError()
      }),
    )
  const account = accountId === undefined ? {} : { account: { id: accountId } }
  return {
    zones: async (page, name, signal) => {
      const query = { page, per_page: ZONES_A_PAGE, ...(name === undefined ? {} : { name }), ...account }
      try {
        const listing = await stoppable(signal, async (own) => {
          await begin(own)
          return client.zones.list(query, { signal: own })
        })
        return pageOf(listing, page, ZONES_A_PAGE, isZone)
      } catch (error) {
        throw failureOf(error, 'zones', {})
      }
    },
    records: async ({ id, name }, signal, retries) => {
      const tries = retries === undefined ? {} : { maxRetries: retries }
      try {
        return await everyPage<NativeRecord>('Cloudflare', async (page) => {
          const query = { zone_id: id, page, per_page: RECORDS_A_PAGE }
          const list = async (own: AbortSignal) => {
            await begin(own)
            return client.dns.records.list(query, { signal: own, ...tries })
          }
          return pageOf(await stoppable(signal, list), page, RECORDS_A_PAGE, isNativeRecord)
        })
      } catch (error) {
        throw failureOf(error, 'listing', { zone: name })
      }
    },
    batch: async ({ id }, { deletes, patches, posts }, attempts) => {
      await begin()
      const result: unknown = await open(attempts).dns.records.batch({ zone_id: id, deletes, patches, posts })
      if (typeof result !== 'object' || result === null || Array.isArray(result)) throw notTheApi()
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

/** A reply that is not this page of this API; taken for an empty listing, it would make a zone look empty. */
function pageOf<T>(
  { result, result_info }: UnreadPage,
  page: number,
  size: number,
  isItem: (item: unknown) => boolean,
): Page<T> {
  if (!Array.isArray(result) || !result.every(isItem) || result_info?.page !== page) throw notTheApi()
  return {
    items: result as readonly T[],
    total: count(result_info.total_count),
    size: count(result_info.per_page) ?? size,
  }
}

function count(number: unknown): number | undefined {
  if (number === undefined || (typeof number === 'number' && number >= 0)) return number
  throw notTheApi()
}

function isZone(item: unknown): boolean {
  const { id, name } = (item ?? {}) as Partial<Zone>
  return typeof id === 'string' && typeof name === 'string'
}

/** As far as it can be believed before it is looked at. */
interface UnreadPage {
  readonly result: unknown
  readonly result_info?: { readonly page?: unknown; readonly per_page?: unknown; readonly total_count?: unknown }
}

/**
 * Runs a call until it is done or the signal aborts. The SDK does not hear the signal while it waits for a retry, and leaves
 * its listeners on it, so each call gets a signal of its own.
 */
function stoppable<T>(signal: AbortSignal, call: (own: AbortSignal) => PromiseLike<T>): Promise<T> {
  const own = AbortSignal.any([signal])
  return new Promise((resolve, reject) => {
    own.addEventListener('abort', () => reject(new APIUserAbortError()), { once: true })
    call(own).then(resolve, reject)
  })
}
