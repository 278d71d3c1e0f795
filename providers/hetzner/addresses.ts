import { MailsyncError } from '../../records/error.js'
import { type Address, isInNetwork } from '../../records/rr/address.js'
import { displayName } from '../../records/rr/name.js'
import { type AddressSource, type OwnedAddress, ownedAddress } from '../addresses/connect-addresses.js'
import { sending } from '../addresses/sending.js'
import type { Pause } from '../http/waiting.js'
import { ActionFailed, finish } from './actions.js'
import { type AddressedResource, addressApi, RESOURCES, type Resource } from './address-api.js'
import type { HetznerClient } from './client.js'
import { hetznerDefault } from './default-name.js'

/** The addresses of a Hetzner Cloud project. */
export function hetznerAddresses(client: HetznerClient, wait: Pause): AddressSource<Resource> {
  const api = addressApi(client)
  return {
    notOurs: 'is no address of the Hetzner Cloud project of this API token',
    find: async (addresses, signal) => {
      const found = new Map<Address, OwnedAddress<Resource>>()
      for (const kind of RESOURCES) {
        const left = addresses.filter((address) => !found.has(address))
        if (left.length === 0) break
        const resources = await api.list(kind, signal)
        for (const address of left) {
          const own = resources.find(({ networks }) => networks.some((network) => isInNetwork(address, network)))
          if (own) found.set(address, owned(address, own))
        }
      }
      return found
    },
    look: async (address, resource, signal) => {
      const now = await api.get(resource, signal)
      return now?.networks.some((network) => isInNetwork(address, network)) ? owned(address, now) : undefined
    },
    set: (address, resource, ptr) =>
      sending(
        (attempts) => api.changePtr(resource, address, ptr, attempts),
        async (action) => {
          const to = ptr === undefined ? 'its default' : displayName(ptr)
          try {
            await finish(client, action, `change the PTR of ${address} to ${to}`, wait)
            return { kind: 'written' }
          } catch (error) {
            if (!(error instanceof MailsyncError)) throw error
            return { kind: 'lost', failure: error, over: error.cause instanceof ActionFailed }
          }
        },
      ),
  }
}

function owned(address: Address, { resource, ptrs }: AddressedResource): OwnedAddress<Resource> {
  return ownedAddress(resource, ptrs.get(address), hetznerDefault(address))
}
