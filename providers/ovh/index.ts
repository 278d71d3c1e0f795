import type { Address } from '../../records/rr/address.js'
import { addressPlugin } from '../addresses/address-plugin.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { withForward } from '../addresses/forward-missing.js'
import { sending } from '../addresses/sending.js'
import type { Problem } from '../http/failures.js'
import { type OvhApi, ovhApi } from './api.js'
import { optionDocs, parseOptions } from './options.js'

/** Addresses at OVHcloud, API 1.0. */
export const plugin = addressPlugin({
  type: 'ovh',
  description: 'OVHcloud: the PTRs of servers, VPS and additional IPs',
  permissions: 'keys with the rights GET, POST and DELETE on /ip and /ip/*; GET is enough for a plan',
  limits: [
    'Each address of a block or an IPv6 network has a PTR of its own. Looking at one is two calls.',
    'OVHcloud sets a PTR only once its name leads to the address.',
  ],
  needsForward: true,
  optionDocs,
  options: parseOptions,
  source: (options, _, { calls }) => ovhAddresses(ovhApi(options, { calls: calls?.(options.application_key) })),
})

export default plugin

/** Names of OVHcloud's own: `ns3012345.ip-192-0-2.eu.`, `vps-1a2b3c4d.vps.ovh.net.` (help.ovhcloud.com, as known 2026-11). */
const DEFAULT = /\.(?:ip-\d+-\d+-\d+\.(?:eu|net|us|com)|vps\.ovh\.(?:net|ca|us)|ovh\.net)\.$/

/** The addresses of an account, each by the block it is in. */
export function ovhAddresses(api: OvhApi): AddressSource<string> {
  const look = async (address: Address, block: string, signal: AbortSignal): Promise<OwnedAddress<string>> =>
    ownedAddress(block, await api.ptr(block, address, signal), undefined, (ptr) => DEFAULT.test(ptr))
  return {
    notOurs: 'is in no block of this OVHcloud account',
    look,
    find: async (addresses, signal) => {
      const found = new Map<Address, OwnedAddress<string>>()
      for (const address of addresses) {
        const block = await api.blockOf(address, signal)
        if (block !== undefined) found.set(address, await look(address, block, signal))
      }
      return found
    },
    set: (address, block, ptr) =>
      withForward('OVHcloud', address, ptr, isForward, () =>
        sending((attempts) => api.set(block, address, ptr, attempts)),
      ),
  }
}

/** `mail.example.com. does not resolve to 192.0.2.42`, as users report it (read 2026-11). */
function isForward({ message }: Problem): boolean {
  return /cannot check|resolv|forward|\breverse[sd]? by\b/i.test(message)
}
