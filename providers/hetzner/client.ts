import type { MailsyncError } from '../../records/error.js'
import type { Call, Reply } from '../http/call.js'
import { notTheApi, type Problem } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import type { Page } from '../http/listing.js'
import { member } from '../http/member.js'
import { explain, isBusy } from './errors.js'

/** The Hetzner Cloud API (docs.hetzner.cloud/reference/cloud, read 2026-11). What is called throws MailsyncError. */
export interface HetznerClient {
  call(call: Call): Promise<Reply>
  /** One page of a listing whose call names `per_page`; taken for an empty one, it would make an account look empty. */
  page<T>(call: Call, key: string, number: number, isItem: (item: unknown) => item is T): Promise<Page<T>>
  /** Begins what goes on after the reply. */
  begin(call: Call): Promise<Action>
  /** How far an action is. */
  action(id: number): Promise<Action>
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
const HOUR = 3_600_000

/** Connects without a call. `base` and `trying` are for tests. */
export function hetznerClient(token: string, trying: Trying = {}, base = BASE): HetznerClient {
  const call = jsonClient(
    {
      who: 'Hetzner',
      base: new URL(base),
      headers: () => ({ authorization: `Bearer ${token}` }),
      problemIn,
      isBusy,
      paceOf,
      explain,
    } satisfies JsonApi,
    trying,
  )
  return {
    call,
    page: async (listing, key, number, isItem) => {
      const size = Number(listing.query?.per_page)
      const reply = await call({ ...listing, query: { ...listing.query, page: number } })
      return pageOf(reply, key, number, size, isItem) ?? Promise.reject(notHetzner())
    },
    begin: async (beginning) => {
      const { body } = await call(beginning)
      return actionOf(member(body, 'action')) ?? Promise.reject(notHetzner())
    },
    action: async (id) => {
      const reply = await call({ doing: 'tell how far a change is', method: 'GET', path: ['actions', id] })
      const action = actionOf(member(reply.body, 'action'))
      if (action?.id !== id) throw notHetzner()
      return action
    },
  }
}

/** The failure of a reply that is not of the form that the API has. */
export function notHetzner(): MailsyncError {
  return notTheApi({ who: 'Hetzner' })
}

function problemIn(body: unknown): Problem | undefined {
  return problemOf(member(body, 'error'))
}

function problemOf(error: unknown): Problem | undefined {
  const [code, message] = [member(error, 'code'), member(error, 'message')]
  return typeof code === 'string' && code !== ''
    ? { code, message: typeof message === 'string' ? message : '' }
    : undefined
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
