import type { MailsyncError } from '../../records/error.js'
import { displayName, type Name, relativeTo } from '../../records/rr/name.js'
import type { Attempt } from '../http/attempts.js'
import { notTheApi, type Problem } from '../http/failures.js'
import { type Call, type JsonApi, jsonClient, type Reply, type Trying } from '../http/json-api.js'
import { everyPage, listingChanged, type Page } from '../http/listing.js'
import { isNativeRRset, type NativeRRset } from './convert.js'
import { explain, isBusy } from './errors.js'

/** The calls that the adapter makes (docs.hetzner.cloud/reference/cloud, read 2026-11). Each throws MailsyncError. */
export interface HetznerApi {
  /** One page of the project's zones, of all or of those with this name. */
  zones(page: number, name: string | undefined, signal: AbortSignal): Promise<Page<NativeZone>>
  zone(zone: ZoneRef, signal: AbortSignal): Promise<NativeZone>
  /** Every RRset of a zone, or every one at a name. `again` is false where one attempt is enough. */
  rrsets(zone: ZoneRef, options: { at?: Name; signal?: AbortSignal; again?: boolean }): Promise<readonly NativeRRset[]>
  /** Begins one change; not stopped once it is sent. Every attempt is noted in `attempts`. */
  begin(zone: ZoneRef, step: Step, attempts: Attempt[]): Promise<Action>
  /** How far an action is. */
  action(id: number): Promise<Action>
  /** Whether any action of a zone has not ended yet. */
  isChanging(zone: ZoneRef): Promise<boolean>
}

/** A zone by the API's id and by name. */
export interface ZoneRef {
  readonly id: number
  readonly name: Name
}

export interface NativeZone {
  readonly id: number
  /** In A-labels, without a dot at its end. */
  readonly name: string
  /** Seconds, of the RRsets that have none of their own. */
  readonly ttl: number
  readonly mode?: string
  /** Whether the name servers have what the API has: `ok`, `updating`, `error`. */
  readonly status?: string
  readonly authoritative_nameservers?: {
    readonly assigned?: readonly string[]
    readonly delegation_status?: string
  } | null
}

/** One request that changes one RRset. */
export interface Step {
  readonly doing: string
  /** Of a POST, below `/zones/{id}/rrsets`. */
  readonly path: readonly string[]
  readonly body: object
  /** Whether it is sent at most once, whatever the API is busy with. */
  readonly isOnce?: boolean
}

/** What the API does after it has answered. */
export interface Action {
  readonly id: number
  readonly status: 'running' | 'success' | 'error'
  /** Percent. */
  readonly progress: number | undefined
  /** Why it failed. */
  readonly problem: Problem | undefined
}

const BASE = 'https://api.hetzner.cloud/v1'
/** The largest pages there are; more is refused. */
const ZONES_A_PAGE = 50
const RRSETS_A_PAGE = 100
const HOUR = 3_600_000

/** Connects without a call. `base` and `trying` are for tests. */
export function hetznerApi(token: string, trying: Trying = {}, base = BASE): HetznerApi {
  const api: JsonApi = {
    who: 'Hetzner',
    base: new URL(base),
    headers: () => ({ authorization: `Bearer ${token}`, 'user-agent': 'mailsync' }),
    problemIn,
    isBusy,
    paceOf,
    explain,
  }
  const client = jsonClient(api, trying)
  const strange = (): MailsyncError => notTheApi(api)
  /** One page, as far as it is one of this API; taken for an empty listing, it would make a zone look empty. */
  const page = async <T>(call: Call, key: string, number: number, isItem: (item: unknown) => item is T) => {
    const size = Number(call.query?.per_page)
    const reply = await client({ ...call, query: { ...call.query, page: number } })
    return pageOf(reply, key, number, size, isItem) ?? Promise.reject(strange())
  }
  return {
    zones: (number, name, signal) =>
      page(
        {
          doing: 'list the zones',
          method: 'GET',
          path: ['zones'],
          query: { per_page: ZONES_A_PAGE, ...(name === undefined ? {} : { name }) },
          signal,
        },
        'zones',
        number,
        isNativeZone,
      ),
    zone: async ({ id, name }, signal) => {
      const doing = `show the zone ${displayName(name)}`
      const { body } = await client({ doing, method: 'GET', path: ['zones', id], signal })
      const zone = member(body, 'zone')
      if (!isNativeZone(zone)) throw strange()
      return zone
    },
    rrsets: async ({ id, name }, { at, signal, again }) => {
      const call: Call = {
        doing: `list the RRsets of ${displayName(name)}`,
        method: 'GET',
        path: ['zones', id, 'rrsets'],
        query: { per_page: RRSETS_A_PAGE, ...(at === undefined ? {} : { name: relativeTo(name, at) }) },
        ...(signal && { signal }),
        ...(again === undefined ? {} : { again }),
      }
      const rrsets = await everyPage('Hetzner', (number) => page(call, 'rrsets', number, isNativeRRset))
      if (new Set(rrsets.map((rrset) => `${rrset.name}/${rrset.type}`)).size < rrsets.length)
        throw listingChanged('Hetzner')
      return rrsets
    },
    begin: async ({ id }, { doing, path, body, isOnce }, attempts) => {
      const full = ['zones', id, 'rrsets', ...path]
      const reply = await client({ doing, method: 'POST', path: full, attempts, body, ...(isOnce && { again: false }) })
      return actionOf(member(reply.body, 'action')) ?? Promise.reject(strange())
    },
    action: async (id) => {
      const reply = await client({ doing: 'tell how far a change is', method: 'GET', path: ['actions', id] })
      const action = actionOf(member(reply.body, 'action'))
      if (action?.id !== id) throw strange()
      return action
    },
    isChanging: async ({ id, name }) => {
      const doing = `list the running changes of ${displayName(name)}`
      const query = { status: 'running', per_page: 1 }
      const reply = await client({ doing, method: 'GET', path: ['zones', id, 'actions'], query })
      const actions = member(reply.body, 'actions')
      if (!Array.isArray(actions)) throw strange()
      return actions.length > 0
    },
  }
}

function member(body: unknown, key: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined
}

function problemIn(body: unknown): Problem | undefined {
  return problemOf(member(body, 'error'))
}

function problemOf(error: unknown): Problem | undefined {
  const [code, message] = [member(error, 'code'), member(error, 'message')]
  return typeof code === 'string' && code !== '' ? { code, message: String(message ?? '') } : undefined
}

/**
 * A project has 3,600 requests an hour as a rule, and gets them back one by one. `RateLimit-Remaining` says how many are left
 * (docs.hetzner.cloud/reference/cloud#rate-limiting, read 2026-11).
 */
function paceOf(headers: Headers): number {
  const [limit, remaining] = ['limit', 'remaining'].map((name) => headers.get(`ratelimit-${name}`) ?? '')
  if (!/^\d+$/.test(remaining as string) || !/^[1-9]\d*$/.test(limit as string)) return 0
  return Number(remaining) > 0 ? 0 : HOUR / Number(limit)
}

function pageOf<T>(
  { body }: Reply,
  key: string,
  number: number,
  size: number,
  isItem: (item: unknown) => item is T,
): Page<T> | undefined {
  const items = member(body, key)
  const pagination = member(member(body, 'meta'), 'pagination')
  const [page, total] = [member(pagination, 'page'), member(pagination, 'total_entries')]
  if (!Array.isArray(items) || !items.every(isItem) || page !== number) return undefined
  if (total !== null && total !== undefined && !(typeof total === 'number' && total >= 0)) return undefined
  return { items, total: total ?? undefined, size }
}

function isNativeZone(item: unknown): item is NativeZone {
  return (
    Number.isSafeInteger(member(item, 'id')) &&
    typeof member(item, 'name') === 'string' &&
    typeof member(item, 'ttl') === 'number'
  )
}

function actionOf(action: unknown): Action | undefined {
  const [id, status, progress] = [member(action, 'id'), member(action, 'status'), member(action, 'progress')]
  if (!Number.isSafeInteger(id) || (status !== 'running' && status !== 'success' && status !== 'error'))
    return undefined
  return {
    id: id as number,
    status,
    progress: typeof progress === 'number' ? progress : undefined,
    problem: problemOf(member(action, 'error')),
  }
}
