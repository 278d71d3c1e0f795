import * as z from 'zod'
import { type Address, familyOf } from '../../records/rr/address.js'
import { withoutDot } from '../../records/rr/name.js'
import { addressPlugin } from '../addresses/address-plugin.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { withForward } from '../addresses/forward-missing.js'
import { sending } from '../addresses/sending.js'
import { notTheApi, type Problem, refusalBehind } from '../http/failures.js'
import { type JsonApi, jsonClient, type Trying } from '../http/json-api.js'
import { everyPage } from '../http/listing.js'
import { itemsAt, member, textAt } from '../http/member.js'
import { tokenOption } from '../option-schemas.js'

const schema = z.strictObject({
  token: tokenOption,
  zone: z.string().regex(/^[a-z]{2}-[a-z]{3}-\d$/, 'the name of a zone, such as fr-par-1'),
})

type ScalewayOptions = z.output<typeof schema>

/** Flexible IPs of Scaleway Instances, API v1. */
export const plugin = addressPlugin({
  type: 'scaleway',
  description: 'Scaleway: the PTRs of flexible IPv4 addresses of Instances',
  permissions: 'an API key whose policy has InstancesFullAccess in the project; InstancesReadOnly is enough for a plan',
  limits: [
    'A provider has the addresses of one zone. Those of Elastic Metal and Dedibox are set elsewhere, and so are IPv6 addresses.',
    'Scaleway sets a PTR only once its name leads to the address.',
  ],
  needsForward: true,
  notEachIpv6: 'the API sets no PTR for one IPv6 address',
  optionDocs: [
    { name: 'token', required: true, secret: true, description: 'the secret key of an API key; write env/NAME' },
    { name: 'zone', required: true, usual: 'fr-par-1', description: 'the zone of the addresses, such as fr-par-1' },
  ],
  options: (input): ScalewayOptions => schema.parse(input ?? {}),
  source: (options, _, { calls }) => scalewayAddresses(options, { calls: calls?.(options.token) }),
})

export default plugin

/** Names of Scaleway's own (console, as known 2026-11). */
const DEFAULT = /\.(?:scw\.cloud|poneytelecom\.eu)\.$/
/** The largest page there is. */
const A_PAGE = 100

/** @param trying for tests */
export function scalewayAddresses({ token, zone }: ScalewayOptions, trying: Trying = {}): AddressSource<string> {
  const api = {
    who: 'Scaleway',
    base: new URL(`https://api.scaleway.com/instance/v1/zones/${zone}`),
    headers: () => ({ 'x-auth-token': token }),
    problemIn,
  } satisfies JsonApi
  const call = jsonClient(api, trying)
  return {
    notOurs: `is no flexible IPv4 address of this Scaleway project in ${zone}`,
    find: async (addresses, signal) => {
      const doing = 'list the flexible IPs'
      const ips = await everyPage(api.who, async (page) => {
        const query = { page, per_page: A_PAGE }
        const { body, headers } = await call({ doing, method: 'GET', path: ['ips'], query, signal })
        if (!Array.isArray(member(body, 'ips'))) throw notTheApi(api)
        const total = headers.get('x-total-count')
        return { items: itemsAt(body, 'ips'), total: total === null ? undefined : Number(total), size: A_PAGE }
      })
      const wanted = new Set(addresses.filter((address) => familyOf(address) === 4))
      return new Map(
        ips.flatMap((ip): [Address, OwnedAddress<string>][] => {
          const [address, owned] = [textAt(ip, 'address') as Address | undefined, ownedIp(ip)]
          return address !== undefined && owned && wanted.has(address) ? [[address, owned]] : []
        }),
      )
    },
    look: async (address, id, signal) => {
      try {
        const { body } = await call({ doing: `show the address ${address}`, method: 'GET', path: ['ips', id], signal })
        const ip = member(body, 'ip')
        return textAt(ip, 'address') === address ? ownedIp(ip) : undefined
      } catch (error) {
        if (refusalBehind(error as never)?.status === 404) return undefined
        throw error
      }
    },
    set: (address, id, ptr) =>
      withForward(api.who, address, ptr, isForward, () =>
        sending((attempts) =>
          call({
            doing: `${ptr === undefined ? 'reset' : 'set'} the PTR of ${address}`,
            method: 'PATCH',
            path: ['ips', id],
            body: { reverse: ptr === undefined ? null : withoutDot(ptr) },
            attempts,
            isAnswer: (reply) => textAt(reply.body, 'ip', 'id') !== undefined,
          }),
        ),
      ),
  }
}

function ownedIp(ip: unknown): OwnedAddress<string> | undefined {
  const id = textAt(ip, 'id')
  return id === undefined ? undefined : ownedAddress(id, textAt(ip, 'reverse'), undefined, (ptr) => DEFAULT.test(ptr))
}

/** `reverse does not respect constraint, Your reverse must resolve. Ensure the command 'dig +short …`, as users report it (read 2026-11). */
function isForward({ message }: Problem): boolean {
  return /resolv|dig \+short/i.test(message)
}

/** `{ type, message, details: [{ argument_name, help_message }] }` (scaleway.com/en/developers/api, as known 2026-11). */
function problemIn(body: unknown): Problem | undefined {
  const [code, message] = [textAt(body, 'type'), textAt(body, 'message')]
  if (code === undefined || message === undefined) return undefined
  const details = itemsAt(body, 'details').flatMap((detail) => textAt(detail, 'help_message') ?? [])
  return { code, message: [message, ...details].join(': ') }
}
