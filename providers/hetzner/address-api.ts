import { type Address, heldAddress } from '../../records/rr/address.js'
import { type Name, withoutDot } from '../../records/rr/name.js'
import type { Attempt } from '../http/attempts.js'
import { refusalBehind } from '../http/failures.js'
import { everyPage } from '../http/listing.js'
import { member, textAt } from '../http/member.js'
import { type Action, type HetznerClient, notHetzner } from './client.js'

/** What has addresses in a project, in the order in which it is looked through: a server's own are Primary IPs since 2022. */
export const RESOURCES = ['primary_ips', 'floating_ips', 'servers'] as const

/** What a change of a PTR is sent to. */
export interface Resource {
  readonly kind: (typeof RESOURCES)[number]
  readonly id: number
}

/** The addresses of one resource, and their PTRs as the API has them. */
export interface AddressedResource {
  readonly resource: Resource
  /** Addresses, and networks in CIDR form. */
  readonly networks: readonly string[]
  readonly ptrs: ReadonlyMap<Address, string>
}

/** The calls that the adapter makes about addresses. Each throws MailsyncError. */
export interface AddressApi {
  list(kind: Resource['kind'], signal: AbortSignal): Promise<readonly AddressedResource[]>
  /** Undefined where there is none any more. */
  get(resource: Resource, signal: AbortSignal): Promise<AddressedResource | undefined>
  /** Begins to set a PTR, or to give the default back; not stopped once it is sent. */
  changePtr(resource: Resource, ip: Address, ptr: Name | undefined, attempts: Attempt[]): Promise<Action>
}

/** The largest page there is. */
const A_PAGE = 50

export function addressApi({ call, page, begin }: HetznerClient): AddressApi {
  return {
    list: async (kind, signal) => {
      const doing = `list the ${wordsOf(kind)}s`
      const listing = { doing, method: 'GET', path: [kind], query: { per_page: A_PAGE }, signal } as const
      const items = await everyPage('Hetzner', (number) => page(listing, kind, number, isIdentified))
      return items.map((item) => addressed(kind, item))
    },
    get: async ({ kind, id }, signal) => {
      try {
        const { body } = await call({
          doing: `show the ${wordsOf(kind)} ${id}`,
          method: 'GET',
          path: [kind, id],
          signal,
        })
        const item = member(body, kind.slice(0, -1))
        if (!isIdentified(item)) throw notHetzner()
        return addressed(kind, item)
      } catch (error) {
        if (refusalBehind(error as never)?.problem.code === 'not_found') return undefined
        throw error
      }
    },
    changePtr: ({ kind, id }, ip, ptr, attempts) =>
      begin({
        doing: `${ptr === undefined ? 'reset' : 'set'} the PTR of ${ip}`,
        method: 'POST',
        path: [kind, id, 'actions', 'change_dns_ptr'],
        body: { ip, dns_ptr: ptr === undefined ? null : withoutDot(ptr) },
        attempts,
      }),
  }
}

function wordsOf(kind: Resource['kind']): string {
  return { primary_ips: 'Primary IP', floating_ips: 'Floating IP', servers: 'server' }[kind]
}

interface Identified {
  readonly id: number
}

function isIdentified(item: unknown): item is Identified {
  return Number.isSafeInteger(member(item, 'id'))
}

function addressed(kind: Resource['kind'], item: Identified): AddressedResource {
  const net = member(item, 'public_net')
  const holders = kind === 'servers' ? [member(net, 'ipv4'), member(net, 'ipv6')] : [item]
  return {
    resource: { kind, id: item.id },
    networks: holders.flatMap((holder) => textAt(holder, 'ip') ?? []),
    ptrs: new Map(holders.flatMap(ptrsOf)),
  }
}

/** A server has one PTR for its IPv4 address and a list for IPv6; the others have a list. */
function ptrsOf(holder: unknown): [Address, string][] {
  const found = member(holder, 'dns_ptr')
  const entries = Array.isArray(found) ? found : [holder]
  return entries.flatMap((entry): [Address, string][] => {
    const [ip, ptr] = [textAt(entry, 'ip'), textAt(entry, 'dns_ptr')]
    const address = ip === undefined ? undefined : heldAddress(ip)
    return address === undefined || ptr === undefined ? [] : [[address, ptr]]
  })
}
