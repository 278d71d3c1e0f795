import { MailsyncError } from '../../records/error.js'
import type { Address } from '../../records/rr/address.js'
import { addressPlugin } from '../addresses/address-plugin.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { withForward } from '../addresses/forward-missing.js'
import { sending } from '../addresses/sending.js'
import { untilDone } from '../addresses/until-done.js'
import type { Problem } from '../http/failures.js'
import type { Pause } from '../http/waiting.js'
import { type AzureApi, azureApi, type PublicIp } from './api.js'
import { optionDocs, parseOptions } from './options.js'

/** Public IP addresses of Azure, API version 2024-05-01. */
export const plugin = addressPlugin({
  type: 'azure',
  description: 'Azure: the PTRs of public IP addresses, those of a NAT gateway among them',
  permissions:
    'an app registration with Microsoft.Network/publicIPAddresses/read and /write on the addresses (the role Network Contributor has them); read is enough for a plan',
  limits: [
    'Azure sets a PTR only once its name leads to the address; a change that somebody else made meanwhile is refused by its ETag.',
    'Azure lets mail out through port 25 only from some kinds of subscriptions.',
  ],
  needsForward: true,
  notEachIpv6: 'a public IP address is a resource of its own',
  optionDocs,
  options: parseOptions,
  source: (options, wait, { calls }) => publicAddresses(azureApi(options, { calls: calls?.(options.client_id) }), wait),
})

export default plugin

/** The public IP addresses of a subscription, each by its resource as it was read. */
export function publicAddresses(api: AzureApi, wait: Pause): AddressSource<PublicIp> {
  return {
    notOurs: 'is no public IP address of this Azure subscription',
    find: async (addresses, signal) => {
      const wanted = new Set<string>(addresses)
      const found = (await api.list(signal)).filter(({ address = '' }) => wanted.has(address))
      return new Map(found.map((ip) => [ip.address as Address, owned(ip)]))
    },
    look: async (address, { id }, signal) => {
      const ip = await api.get(id, signal)
      return ip?.address === address ? owned(ip) : undefined
    },
    set: (address, ip, ptr) =>
      withForward('Azure', address, ptr, isForward, () =>
        sending(
          (attempts) => api.put(ip, ptr, attempts),
          (begun) =>
            untilDone({
              begun,
              isDone: ({ provisioningState }) => provisioningState !== 'Updating',
              look: async ({ id }) => (await api.get(id)) ?? { ...begun, provisioningState: 'Failed' },
              failureOf: ({ provisioningState }) => (provisioningState === 'Failed' ? failed(address) : undefined),
              who: 'Azure',
              wait,
            }),
        ),
      ),
  }
}

function owned(ip: PublicIp): OwnedAddress<PublicIp> {
  return ownedAddress(ip, ip.reverseFqdn)
}

/** `ReverseFqdn… is not resolvable` and its like (learn.microsoft.com/azure/dns/dns-reverse-dns-for-azure-services, as known 2026-11). */
function isForward({ code, message }: Problem): boolean {
  return /reverse ?fqdn/i.test(`${code} ${message}`) || /resolv/i.test(message)
}

function failed(address: Address): MailsyncError {
  return new MailsyncError('rejected', `Azure began to change the PTR of ${address} and failed`, {
    hint: 'the activity log of the public IP address says why',
    apiCode: 'Failed',
  })
}
