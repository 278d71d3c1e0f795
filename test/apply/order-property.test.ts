import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Name } from '../../records/rr/name.js'
import { zoneOf } from '../../records/rr/name.js'
import { isKnown } from '../../records/rr/rrset.js'
import { rawSpec, TARGETS } from '../worlds/arbitrary-spec.js'
import { type Faults, faults, NO_FAULTS, Stepwise } from '../worlds/faults.js'
import { planRaw } from '../worlds/plan-raw.js'
import { type World, worldOf } from '../worlds/world.js'
import { applied, apply } from './applied.js'

const ZONES = new Map(Object.entries(TARGETS).map(([zone, targets]) => [zone as Name, targets]))

interface Watched {
  readonly world: World
  /** What goes wrong from now on. */
  faults: Faults
  onChange?: () => void
}

async function watchedWorld(): Promise<Watched> {
  const watched = { faults: NO_FAULTS } as { faults: Faults; onChange?: () => void; world?: World }
  const zonesOf = (provider: string) =>
    Object.fromEntries([...ZONES].filter(([, targets]) => targets.includes(provider)).map(([zone]) => [zone, []]))
  watched.world = await worldOf(
    { one: zonesOf('one'), two: zonesOf('two') },
    { wrap: (provider, name) => new Stepwise(provider, name, watched) },
  )
  return watched as Watched
}

/** The MX and PTR that lead to a name which a zone here should have an address for, and one of its providers has not. */
function dangling({ held }: World): string[] {
  const rrsets = [...held.values()].flatMap((zones) =>
    [...zones.values()].flatMap((zone) => [...zone.values()].filter(isKnown)),
  )
  const targets = rrsets.flatMap((rrset): readonly Name[] => {
    if (rrset.type === 'MX') return rrset.rdata.map(({ exchange }) => exchange)
    return rrset.type === 'PTR' ? rrset.rdata : []
  })
  return [...new Set(targets)].filter((name) => {
    const zone = zoneOf(name, ZONES)
    return (
      zone !== undefined &&
      name !== '.' &&
      !(ZONES.get(zone) ?? []).every((one) => hasAddress(held.get(one)?.get(zone), name))
    )
  })
}

function hasAddress(zone: ReadonlyMap<string, unknown> | undefined, name: Name): boolean {
  return zone !== undefined && (zone.has(`${name} A`) || zone.has(`${name} AAAA`))
}

test('at no moment of an apply does an MX or PTR lead to a name without address, whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(rawSpec, rawSpec, faults, async (before, after, trouble) => {
      const watched = await watchedWorld()
      const { world } = watched
      await applied(world, await planRaw(world, before))
      expect(dangling(world)).toEqual([])

      watched.faults = trouble
      const seen: string[] = []
      watched.onChange = () => void seen.push(...dangling(world))
      await apply(world, await planRaw(world, after))

      watched.faults = NO_FAULTS
      await applied(world, await planRaw(world, after))
      expect(await planRaw(world, after)).toMatchObject({ zones: [], failures: [] })
      expect(seen).toEqual([])
    }),
    { numRuns: 150 },
  )
})
