import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tlsa } from '../../../records/families/tlsa/tlsa.js'

const HASH = '0123456789abcdef'.repeat(4)

test.each([
  ['3 1 1', 'RFC 6698 §2.2'],
  ['3 1 1 xyz', 'RFC 6698 §2.2'],
  ['3 1 1 abc', 'RFC 6698 §2.2'],
  [`3 1 256 ${HASH}`, 'RFC 6698 §2.2'],
  [`4 1 1 ${HASH}`, 'RFC 6698 §2.1.1'],
  [`3 2 1 ${HASH}`, 'RFC 6698 §2.1.2'],
  [`3 1 3 ${HASH}`, 'RFC 6698 §2.1.3'],
  [`3 1 1 ${HASH}00`, 'RFC 6698 §2.1.3'],
  [`3 1 2 ${HASH}`, 'RFC 6698 §2.1.3'],
])('%s is wrong, and %s says so', (text, section) => {
  expect(tlsa.read(text)).toMatchObject({ value: undefined, faults: [{ section }] })
})

test('digits are the same in capitals, and with blanks between them', () => {
  expect(tlsa.same(`3 1 1 ${HASH}`, `3  1 1 ${HASH.toUpperCase().slice(0, 32)} ${HASH.slice(32)}`)).toBe(true)
  expect(tlsa.same(`3 1 1 ${HASH}`, `2 1 1 ${HASH}`)).toBe(false)
})

test('whatever can be published is read back', () => {
  const data = (octets: number) => fc.uint8Array({ minLength: octets, maxLength: octets })
  const value = fc.oneof(
    fc.record({ usage: fc.nat(3), selector: fc.nat(1), matching: fc.constant(1), octets: data(32) }),
    fc.record({ usage: fc.nat(3), selector: fc.nat(1), matching: fc.constant(2), octets: data(64) }),
    fc.record({ usage: fc.nat(3), selector: fc.nat(1), matching: fc.constant(0), octets: data(300) }),
  )
  fc.assert(
    fc.property(value, ({ octets, ...rest }) => {
      const tlsaValue = { ...rest, data: Buffer.from(octets).toString('hex') }
      expect(tlsa.read(tlsa.write(tlsaValue))).toEqual({ value: tlsaValue, faults: [] })
    }),
  )
})
