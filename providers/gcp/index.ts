import { MailsyncError } from '../../records/error.js'
import { type Address, octetsOf } from '../../records/rr/address.js'
import type { Name } from '../../records/rr/name.js'
import { addressPlugin } from '../addresses/address-plugin.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { sending } from '../addresses/sending.js'
import { untilDone } from '../addresses/until-done.js'
import type { Problem } from '../http/failures.js'
import { shortened } from '../http/reply.js'
import type { Pause } from '../http/waiting.js'
import { type AccessConfig, type AccessConfigRef, type GcpApi, gcpApi } from './api.js'
import { optionDocs, parseOptions, serviceAccount } from './options.js'
import { googleToken } from './token.js'

/** External addresses of Google Compute Engine instances, API v1. */
export const plugin = addressPlugin({
  type: 'gcp',
  description: 'Google Cloud: the PTRs of the external IPv4 addresses of Compute Engine instances',
  permissions:
    'a service account with compute.instances.list, compute.instances.get, compute.instances.updateAccessConfig and compute.zoneOperations.get (roles/compute.instanceAdmin.v1 has them); the first two are enough for a plan',
  limits: [
    'Google sets a PTR only for a domain that the service account is an owner of in Search Console.',
    'Addresses of Cloud NAT and of load balancers have no PTR of their own, and Google lets no mail out through port 25.',
  ],
  notEachIpv6: 'a PTR of IPv6 is one of a whole range',
  optionDocs,
  options: parseOptions,
  source: (options, wait, context) => {
    const account = serviceAccount(options, context)
    const trying = { calls: context.calls?.(account.client_email) }
    return instanceAddresses(gcpApi(options.project ?? account.project_id, googleToken(account, trying), trying), wait)
  },
})

export default plugin

/** The external addresses of the instances of a project. */
export function instanceAddresses(api: GcpApi, wait: Pause): AddressSource<AccessConfigRef> {
  return {
    notOurs: 'is no external IPv4 address of an instance of this Google Cloud project',
    find: async (addresses, signal) => {
      const configs = await api.instances(signal)
      const wanted = new Set<string>(addresses)
      return new Map(
        configs
          .filter(({ address }) => wanted.has(address))
          .map((config): [Address, OwnedAddress<AccessConfigRef>] => [config.address as Address, owned(config)]),
      )
    },
    look: async (address, ref, signal) => {
      const config = (await api.instance(ref, signal))?.find((one) => one.address === address)
      return config && owned(config)
    },
    set: (address, ref, ptr) =>
      sending(
        (attempts) => api.updateAccessConfig(ref, ptr, attempts),
        (begun) =>
          untilDone({
            begun,
            isDone: ({ isDone }) => isDone,
            look: ({ zone, name }) => api.operation(zone, name),
            failureOf: ({ problem }) => problem && failed(address, problem),
            who: 'Google Compute Engine',
            wait,
          }),
      ),
  }
}

function owned({ ref, address, ptr }: AccessConfig): OwnedAddress<AccessConfigRef> {
  const name = `${octetsOf(address as Address)
    .reverse()
    .join('.')}.bc.googleusercontent.com.` as Name
  return ownedAddress(ref, ptr, name)
}

function failed(address: Address, { code, message }: Problem): MailsyncError {
  const what = `Google began to change the PTR of ${address} and failed: ${shortened(message)} (${code})`
  return new MailsyncError('rejected', what, { hint: 'plan again to see what the address has now', apiCode: code })
}
