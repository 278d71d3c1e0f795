import { type Intercepted, interceptAll, interceptNothing } from '../intercept-all.js'
import { errorReply, type Fault, faultyReply, isAfter } from './fault.js'
import type { FakeRecord } from './record.js'
import { type ApiError, refusal } from './rules.js'
import { type FakeBatch, FakeZone, type FakeZoneSettings } from './zone.js'

export const TOKEN = 'a-token-that-must-never-be-seen-0123456789'

export interface FakeCall {
  /** For example `GET dns_records` or `POST batch`. */
  readonly what: string
  readonly query: Readonly<Record<string, string>>
  readonly body: FakeBatch
  readonly headers: Readonly<Record<string, unknown>>
}

/** The calls that write, each as the batch that does the same. */
const BATCHES: Readonly<Record<string, (body: FakeBatch, record: string) => FakeBatch>> = {
  'POST batch': (body) => body,
  'POST dns_records': (body) => ({ posts: [body as FakeRecord] }),
  'PUT record': (body, id) => ({ puts: [{ ...(body as FakeRecord), id }] }),
  'PATCH record': (body, id) => ({ patches: [{ ...body, id }] }),
  'DELETE record': (_, id) => ({ deletes: [{ id }] }),
}

/**
 * A stateful Cloudflare v4 API: zones, records, batches, limits, tokens and faults. It takes the requests of this process
 * through nock, one fake at a time; or, where the base is null, those that a server hands to `reply`.
 */
export class FakeCloudflare {
  readonly zones: FakeZone[] = []
  readonly calls: FakeCall[] = []
  /** What the token may do. */
  permissions: readonly string[] = ['zone:read', 'dns:read', 'dns:edit']
  /** The most records on a page, however many are asked for. */
  pageLimit = 5_000_000
  /** Seconds that a rate-limited call is told to wait. */
  retryAfter = 0
  /** Runs before a call does its work. */
  before: (call: FakeCall) => void = () => {}
  /** How many calls the token has in a window, which replies then tell of; as many as it likes without it. */
  rate: { readonly calls: number; readonly seconds: number } | undefined
  /** Whether replies tell of a short window first, which is never full: 10 calls a second. */
  tellsOfBursts = false
  /** Calls that came when none was left. */
  refused = 0
  #window = { until: 0, used: 0 }
  readonly #faults = new Map<number, Fault>()

  constructor(base: string | null = 'https://api.cloudflare.com') {
    if (base !== null) interceptAll(base, (request) => this.reply(request))
  }

  addZone(name: string, settings?: FakeZoneSettings): FakeZone {
    const zone = new FakeZone(name, settings)
    this.zones.push(zone)
    return zone
  }

  /** Makes the call with this number, counted from now on from 1, go wrong. */
  faultAt(number: number, fault: Fault): void {
    this.#faults.set(this.calls.length + number, fault)
  }

  /** Nothing goes wrong any more. */
  mend(): void {
    this.#faults.clear()
  }

  close(): void {
    interceptNothing()
  }

  reply({ method, url, body, headers }: Intercepted): ReturnType<typeof faultyReply> {
    const [resource = '', id, ...rest] = url.pathname.replace(/^\/client\/v4\//, '').split('/')
    const last = rest.at(-1) ?? resource
    const what = `${method} ${/^[0-9a-f]{32}$/.test(last) ? 'record' : last}`
    const call = { what, query: Object.fromEntries(url.searchParams), body: (body || {}) as FakeBatch, headers }
    this.calls.push(call)
    const limits = this.#limits()
    const reply = limits && 'refused' in limits ? limits.refused : this.#replyTo(call, id, rest.at(-1))
    return reply && 'headers' in reply && limits
      ? { ...reply, headers: { ...reply.headers, ...limits.headers } }
      : reply
  }

  /** What the limit says of one more call. */
  #limits():
    | { readonly headers: Record<string, string>; readonly refused?: ReturnType<typeof errorReply> }
    | undefined {
    if (this.rate === undefined) return undefined
    const { calls, seconds } = this.rate
    if (Date.now() >= this.#window.until) this.#window = { until: Date.now() + seconds * 1000, used: 0 }
    this.#window.used += 1
    const left = Math.max(0, calls - this.#window.used)
    const reset = Math.ceil((this.#window.until - Date.now()) / 1000)
    const headers = {
      ratelimit: `${this.tellsOfBursts ? '"burst";r=9;t=1, ' : ''}"default";r=${left};t=${reset}`,
      'ratelimit-policy': `${this.tellsOfBursts ? '"burst";q=10;w=1, ' : ''}"default";q=${calls};w=${seconds}`,
    }
    if (this.#window.used <= calls) return { headers }
    this.refused += 1
    const problem = refusal(971, 'Please wait and consider throttling your request speed.', 429)
    return { headers, refused: errorReply(problem, { 'retry-after': String(reset) }) }
  }

  #replyTo(call: FakeCall, id: string | undefined, record: string | undefined): ReturnType<typeof faultyReply> {
    const { what, headers } = call
    const fault = this.#faults.get(this.calls.length)
    if (fault !== undefined && !isAfter(fault)) return faultyReply(fault, this.retryAfter)
    this.before(call)
    const result = this.#denied(what, headers.authorization) ?? this.#answer(call, id, record)
    if (fault !== undefined) return faultyReply(fault, this.retryAfter)
    return isError(result)
      ? errorReply(result)
      : {
          status: 200,
          body: { success: true, errors: [], messages: [], ...result },
          headers: { 'content-type': 'application/json' },
        }
  }

  #denied(what: string, authorization: unknown): ApiError | undefined {
    const [given] = [authorization].flat()
    if (given === undefined) return refusal(9106, 'Missing X-Auth-Key, X-Auth-Email or Authorization headers')
    if (!/^Bearer [\w-]{40,}$/.test(String(given))) return refusal(6003, 'Invalid request headers')
    if (given !== `Bearer ${TOKEN}`) return refusal(9109, 'Invalid access token', 403)
    const needed =
      what === 'GET zones'
        ? 'zone:read'
        : what === 'GET dns_records'
          ? 'dns:read'
          : what in BATCHES
            ? 'dns:edit'
            : undefined
    const allowed = needed === undefined || this.permissions.includes(needed)
    return allowed ? undefined : refusal(10000, 'Authentication error', 403)
  }

  #answer({ what, query, body }: FakeCall, id: string | undefined, record: string | undefined): object | ApiError {
    if (what === 'GET zones') return this.#listZones(query)
    const zone = this.zones.find((one) => one.id === id)
    if (zone === undefined)
      return refusal(7003, `Could not route to /zones/${id}, perhaps your object identifier is invalid?`, 404)
    if (what === 'GET dns_records') return page(zone.records, query, 100, this.pageLimit)
    const batch = BATCHES[what]?.(body, record ?? '')
    if (batch === undefined) return refusal(10404, 'No route for that URI', 404)
    const result = zone.batch(batch)
    if (isError(result)) return result
    return { result: what === 'POST batch' ? result : { ...body, id: record } }
  }

  #listZones(query: Readonly<Record<string, string>>): object | ApiError {
    const account = query['account.id']
    const zones = this.zones
      .filter(({ name }) => query.name === undefined || name === query.name)
      .map((zone) => zone.shown(this.permissions) as { account: { id: string } })
      .filter((zone) => account === undefined || zone.account.id === account)
    return page(zones, query, 20, 50)
  }
}

function isError(result: object): result is ApiError {
  return 'code' in result
}

function page(
  items: readonly object[],
  query: Readonly<Record<string, string>>,
  usual: number,
  limit: number,
): object | ApiError {
  const number = Number(query.page ?? 1)
  const size = Math.min(Number(query.per_page ?? usual), limit)
  const result = items.slice((number - 1) * size, number * size)
  const info = { page: number, per_page: size, count: result.length, total_count: items.length }
  return { result, result_info: { ...info, total_pages: Math.ceil(items.length / size) } }
}
