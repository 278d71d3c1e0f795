import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Address } from '../../../records/rr/address.js'
import type { Name } from '../../../records/rr/name.js'
import { reverseName, reverseOwners } from '../../../records/rr/reverse.js'

function ownerIn(zones: readonly string[], address: string): string | undefined {
  const owner = reverseOwners(zones as readonly Name[])(address as Address)
  return owner && `${owner.name} in ${owner.zone}`
}

const V6 = '0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.'

test('the reverse name of an address', () => {
  expect(reverseName('192.0.2.10' as Address)).toBe('10.2.0.192.in-addr.arpa.')
  expect(reverseName('2001:db8::10' as Address)).toBe(V6)
})

describe('the zone that covers an address', () => {
  test.each([
    ['192.0.2.10', ['2.0.192.in-addr.arpa.'], '10.2.0.192.in-addr.arpa. in 2.0.192.in-addr.arpa.'],
    ['192.0.2.10', ['192.in-addr.arpa.'], '10.2.0.192.in-addr.arpa. in 192.in-addr.arpa.'],
    ['192.0.2.10', ['10.2.0.192.in-addr.arpa.'], '10.2.0.192.in-addr.arpa. in 10.2.0.192.in-addr.arpa.'],
    ['2001:db8::10', ['8.b.d.0.1.0.0.2.ip6.arpa.'], `${V6} in 8.b.d.0.1.0.0.2.ip6.arpa.`],
    ['192.0.2.10', ['3.0.192.in-addr.arpa.', '12.0.192.in-addr.arpa.', '8.b.d.0.1.0.0.2.ip6.arpa.'], undefined],
    ['2001:db8::10', ['2.0.192.in-addr.arpa.', '9.b.d.0.1.0.0.2.ip6.arpa.'], undefined],
  ])('of %s in %j: %s', (address, zones, owner) => {
    expect(ownerIn(zones, address)).toBe(owner)
  })

  test('is the longest of several', () => {
    const zones = ['192.in-addr.arpa.', '2.0.192.in-addr.arpa.', '0.192.in-addr.arpa.', 'in-addr.arpa.']
    expect(ownerIn(zones, '192.0.2.10')).toBe('10.2.0.192.in-addr.arpa. in 2.0.192.in-addr.arpa.')
    expect(ownerIn(zones, '192.0.3.10')).toBe('10.3.0.192.in-addr.arpa. in 0.192.in-addr.arpa.')
    expect(ownerIn(['ip6.arpa.', '0.1.0.0.2.ip6.arpa.', '8.b.d.0.1.0.0.2.ip6.arpa.'], '2001:db8::10')).toBe(
      `${V6} in 8.b.d.0.1.0.0.2.ip6.arpa.`,
    )
  })
})

describe('a classless zone (RFC 2317)', () => {
  test.each([
    ['0/25', [0, 127], [128]],
    ['0-25', [0, 127], [128]],
    ['0-127', [0, 127], [128]],
    ['128/25', [128, 255], [127]],
    ['128-255', [128, 255], [127]],
    ['64/26', [64, 127], [63, 128]],
    ['64-26', [64, 127], [63, 128]],
    ['64-127', [64, 127], [63, 128]],
    ['0-31', [0, 31], [32]],
    ['0/31', [0, 1], [2]],
    ['8/29', [8, 15], [7, 16]],
    ['10/32', [10], [9, 11]],
    ['254-255', [254, 255], [253]],
    ['24-31', [24, 31], [23, 32]],
    ['65-94', [65, 94], [64, 95]],
    ['1-4', [1, 4], [0, 5]],
  ])('%s covers %j and not %j', (label, inside, outside) => {
    const zone = `${label}.2.0.192.in-addr.arpa.`
    for (const octet of inside) expect(ownerIn([zone], `192.0.2.${octet}`)).toBe(`${octet}.${zone} in ${zone}`)
    for (const octet of outside) expect(ownerIn([zone], `192.0.2.${octet}`)).toBeUndefined()
    expect(ownerIn([zone], `192.0.3.${inside[0]}`)).toBeUndefined()
  })

  test.each(['0/24', '0/33', 'a/25', '0/25/3', '300/25', '100-', '4-1', '200-300', '200/25'])(
    '%s covers nothing',
    (label) => {
      for (let octet = 0; octet < 256; octet++)
        expect(ownerIn([`${label}.2.0.192.in-addr.arpa.`], `192.0.2.${octet}`)).toBeUndefined()
    },
  )

  test('goes before the zone of the octet around it', () => {
    const zones = ['2.0.192.in-addr.arpa.', '0/25.2.0.192.in-addr.arpa.']
    expect(ownerIn(zones, '192.0.2.10')).toBe('10.0/25.2.0.192.in-addr.arpa. in 0/25.2.0.192.in-addr.arpa.')
    expect(ownerIn(zones, '192.0.2.200')).toBe('200.2.0.192.in-addr.arpa. in 2.0.192.in-addr.arpa.')
  })

  test('goes after one that is narrower, in whatever order they are declared', () => {
    const zones = ['0/25', '0/27', '0-63', '0/26'].map((label) => `${label}.2.0.192.in-addr.arpa.`)
    fc.assert(
      fc.property(fc.shuffledSubarray(zones, { minLength: zones.length }), (shuffled) => {
        expect(ownerIn(shuffled, '192.0.2.10')).toBe('10.0/27.2.0.192.in-addr.arpa. in 0/27.2.0.192.in-addr.arpa.')
        expect(ownerIn(shuffled, '192.0.2.100')).toBe('100.0/25.2.0.192.in-addr.arpa. in 0/25.2.0.192.in-addr.arpa.')
      }),
    )
  })
})
