import { MailsyncError } from '../records/error.js'
import type { Name } from '../records/rr/name.js'
import { RRTYPES } from '../records/rr/rdata.js'
import { type AnyRRset, canonical, compareRRsets, keyOf, subjectOf } from '../records/rr/rrset.js'
import { zoneWith } from '../records/rr/zone.js'
import { surpriseIn } from './expect.js'
import type { Provider, ProviderPlugin } from './provider.js'
import { writing } from './write-batches.js'

/** Zones held in memory: owner and type → RRset. Shared by all connections made with the same object. */
export type MemoryZones = Map<Name, Map<string, AnyRRset>>

/** The options of the memory adapter are the zones themselves: it is for tests and for embedding. */
export interface MemoryOptions {
  readonly zones: MemoryZones
}

/** The reference adapter: the contract of provider.ts in its shortest form. */
export const plugin: ProviderPlugin<MemoryOptions> = {
  type: 'memory',
  description: 'Zones in memory, for tests and embedding',
  optionDocs: [{ name: 'zones', required: true, description: 'a Map of zone name to RRsets; only from code' }],
  traits: {
    types: RRTYPES,
    write: 'atomic',
    compareAndSwap: true,
    ttl: { min: 0, max: 2 ** 31 - 1 },
  },
  options: (input) => {
    const zones = (input as { zones?: unknown } | undefined)?.zones
    if (zones instanceof Map) return { zones: zones as MemoryZones }
    throw Object.assign(new Error('invalid options'), {
      issues: [
        { path: ['zones'], message: 'the memory provider takes a Map of zones, so it can only be used from code' },
      ],
    })
  },
  connect: async ({ zones }) => connectMemory(zones),
}

function connectMemory(zones: MemoryZones): Provider {
  const zone = (name: Name): Map<string, AnyRRset> => {
    const found = zones.get(name)
    if (!found) throw new MailsyncError('zone-not-found', `the zone ${name} is not in memory`)
    return found
  }
  return {
    zones: async () => [...zones.keys()],
    read: async (name) => [...zone(name).values()].map((rrset) => canonical(rrset)).sort(compareRRsets),
    write: (name, changes, signal) =>
      writing(name, changes, signal, async () => {
        const sets = zone(name)
        const surprise = surpriseIn(changes, zoneWith(name, [...sets.values()]))
        if (surprise) throw surprise
        for (const change of changes) {
          const subject = subjectOf(change)
          if (change.kind === 'delete') sets.delete(keyOf(subject))
          else sets.set(keyOf(subject), subject)
        }
        return { applied: changes }
      }),
  }
}
