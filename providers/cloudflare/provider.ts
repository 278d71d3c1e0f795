import { compareRRsets } from '../../records/rr/rrset.js'
import type { ConnectContext, Provider } from '../provider.js'
import { cloudflareApi, type Patience } from './api.js'
import { batchesOf } from './batches.js'
import { checkOf } from './check.js'
import { heldRRsets } from './held.js'
import { limitsOf } from './limits.js'
import { operationCount } from './operations.js'
import type { CloudflareOptions } from './options.js'
import { writeZone } from './write.js'
import { zoneDirectory } from './zones.js'

/** Connects without a call; `patience` is for tests. */
export function connectCloudflare(
  options: CloudflareOptions,
  { zones: declared }: Pick<ConnectContext, 'zones'>,
  patience?: Patience,
): Provider {
  const api = cloudflareApi(options, patience)
  const directory = zoneDirectory(api, declared.length)
  return {
    zones: (signal) => directory.all(signal),
    read: async (name, signal) => {
      const { id } = await directory.find(name, signal)
      const records = await api.records({ id, name }, signal)
      return [...heldRRsets(records, name).values()].map(({ rrset }) => rrset).sort(compareRRsets)
    },
    write: (name, changes, signal) => writeZone(api, directory, name, changes, signal),
    batches: (name, changes) => {
      const zone = directory.known(name)
      const items = changes.map((change) => ({ size: operationCount(change) }))
      return zone === undefined ? 1 : batchesOf(items, limitsOf(zone).operations).length
    },
    check: async (name, signal) => {
      const zone = await directory.find(name, signal)
      await api.records({ id: zone.id, name }, signal)
      return checkOf(zone)
    },
  }
}
