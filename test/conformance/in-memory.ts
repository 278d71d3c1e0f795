import type { ConformanceSubject, OpenZone } from '../../conformance/index.js'
import { type MemoryZones, plugin } from '../../providers/memory.js'
import type { Provider } from '../../providers/provider.js'
import type { Name } from '../../records/rr/name.js'
import { keyOf, opaque, type RRset } from '../../records/rr/rrset.js'

/** The memory adapter under test, as it is or changed by `spoil`; its writes are counted below that. */
export function inMemory(spoil: (provider: Provider) => Provider = (provider) => provider): ConformanceSubject {
  return {
    plugin,
    can: {
      putForeign: true,
      putLocked: true,
      countWrites: true,
      check: 'whatever is in memory can be written',
      loseReply: 'nothing is sent, so no reply can be lost',
      cutRead: 'nothing is received, so nothing breaks off',
    },
    open: async (zone: Name, seed: readonly RRset[]): Promise<OpenZone> => {
      let writes = 0
      const zones: MemoryZones = new Map([[zone, new Map(seed.map((rrset) => [keyOf(rrset), rrset]))]])
      const memory = await plugin.connect({ zones }, { directory: '/', zones: [zone] })
      const counted: Provider = {
        ...memory,
        write: (...given) => {
          writes += 1
          return memory.write(...given)
        },
      }
      return {
        provider: spoil(counted),
        writes: () => writes,
        edit: async (rrsets) => {
          for (const rrset of rrsets) {
            if (rrset.rdata.length === 0) zones.get(zone)?.delete(keyOf(rrset))
            else zones.get(zone)?.set(keyOf(rrset), rrset)
          }
        },
        putForeign: async (name) => {
          const dname = opaque(name, 'DNAME', 300, ['elsewhere.example.'])
          zones.get(zone)?.set(keyOf(dname), dname)
          return dname.type
        },
        putLocked: async (name) => {
          const alias: RRset = { name, type: 'A', ttl: 60, rdata: [], locked: 'it is an alias' }
          zones.get(zone)?.set(keyOf(alias), alias)
        },
        close: async () => {},
      }
    },
  }
}
