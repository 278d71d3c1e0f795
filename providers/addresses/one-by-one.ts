import type { Address } from '../../records/rr/address.js'
import type { AddressSource, OwnedAddress } from './connect-addresses.js'

/** Looks at an address; undefined where the account does not have it. */
type Look = (address: Address, signal: AbortSignal) => Promise<OwnedAddress<undefined> | undefined>

/** The two ways to read of an API that is asked for each address on its own: no listing of it tells which ones there are. */
export function oneByOne(look: Look): Pick<AddressSource<undefined>, 'find' | 'look'> {
  return {
    find: async (addresses, signal) => {
      const found = new Map<Address, OwnedAddress<undefined>>()
      for (const address of addresses) {
        const owned = await look(address, signal)
        if (owned) found.set(address, owned)
      }
      return found
    },
    look: (address, _, signal) => look(address, signal),
  }
}
