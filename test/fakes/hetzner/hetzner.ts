import { type FaultyReply, faultyReply, type HttpFault, isAfter, JSON_TYPE } from '../http-fault.js'
import { interceptAll, interceptNothing } from '../intercept-all.js'
import { type FakeRRset, type HetznerError, refusal } from './rules.js'
import { type FakeAction, FakeHetznerZone, type RRsetRequest } from './zone.js'

export const TOKEN = 'a-token-that-must-never-be-seen-0123456789'

export interface FakeCall {
  /** For example `GET rrsets` or `POST add_records`. */
  readonly what: string
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly body: RRsetRequest['body'] & { readonly name?: string; readonly type?: string }
}

export type Fault = HttpFault | HetznerError

type Answer = object | HetznerError

let actionIds = 100

/**
 * A stateful Hetzner Cloud API behind nock: zones, RRsets, actions that take their time, limits, tokens and faults. One at a
 * time. Time goes by with the requests.
 */
export class FakeHetzner {
  readonly zones: FakeHetznerZone[] = []
  readonly calls: FakeCall[] = []
  readonly actions: FakeAction[] = []
  mayWrite = true
  /** Requests after which an action ends; 0: it has ended when it is answered. */
  duration = 1
  /** Somebody else's action runs: the next write is refused for it. */
  isLocked = false
  /** The next action with this command fails at its end. */
  failing: string | undefined
  /** Requests that are left; each gets one back only where a test gives it. */
  quota = Number.POSITIVE_INFINITY
  readonly hourly = 3600
  /** Seconds that a call over the limit is told to wait; undefined: it is not told. */
  retryAfter: number | undefined
  /** Runs before a call does its work. */
  before: (call: FakeCall) => void = () => {}
  readonly #faults = new Map<number, Fault>()

  constructor(base = 'https://api.hetzner.cloud') {
    interceptAll(base, ({ method, url, body, headers }) => this.#reply(method, url, body, headers))
  }

  addZone(name: string, ttl?: number): FakeHetznerZone {
    const zone = new FakeHetznerZone(name, ttl)
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

  /** All that was begun ends. */
  settle(): void {
    while (this.actions.some(({ isDone }) => !isDone)) this.#passTime()
  }

  close(): void {
    interceptNothing()
  }

  #passTime(): void {
    for (const action of this.actions) {
      if (action.isDone || action.left-- > 0) continue
      action.isDone = true
      const failed = this.failing === action.command
      if (failed) this.failing = undefined
      action.error = failed ? { code: 'action_failed', message: 'Action failed' } : (action.effect() ?? null)
    }
  }

  #reply(method: string, url: URL, body: unknown, headers: Readonly<Record<string, unknown>>): FaultyReply {
    const path = url.pathname
      .replace(/^\/v1\//, '')
      .split('/')
      .map(decodeURIComponent)
    const last = path.at(-1) ?? ''
    const what = `${method} ${/^\d+$/.test(last) ? path.at(-2)?.replace(/s$/, '') : last}`
    const call = { what, path, query: url.searchParams, body: (body || {}) as FakeCall['body'] }
    this.calls.push(call)
    const fault = this.#faults.get(this.calls.length)
    if (fault !== undefined && !isLate(fault)) return replyTo(fault)
    this.before(call)
    this.#passTime()
    const result = this.#limited() ?? this.#denied(method, headers.authorization) ?? this.#answer(method, call)
    if (fault !== undefined) return replyTo(fault)
    const reply = isError(result)
      ? errorReply(result)
      : { status: method === 'GET' ? 200 : 201, body: result, headers: JSON_TYPE }
    return { ...reply, headers: { ...reply.headers, ...this.#limits(result) } }
  }

  #limited(): HetznerError | undefined {
    if (this.quota < 1) return refusal(429, 'rate_limit_exceeded', 'limit of 3600 requests per hour reached')
    this.quota -= 1
    return undefined
  }

  #limits(result: Answer): Record<string, string> {
    const left = Math.min(this.quota, this.hourly)
    const reset = Math.floor(Date.now() / 1000) + this.hourly - left
    const wait = isError(result) && result.status === 429 && this.retryAfter !== undefined
    return {
      'RateLimit-Limit': String(this.hourly),
      'RateLimit-Remaining': String(left),
      'RateLimit-Reset': String(reset),
      ...(wait ? { 'Retry-After': String(this.retryAfter) } : {}),
    }
  }

  #denied(method: string, authorization: unknown): HetznerError | undefined {
    if ([authorization].flat()[0] !== `Bearer ${TOKEN}`)
      return refusal(401, 'unauthorized', 'the request you made was not authorized')
    return method === 'GET' || this.mayWrite ? undefined : refusal(403, 'token_readonly', 'the token is read-only')
  }

  #answer(method: string, call: FakeCall): Answer {
    const [resource, id, part, name = '', type = '', , action = ''] = call.path
    if (resource === 'actions') {
      const found = this.actions.find((one) => String(one.id) === id)
      return found ? { action: shown(found) } : refusal(404, 'not_found', 'action not found')
    }
    if (resource !== 'zones') return refusal(404, 'not_found', 'no such route')
    if (id === undefined) return this.#listZones(call.query)
    const zone = this.zones.find((one) => String(one.id) === id || one.name === id)
    if (!zone) return refusal(404, 'not_found', `zone with ID '${id}' not found`)
    if (part === undefined) return { zone }
    if (part === 'actions') return this.#listActions(zone, call.query)
    if (zone.isSecondary) return refusal(422, 'incorrect_zone_mode', 'zone is not in primary mode')
    if (method === 'GET') return listRRsets(zone, call.query)
    const { body } = call
    const request: RRsetRequest =
      name === ''
        ? { name: String(body.name), type: String(body.type), action: 'create', body }
        : { name, type, action: method === 'DELETE' ? 'delete' : action, body }
    return this.#begin(zone, request)
  }

  #begin(zone: FakeHetznerZone, request: RRsetRequest): Answer {
    const isLocked = this.isLocked || this.actions.some((one) => one.zone === zone && !one.isDone)
    this.isLocked = false
    if (isLocked) return refusal(423, 'locked', 'zone is locked, another action is running')
    const result = zone.after(request)
    if (result !== undefined && isError(result)) return result
    const action: FakeAction = {
      id: ++actionIds,
      command: request.action,
      zone,
      effect: () => zone.carryOut(request),
      left: this.duration - 1,
      error: null,
      isDone: false,
    }
    this.actions.push(action)
    if (this.duration === 0) this.#passTime()
    return {
      action: shown(action),
      ...(request.action === 'create' ? { rrset: result && shownRRset(zone, result) } : {}),
    }
  }

  #listZones(query: URLSearchParams): Answer {
    const name = query.get('name')
    return page(
      'zones',
      this.zones.filter((zone) => name === null || zone.name === name),
      query,
      50,
    )
  }

  #listActions(zone: FakeHetznerZone, query: URLSearchParams): Answer {
    const running = query.get('status') === 'running'
    const own = this.actions.filter((one) => one.zone === zone && !(running && one.isDone))
    return page('actions', own.map(shown), query, 50)
  }
}

function listRRsets(zone: FakeHetznerZone, query: URLSearchParams): Answer {
  const name = query.get('name')
  return page(
    'rrsets',
    zone.rrsets.filter((rrset) => name === null || rrset.name === name).map((rrset) => shownRRset(zone, rrset)),
    query,
    100,
  )
}

function shownRRset(zone: FakeHetznerZone, rrset: FakeRRset): object {
  return { id: `${rrset.name}/${rrset.type}`, zone: zone.id, labels: {}, ...rrset }
}

function shown({ id, command, isDone, error }: FakeAction): object {
  const status = isDone ? (error ? 'error' : 'success') : 'running'
  return { id, command, status, progress: isDone ? 100 : 50, error }
}

function page(key: string, items: readonly object[], query: URLSearchParams, most: number): Answer {
  const number = Number(query.get('page') ?? 1)
  const size = Number(query.get('per_page') ?? 25)
  if (!(size >= 1 && size <= most)) return refusal(422, 'invalid_input', `per_page must be at most ${most}`)
  const last = Math.max(1, Math.ceil(items.length / size))
  const pagination = {
    page: number,
    per_page: size,
    previous_page: number > 1 ? number - 1 : null,
    next_page: number < last ? number + 1 : null,
    last_page: last,
    total_entries: items.length,
  }
  return { [key]: items.slice((number - 1) * size, number * size), meta: { pagination } }
}

function isError(result: object): result is HetznerError {
  return 'code' in result && 'status' in result
}

function isLate(fault: Fault): boolean {
  return !(typeof fault === 'object' && isError(fault)) && isAfter(fault as HttpFault)
}

function replyTo(fault: Fault): FaultyReply {
  return typeof fault === 'object' && isError(fault) ? errorReply(fault) : faultyReply(fault as HttpFault)
}

function errorReply({ status, code, message }: HetznerError): Exclude<FaultyReply, undefined | { error: unknown }> {
  return { status, body: { error: { code, message, details: null } }, headers: JSON_TYPE }
}
