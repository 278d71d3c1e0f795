import fc from 'fast-check'
import { expect, test } from 'vitest'
import { manifestsOf, type OwnedSlot, ownedIn } from '../../../records/manifest.js'
import type { Name } from '../../../records/rr/name.js'
import { type AnyRRset, keyOf } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { spreadManifest } from '../../../src/fleet/through-dns/spread-manifest.js'

const ZONE = 'example.com.' as Name

const slotsOf = (names: number, prefix: string): OwnedSlot[] =>
  Array.from({ length: names }, (_, index) => ({
    name: `${prefix}${index}._report._dmarc.${ZONE}` as Name,
    type: 'TXT',
    purpose: 'report',
    claimed: false,
  }))

/** What stands at the names of manifests, and the names that were asked for. */
function serving(rrsets: readonly AnyRRset[]) {
  const held = new Map(rrsets.map((rrset) => [keyOf(rrset), rrset]))
  const asked: Name[] = []
  const ask = async (name: Name): Promise<AnyRRset | undefined> => {
    asked.push(name)
    return held.get(keyOf({ name, type: 'TXT' }))
  }
  return { ask, asked }
}

test('a manifest that is spread over many names is read whole, whoever else has one there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 200, max: 6000 }), fc.integer({ min: 0, max: 400 }), async (ours, theirs) => {
      const own = slotsOf(ours, 'customer')
      const owners = new Map([
        ['default', own],
        ['another', slotsOf(theirs, 'stranger')],
      ])
      const manifests = manifestsOf(ZONE, owners, 3600)
      const found = await spreadManifest(ZONE, 'default', serving(manifests).ask)
      const names = (slots: readonly OwnedSlot[]) => slots.map(({ name }) => name).sort()
      expect(names(ownedIn(zoneWith(ZONE, found), 'default'))).toEqual(names(own))
    }),
    { numRuns: 20 },
  )
})

test('names are not asked for below those that have a part', async () => {
  const { ask, asked } = serving(manifestsOf(ZONE, new Map([['default', slotsOf(300, 'customer')]]), 3600))
  expect(await spreadManifest(ZONE, 'default', ask)).toHaveLength(16)
  expect(asked).toHaveLength(16)
})

test('where nothing stands there, nothing is found, and few names are asked for', async () => {
  const { ask, asked } = serving([])
  expect(await spreadManifest(ZONE, 'default', ask)).toEqual([])
  expect(asked.length).toBeLessThan(100)
})

test.each([
  [9000, [2, 3]],
  [18_000, [3]],
])('a manifest of %i long names, spread over names of %j digits, is read whole', async (names, digits) => {
  const own = slotsOf(names, `customer.of.a.house.with.a.long.name.${'x'.repeat(60)}.`)
  const manifests = manifestsOf(ZONE, new Map([['default', own]]), 3600)
  expect([...new Set(manifests.map(({ name }) => name.indexOf('.')))].sort()).toEqual(digits)
  const found = await spreadManifest(ZONE, 'default', serving(manifests).ask)
  expect(ownedIn(zoneWith(ZONE, found), 'default')).toHaveLength(own.length)
})
