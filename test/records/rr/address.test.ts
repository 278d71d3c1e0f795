import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import {
  type Address,
  familyOf,
  heldAddress,
  octetsOf,
  parseAddress,
  parseNetwork,
  scopeOf,
} from '../../../records/rr/address.js'
import { reverseName } from '../../../records/rr/reverse.js'

describe('an address as a user writes it', () => {
  test.each([
    ['192.0.2.10', '192.0.2.10'],
    ['0.0.0.0', '0.0.0.0'],
    ['2001:DB8:0:0:0:0:0:10', '2001:db8::10'],
    ['2001:db8::0010', '2001:db8::10'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::1', '::1'],
  ])('%s is %s', (text, address) => {
    expect(parseAddress(text)).toBe(address)
  })

  test.each([
    ['123.456.789.987', 'address', '456 is over 255', undefined],
    ['192.0.2.010', 'address', '010 is written with a leading zero', undefined],
    ['0xC0.0.2.1', 'address', 'not an IP address', 'write an IPv4 address'],
    ['192.0.2', 'address', 'not an IP address', 'write an IPv4 address'],
    ['3221225994', 'address', 'not an IP address', 'write an IPv4 address'],
    ['mail.example.com', 'address', 'not an IP address', 'write an IPv4 address'],
    ['', 'address', 'not an IP address', 'write an IPv4 address'],
    ['192.0.2.1 ', 'address', 'not an IP address', 'write an IPv4 address'],
    ['2001:db8::g', 'address', 'not an IP address', 'write an IPv4 address'],
    ['192.0.2.0/24', 'address', 'a network, not one address', undefined],
    ['fe80::1%eth0', 'address', 'has a zone index', 'DNS holds global addresses only'],
    ['::ffff:192.0.2.1', 'address', 'is an IPv4 address written as IPv6', 'write 192.0.2.1'],
    ['10.2.0.192.in-addr.arpa', 'address-reversed', 'a reverse name', 'write the address itself: 192.0.2.10; mailsync'],
    [
      '10.2.0.192.IN-ADDR.ARPA.',
      'address-reversed',
      'a reverse name',
      'write the address itself: 192.0.2.10; mailsync',
    ],
    ['2.0.192.in-addr.arpa', 'address-reversed', 'a reverse name', 'write the address itself; mailsync'],
    ['1.0.0.2.ip6.arpa', 'address-reversed', 'a reverse name', 'write the address itself; mailsync'],
  ])('%j is none: %s, %s', (text, rule, error, hint) => {
    expect(parseAddress(text)).toMatchObject({ rule, error: expect.stringContaining(error) })
    if (hint !== undefined) expect(parseAddress(text)).toMatchObject({ hint: expect.stringContaining(hint) })
  })
})

describe('a network', () => {
  test.each([
    ['198.51.100.0/24', '198.51.100.0/24'],
    ['198.51.100.7', '198.51.100.7'],
    ['198.51.100.7/32', '198.51.100.7'],
    ['2001:DB8:0::/48', '2001:db8::/48'],
    ['2001:db8::1/128', '2001:db8::1'],
  ])('%s is %s', (text, network) => {
    expect(parseNetwork(text)).toBe(network)
  })

  test.each([
    ['198.51.100.7/24', 'has host bits set', 'the network is 198.51.100.0/24'],
    ['2001:db8::1/64', 'has host bits set', 'the network is 2001:db8::/64'],
    ['198.51.100.0/33', 'the prefix length is 1 to 32', undefined],
    ['0.0.0.0/0', 'the prefix length is 1 to 32', undefined],
    ['2001:db8::/129', 'the prefix length is 1 to 128', undefined],
    ['198.51.100.0/', 'the prefix length is 1 to 32', undefined],
    ['198.51.100.0/24/24', 'the prefix length is 1 to 32', undefined],
    ['example.com/24', 'not an IP address', undefined],
  ])('%s is none: %s', (text, error, hint) => {
    expect(parseNetwork(text)).toMatchObject({ rule: 'address', error: expect.stringContaining(error) })
    if (hint !== undefined) expect(parseNetwork(text)).toMatchObject({ hint })
  })
})

test.each([
  ['192.0.2.10', 'documentation'],
  ['203.0.113.9', 'documentation'],
  ['2001:db8::1', 'documentation'],
  ['3fff::1', 'documentation'],
  ['10.0.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd00::1', 'private'],
  ['127.0.0.1', 'special'],
  ['169.254.1.1', 'special'],
  ['224.0.0.1', 'special'],
  ['0.0.0.0', 'special'],
  ['fe80::1', 'special'],
  ['::', 'special'],
  ['172.32.0.1', 'public'],
  ['8.8.8.8', 'public'],
  ['2a00:1450::1', 'public'],
])('%s is %s', (address, scope) => {
  expect(scopeOf(address as Address)).toBe(scope)
})

const octets = fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))

/** An address written out in full, so that nothing but the parser makes it canonical. */
const inFull = (address: Uint8Array): string =>
  address.length === 4
    ? address.join('.')
    : Buffer.from(address)
        .toString('hex')
        .replace(/(.{4})(?=.)/g, '$1:')
        .toUpperCase()

test('every address is read, keeps its octets, and is found again behind its reverse name', () => {
  fc.assert(
    fc.property(octets, (address) => {
      const read = parseAddress(inFull(address))
      if (typeof read !== 'string') return expect(read).toMatchObject({ error: expect.stringContaining('clothes') })
      expect(octetsOf(read)).toEqual([...address])
      expect(familyOf(read)).toBe(address.length === 4 ? 4 : 6)
      expect(parseAddress(read)).toBe(read)
      expect(parseAddress(reverseName(read))).toMatchObject({
        rule: 'address-reversed',
        hint: `write the address itself: ${read}; mailsync reverses it`,
      })
    }),
    { numRuns: 500 },
  )
})

test.each([
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['::ffff:c000:201', '::ffff:192.0.2.1'],
  ['0:0:0:0:0:FFFF:192.0.2.1', '::ffff:192.0.2.1'],
  ['::192.0.2.1', '::c000:201'],
  ['2001:DB8::1', '2001:db8::1'],
  ['192.0.2.1', '192.0.2.1'],
  ['fe80::1%eth0', undefined],
  ['::ffff:192.0.2.1%1', undefined],
  ['mail.example.com', undefined],
])('a stranger’s %s is held as %s, and its octets stay', (text, held) => {
  const address = heldAddress(text)
  expect(address).toBe(held)
  if (address?.startsWith('::ffff:'))
    expect(octetsOf(address)).toEqual([...new Array(10).fill(0), 255, 255, 192, 0, 2, 1])
})

test('an address of IPv6 is in the text of RFC 5952, however it was written', () => {
  const group = fc.oneof(fc.constant(0), fc.nat({ max: 0xffff }))
  const written = fc.oneof(
    fc
      .array(group, { minLength: 8, maxLength: 8 })
      .chain((groups) =>
        fc.constantFrom(groups.map((one) => one.toString(16)).join(':'), new ipaddr.IPv6(groups).toRFC5952String()),
      ),
    fc.stringMatching(/^(?:0|1|ab|ffff|::|:){1,9}$/),
  )
  fc.assert(
    fc.property(written, (text) => {
      const read = parseAddress(text)
      const parsed = ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined
      const expected = parsed && !parsed.isIPv4MappedAddress() ? parsed.toRFC5952String() : undefined
      expect(typeof read === 'string' ? read : undefined).toBe(expected)
    }),
    { numRuns: 5000 },
  )
})
