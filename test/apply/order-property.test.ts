import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rawSpec } from '../worlds/arbitrary-spec.js'
import { faults, NO_FAULTS } from '../worlds/faults.js'
import { planRaw } from '../worlds/plan-raw.js'
import { dangling, keyZones, ledNowhere, watchedWorld, withKeyZones } from '../worlds/watched-world.js'
import { applied, apply } from './applied.js'

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

test('at no moment of an apply does a selector lead to a name without a key record, whatever fails', async () => {
  let led = 0
  await fc.assert(
    fc.asyncProperty(rawSpec, keyZones, rawSpec, keyZones, faults, async (before, first, after, then, trouble) => {
      const watched = await watchedWorld()
      const { world } = watched
      await applied(world, await planRaw(world, withKeyZones(before, first)))
      expect(ledNowhere(world)).toEqual([])

      watched.faults = trouble
      const seen: string[] = []
      watched.onChange = () => void seen.push(...ledNowhere(world), ...dangling(world))
      const wanted = withKeyZones(after, then)
      await apply(world, await planRaw(world, wanted))

      watched.faults = NO_FAULTS
      await applied(world, await planRaw(world, wanted))
      expect(await planRaw(world, wanted)).toMatchObject({ zones: [], failures: [] })
      expect(seen).toEqual([])
      led += [...world.held.values()]
        .flatMap((zones) => [...zones.values()])
        .filter((zone) => zone.has('a._domainkey.example.com. CNAME')).length
    }),
    { numRuns: 150 },
  )
  expect(led).toBeGreaterThan(0)
})
