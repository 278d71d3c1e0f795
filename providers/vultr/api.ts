import type { Address } from '../../records/rr/address.js'
import { type Name, withoutDot } from '../../records/rr/name.js'
import type { Attempt } from '../http/attempts.js'
import type { Reply } from '../http/call.js'
import { notTheApi, type Problem, refusalBehind } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import { Listing } from '../http/listing.js'
import { itemsAt, member, textAt } from '../http/member.js'

/** The calls that the adapter makes (vultr.com/api, v2, as known 2026-11). Each throws MailsyncError. */
export interface VultrApi {
  instances(signal: AbortSignal): Promise<readonly Instance[]>
  /** The PTRs of all IPv4 addresses of an instance; undefined where it is gone. */
  ipv4(instance: string, signal: AbortSignal): Promise<ReadonlyMap<Address, string> | undefined>
  /** Those of IPv6 addresses that somebody has set; undefined where it is gone. */
  ipv6(instance: string, signal: AbortSignal): Promise<ReadonlyMap<Address, string> | undefined>
  set(instance: string, address: Address, ptr: Name | undefined, attempts: Attempt[]): Promise<void>
}

export interface Instance {
  readonly id: string
  readonly mainIp: string | undefined
  /** In CIDR form. */
  readonly v6Networks: readonly string[]
}

/** The largest page there is. */
const A_PAGE = 500

/** Connects without a call. `trying` is for tests. */
export function vultrApi(token: string, trying: Trying = {}): VultrApi {
  const api = {
    who: 'Vultr',
    base: new URL('https://api.vultr.com/v2'),
    headers: () => ({ authorization: `Bearer ${token}` }),
    problemIn,
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  const everyOne = async (doing: string, path: readonly string[], key: string, signal: AbortSignal) => {
    const listing = new Listing<unknown>(api.who)
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const query: Record<string, string | number> = { per_page: A_PAGE, ...(cursor === '' ? {} : { cursor }) }
      const { body } = await call({ doing, method: 'GET', path, query, signal })
      if (!Array.isArray(member(body, key))) throw notTheApi(api)
      listing.add(itemsAt(body, key))
      cursor = listing.next(member(body, 'meta', 'links', 'next'))
    }
    return listing.items
  }
  const ptrs = async (instance: string, family: 'ipv4' | 'ipv6', signal: AbortSignal) => {
    const [path, key] = family === 'ipv4' ? [[family], 'ipv4s'] : [[family, 'reverse'], 'reverse_ipv6s']
    try {
      const all = ['instances', instance, ...path]
      const items = await everyOne(`list the ${family} addresses of an instance`, all, key, signal)
      return new Map(items.map((item) => [textAt(item, 'ip') as Address, textAt(item, 'reverse') ?? '']))
    } catch (error) {
      if (refusalBehind(error as never)?.status === 404) return undefined
      throw error
    }
  }
  return {
    instances: async (signal) =>
      (await everyOne('list the instances', ['instances'], 'instances', signal)).map(instanceOf),
    ipv4: (instance, signal) => ptrs(instance, 'ipv4', signal),
    ipv6: (instance, signal) => ptrs(instance, 'ipv6', signal),
    set: async (instance, ip, ptr, attempts) => {
      const reverse = ['instances', instance, ip.includes(':') ? 'ipv6' : 'ipv4', 'reverse']
      const one = {
        doing: `${ptr === undefined ? 'reset' : 'set'} the PTR of ${ip}`,
        attempts,
        isAnswer: ({ status }: Reply) => status === 204,
      }
      if (ptr !== undefined)
        await call({ ...one, method: 'POST', path: reverse, body: { ip, reverse: withoutDot(ptr) } })
      else if (ip.includes(':')) await call({ ...one, method: 'DELETE', path: [...reverse, ip] })
      else await call({ ...one, method: 'POST', path: [...reverse, 'default'], body: { ip } })
    },
  }
}

function instanceOf(item: unknown): Instance {
  const [network, size] = [textAt(item, 'v6_network'), member(item, 'v6_network_size')]
  return {
    id: textAt(item, 'id') ?? '',
    mainIp: textAt(item, 'main_ip'),
    v6Networks: network === undefined || typeof size !== 'number' ? [] : [`${network}/${size}`],
  }
}

/** `{ error, status }`. */
function problemIn(body: unknown, { status }: { readonly status: number }): Problem | undefined {
  const message = textAt(body, 'error')
  return message === undefined ? undefined : { code: String(status), message }
}
