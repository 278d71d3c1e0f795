import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { readShard, shardText } from '../../../src/fleet/shards/shard.js'
import { sharding } from '../../../src/fleet/shards/sharding.js'
import { compiledText, customers, fleetText, mailAt } from './fleet.js'

const SHARED = Object.fromEntries(customers(400).map((zone) => [zone, mailAt('mx.hosts.example')]))

async function dealt(text: string, count: number): Promise<Map<Name, number>> {
  const compiled = await compiledText(text)
  const { shardOf } = sharding(compiled, count)
  return new Map([...compiled.input.zones.keys()].map((zone) => [zone, shardOf(zone)]))
}

const moved = (before: ReadonlyMap<Name, number>, after: ReadonlyMap<Name, number>): Name[] =>
  [...before].flatMap(([zone, shard]) => (after.get(zone) === shard ? [] : [zone]))

describe('the shards of a fleet', () => {
  test('have each zone once, and about as many each', async () => {
    const shards = [...(await dealt(fleetText(SHARED), 8)).values()]
    const sizes = Array.from({ length: 8 }, (_, index) => shards.filter((shard) => shard === index + 1).length)
    expect(sizes.reduce((sum, size) => sum + size)).toBe(402)
    expect(Math.min(...sizes)).toBeGreaterThan(25)
    expect(Math.max(...sizes)).toBeLessThan(80)
  })

  test('keep every zone where it is when one is added or leaves', async () => {
    const all = await dealt(fleetText(SHARED), 8)
    const { 'c7.example': _, ...fewer } = SHARED
    expect(moved(await dealt(fleetText(fewer), 8), all)).toEqual([])
  })

  test('move few zones when there is one more, and those only there', async () => {
    const [eight, nine] = [await dealt(fleetText(SHARED), 8), await dealt(fleetText(SHARED), 9)]
    const gone = moved(eight, nine)
    expect(gone.length).toBeGreaterThan(10)
    expect(gone.length).toBeLessThan(90)
    expect(new Set(gone.map((zone) => nine.get(zone)))).toEqual(new Set([9]))
  })

  test('keep the zones of one customer together, whose mail server is in one of them', async () => {
    const family = ['a.example', 'b.example', 'c.example'].map((zone) => [zone, mailAt('mail.a.example')])
    const text = fleetText({ ...SHARED, ...Object.fromEntries(family) }).replace(
      'hosts:\n',
      'hosts:\n  mail.a.example: { addresses: [198.51.100.1], reverse: false }\n',
    )
    for (const count of [2, 7, 40]) {
      const shards = await dealt(text, count)
      expect(new Set(family.map(([zone]) => shards.get(`${zone}.` as Name)))).toHaveLength(1)
    }
  })

  test('keep nested reverse zones together, as a CNAME in the outer one moves a PTR', async () => {
    const nested = Array.from({ length: 30 }, (_, index) => `${index}/30.2.0.192.in-addr.arpa`)
    const shards = await dealt(fleetText(SHARED, nested), 16)
    const reverse = [...shards].filter(([zone]) => zone.endsWith('.in-addr.arpa.'))
    expect(reverse).toHaveLength(31)
    expect(new Set(reverse.map(([, shard]) => shard))).toHaveLength(1)
  })

  test('never depend on the order of the spec, whoever leads to whom', async () => {
    const names = customers(12)
    const leads = fc.array(fc.nat(11), { minLength: 12, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(leads, fc.shuffledSubarray(names, { minLength: 12 }), async (targets, order) => {
        const domainOf = (zone: string) => mailAt(`mail.${names[targets[names.indexOf(zone)] as number]}`)
        const text = (zones: readonly string[]) =>
          fleetText(Object.fromEntries(zones.map((zone) => [zone, domainOf(zone)]))).replace(
            'hosts:\n',
            `hosts:\n${zones.map((zone) => `  mail.${zone}: { addresses: [198.51.100.${names.indexOf(zone) + 1}], reverse: false }\n`).join('')}`,
          )
        expect(moved(await dealt(text(names), 5), await dealt(text(order), 5))).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})

describe('--shard', () => {
  test('is read as it is written', () => {
    expect(shardText(readShard('3/8'))).toBe('3/8')
  })

  test.each(['0/8', '9/8', '8', '1/257', '1/8/2', '-1/8', 'a/b', ''])('%j is none', (text) => {
    expect(() => readShard(text)).toThrow(`--shard ${text}: it is one part of several, such as 3/8`)
  })
})
