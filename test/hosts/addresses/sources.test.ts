import { expect, test } from 'vitest'
import { temporaryAddresses } from '../../../src/hosts/addresses/sources.js'

test('of the IPv6 addresses of Linux, those that change by themselves or are no more are told apart', () => {
  const table = `20010db8000000000000000000000010 02 40 00 80     eth0
20010db8000000000000000000000011 02 40 00 01     eth0
20010db8000000000000000000000012 02 40 00 20     eth0
fe800000000000000000000000000001 02 40 20 80     eth0
`
  expect([...temporaryAddresses(table)]).toEqual(['2001:db8::11', '2001:db8::12'])
  expect([...temporaryAddresses('')]).toEqual([])
})
