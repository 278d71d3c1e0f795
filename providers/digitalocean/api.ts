import type { Attempt } from '../http/attempts.js'
import { notTheApi, type Problem, refusalBehind } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import { everyPage } from '../http/listing.js'
import { itemsAt, member, textAt } from '../http/member.js'

/** The calls that the adapter makes (docs.digitalocean.com/reference/api, v2, as known 2026-11). Each throws MailsyncError. */
export interface DigitalOceanApi {
  droplets(signal: AbortSignal): Promise<readonly Droplet[]>
  /** Undefined where it is gone. */
  droplet(id: number, signal: AbortSignal): Promise<Droplet | undefined>
  /** Begins to rename a Droplet. */
  rename(id: number, name: string, attempts: Attempt[]): Promise<DropletAction>
  action(id: number): Promise<DropletAction>
}

export interface Droplet {
  readonly id: number
  readonly name: string
  /** Public ones; of IPv6 the first. */
  readonly addresses: readonly string[]
}

export interface DropletAction {
  readonly id: number
  readonly status: 'in-progress' | 'completed' | 'errored'
}

/** The largest page there is. */
const A_PAGE = 200

/** Connects without a call. `trying` is for tests. */
export function digitalOceanApi(token: string, trying: Trying = {}): DigitalOceanApi {
  const api = {
    who: 'DigitalOcean',
    base: new URL('https://api.digitalocean.com/v2'),
    headers: () => ({ authorization: `Bearer ${token}` }),
    problemIn,
    isBusy: ({ message }) => /pending event/i.test(message),
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  const own = <T>(value: T | undefined): T | Promise<never> => value ?? Promise.reject(notTheApi(api))
  return {
    droplets: (signal) =>
      everyPage(api.who, async (page) => {
        const query = { page, per_page: A_PAGE }
        const { body } = await call({ doing: 'list the Droplets', method: 'GET', path: ['droplets'], query, signal })
        const [items, total] = [itemsAt(body, 'droplets').map(dropletOf), member(body, 'meta', 'total')]
        if (!Array.isArray(member(body, 'droplets')) || items.includes(undefined)) throw notTheApi(api)
        return { items: items as Droplet[], total: typeof total === 'number' ? total : undefined, size: A_PAGE }
      }),
    droplet: async (id, signal) => {
      try {
        const { body } = await call({ doing: `show Droplet ${id}`, method: 'GET', path: ['droplets', id], signal })
        return await own(dropletOf(member(body, 'droplet')))
      } catch (error) {
        if (refusalBehind(error as never)?.status === 404) return undefined
        throw error
      }
    },
    rename: async (id, name, attempts) => {
      const doing = `rename Droplet ${id} to ${name}`
      const path = ['droplets', id, 'actions']
      const { body } = await call({ doing, method: 'POST', path, body: { type: 'rename', name }, attempts })
      return own(actionOf(member(body, 'action')))
    },
    action: async (id) => {
      const { body } = await call({ doing: 'tell how far a rename is', method: 'GET', path: ['actions', id] })
      return own(actionOf(member(body, 'action')))
    },
  }
}

function dropletOf(item: unknown): Droplet | undefined {
  const [id, name] = [member(item, 'id'), textAt(item, 'name')]
  if (typeof id !== 'number' || name === undefined) return undefined
  const publicOnes = (family: 'v4' | 'v6'): string[] =>
    itemsAt(item, 'networks', family).flatMap((net) =>
      textAt(net, 'type') === 'public' ? (textAt(net, 'ip_address') ?? []) : [],
    )
  return { id, name, addresses: [...publicOnes('v4'), ...publicOnes('v6').slice(0, 1)] }
}

function actionOf(action: unknown): DropletAction | undefined {
  const [id, status] = [member(action, 'id'), member(action, 'status')]
  if (typeof id !== 'number' || (status !== 'in-progress' && status !== 'completed' && status !== 'errored'))
    return undefined
  return { id, status }
}

/** `{ id, message, request_id }`. */
function problemIn(body: unknown): Problem | undefined {
  const [code, message] = [textAt(body, 'id'), textAt(body, 'message')]
  return code === undefined || message === undefined ? undefined : { code, message }
}
