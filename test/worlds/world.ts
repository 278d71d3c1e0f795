import { type MemoryZones, plugin } from '../../providers/memory.js'
import type { Provider, ProviderPlugin } from '../../providers/provider.js'
import type { Name } from '../../records/rr/name.js'
import { compareRRsets, isKnown, keyOf, type RRset, rdataTexts } from '../../records/rr/rrset.js'
import type { Connected } from '../../src/connect/connect.js'

/** Providers whose zones are held in memory, to be planned and applied against. */
export interface World {
  readonly providers: ReadonlyMap<string, Connected>
  /** Provider → its zones, to be looked at and edited behind mailsync's back. */
  readonly held: ReadonlyMap<string, MemoryZones>
  /** Every record of every provider, `provider: name ttl type rdata` a line. */
  lines(): string[]
}

/** Provider → zone → what it holds. */
export type Seed = Readonly<Record<string, Readonly<Record<string, readonly RRset[]>>>>

export interface WorldOptions {
  /** Puts something between mailsync and a provider. */
  readonly wrap?: (provider: Provider, name: string) => Provider
  /** What is other about a provider's adapter. */
  readonly plugin?: Partial<Pick<ProviderPlugin, 'traits' | 'canonicalize' | 'rejects'>>
}

export async function worldOf(
  seed: Seed,
  { wrap = (provider) => provider, plugin: more }: WorldOptions = {},
): Promise<World> {
  const held = new Map(Object.entries(seed).map(([name, zones]) => [name, zonesOf(zones)]))
  const connected = [...held].map(async ([name, zones]): Promise<Connected> => {
    const provider = wrap(await plugin.connect({ zones }, { directory: '/', zones: [] }), name)
    return { name, plugin: { ...plugin, ...more } as ProviderPlugin, provider }
  })
  const providers = new Map((await Promise.all(connected)).map((one) => [one.name, one]))
  return {
    held,
    providers,
    lines: () => [...held].flatMap(([name, zones]) => linesOf(zones).map((line) => `${name}: ${line}`)),
  }
}

function zonesOf(zones: Seed[string]): MemoryZones {
  return new Map(
    Object.entries(zones).map(([zone, rrsets]) => [zone as Name, new Map(rrsets.map((one) => [keyOf(one), one]))]),
  )
}

function linesOf(zones: MemoryZones): string[] {
  return [...zones.values()].flatMap((rrsets) =>
    [...rrsets.values()]
      .filter(isKnown)
      .sort(compareRRsets)
      .flatMap((rrset) => rdataTexts(rrset).map((rdata) => `${rrset.name} ${rrset.ttl} ${rrset.type} ${rdata}`)),
  )
}
