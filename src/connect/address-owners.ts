import { basename, dirname, join } from 'node:path'
import { fileError } from '../../providers/files/file-error.js'
import { builtInClasses } from '../../providers/index.js'
import type { ProviderPlugin } from '../../providers/provider.js'
import { ARPA } from '../../records/rr/reverse.js'
import type { MailSpec } from '../../records/spec.js'
import type { SourceTree } from '../source-tree.js'
import { type MemoryPlace, memoryBesideTheSpec } from './memory/zone-memory.js'
import { loadPlugin } from './plugin/load-plugin.js'

/**
 * The spec with the providers that keep the PTRs of their own addresses: those that a host names, and those at which
 * something of ours is remembered, so that it goes when its host leaves the spec. One whose adapter cannot be loaded is
 * among them, so that this is told; of a past tree those whose adapter is no part of mailsync are not.
 */
export async function withAddressOwners(
  spec: MailSpec,
  place: Omit<MemoryPlace, 'provider'>,
  tree: SourceTree,
): Promise<MailSpec> {
  const named = new Set(spec.hosts.flatMap(({ reverse }) => (typeof reverse === 'object' ? reverse.provider : [])))
  const names = [...spec.providers.keys()].filter(
    (provider) =>
      named.has(provider) ||
      isThere(tree, join(place.directory, memoryBesideTheSpec({ ...place, provider }).fileOf(ARPA))),
  )
  if (names.length === 0) return spec
  const owners = await Promise.all(
    names.map(async (name) => {
      const type = spec.providers.get(name)?.class ?? ''
      if (tree.isPast && !builtInClasses.includes(type)) return []
      const plugin = await loadPlugin(type, place.directory, place.within)
      return 'error' in plugin || ownsAddresses(plugin) ? name : []
    }),
  )
  return { ...spec, addressOwners: new Set(owners.flat()) }
}

function isThere(tree: SourceTree, file: string): boolean {
  try {
    return tree.list(dirname(file)).includes(basename(file))
  } catch (error) {
    throw fileError(error, file)
  }
}

/** Whether it keeps the PTRs of its own addresses, be it besides zones. */
function ownsAddresses({ traits, addressOwner }: Pick<ProviderPlugin, 'traits' | 'addressOwner'>): boolean {
  return traits.serves === 'addresses' || addressOwner !== undefined
}
