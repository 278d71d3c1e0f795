import * as z from 'zod'
import { type Address, familyOf, isInNetwork } from '../../records/rr/address.js'
import { addressPlugin } from '../addresses/address-plugin.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { sending } from '../addresses/sending.js'
import { tokenOption } from '../option-schemas.js'
import { type VultrApi, vultrApi } from './api.js'

const schema = z.strictObject({ token: tokenOption })

type VultrOptions = z.output<typeof schema>

/** Addresses of Vultr instances, API v2. */
export const plugin = addressPlugin({
  type: 'vultr',
  description: 'Vultr: the PTRs of the addresses of instances',
  permissions:
    'an API key of an account, or of a user with “Manage Servers”; no key has less than its user. Its access control list must let in the address of this machine',
  limits: [
    'Each address of an IPv6 network has a PTR of its own. Vultr takes 6 to 12 hours until a new one is seen.',
    'Addresses of bare metal servers, and reserved ones that no instance has, are not seen.',
  ],
  optionDocs: [{ name: 'token', required: true, secret: true, description: 'an API key; write env/NAME' }],
  options: (input): VultrOptions => schema.parse(input ?? {}),
  source: ({ token }, _, { calls }) => vultrAddresses(vultrApi(token, { calls: calls?.(token) })),
})

export default plugin

/** What an address has that nobody has named, now and before 2021 (docs.vultr.com, as known 2026-11). */
const DEFAULT = /^\d+\.\d+\.\d+\.\d+\.(?:vultrusercontent|vultr)\.com\.$/

/** The addresses of the instances of an account, each by the id of its instance. */
export function vultrAddresses(api: VultrApi): AddressSource<string> {
  return {
    notOurs: 'is no address of an instance of this Vultr account',
    look: (address, instance, signal) => lookAt(api, address, instance, signal),
    find: async (addresses, signal) => {
      const instances = await api.instances(signal)
      const once = remembering(api)
      const found = new Map<Address, OwnedAddress<string>>()
      for (const address of addresses) {
        // An instance has further IPv4 addresses that only its own listing shows.
        const sure = instances.filter(
          ({ mainIp, v6Networks }) => mainIp === address || v6Networks.some((network) => isInNetwork(address, network)),
        )
        for (const { id } of sure.length > 0 || familyOf(address) === 6 ? sure : instances) {
          const owned = await lookAt(once, address, id, signal)
          if (owned) found.set(address, owned)
          if (owned) break
        }
      }
      return found
    },
    set: (address, instance, ptr) => sending((attempts) => api.set(instance, address, ptr, attempts)),
  }
}

async function lookAt(
  api: Pick<VultrApi, 'ipv4' | 'ipv6'>,
  address: Address,
  instance: string,
  signal: AbortSignal,
): Promise<OwnedAddress<string> | undefined> {
  if (familyOf(address) === 4) {
    const ptr = (await api.ipv4(instance, signal))?.get(address)
    return ptr === undefined ? undefined : ownedAddress(instance, ptr, undefined, (name) => DEFAULT.test(name))
  }
  const ptrs = await api.ipv6(instance, signal)
  return ptrs && ownedAddress(instance, ptrs.get(address))
}

/** Lists each instance once, however many addresses are looked for. */
function remembering(api: VultrApi): Pick<VultrApi, 'ipv4' | 'ipv6'> {
  const seen = new Map<string, ReturnType<VultrApi['ipv4']>>()
  const once =
    (family: 'ipv4' | 'ipv6'): VultrApi['ipv4'] =>
    (instance, signal) => {
      const listing = seen.get(`${family} ${instance}`) ?? api[family](instance, signal)
      seen.set(`${family} ${instance}`, listing)
      return listing
    }
  return { ipv4: once('ipv4'), ipv6: once('ipv6') }
}
