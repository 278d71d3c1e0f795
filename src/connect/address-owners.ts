import type { ProviderPlugin } from '../../providers/provider.js'
import { ARPA } from '../../records/rr/reverse.js'
import type { MailSpec } from '../../records/spec.js'
import { type MemoryPlace, memoryBesideTheSpec } from '../memory/zone-memory.js'
import { loadPlugin } from './load-plugin.js'

/**
 * The spec with the providers that keep the PTRs of their own addresses: those that a host names, and those at which
 * something of ours is remembered, so that it goes when its host leaves the spec. One whose adapter cannot be loaded is
 * among them, so that this is told.
 */
export async function withAddressOwners(spec: MailSpec, place: Omit<MemoryPlace, 'provider'>): Promise<MailSpec> {
  const named = new Set(spec.hosts.flatMap(({ reverse }) => (typeof reverse === 'object' ? reverse.provider : [])))
  const names = [...spec.providers.keys()].filter(
    (provider) => named.has(provider) || memoryBesideTheSpec({ ...place, provider }).has(ARPA),
  )
  if (names.length === 0) return spec
  const owners = await Promise.all(
    names.map(async (name) => {
      const plugin = await loadPlugin(spec.providers.get(name)?.class ?? '', place.directory, place.within)
      return 'error' in plugin || ownsAddresses(plugin) ? name : []
    }),
  )
  return { ...spec, addressOwners: new Set(owners.flat()) }
}

/** Whether it keeps the PTRs of its own addresses, be it besides zones. */
export function ownsAddresses({ traits, addressOwner }: Pick<ProviderPlugin, 'traits' | 'addressOwner'>): boolean {
  return traits.serves === 'addresses' || addressOwner !== undefined
}
