import { expect, test } from 'vitest'
import type { Address } from '../../records/rr/address.js'
import { checkBlocklists } from '../../src/verify/blocklists/check-blocklists.js'
import { fakeWorld, type Records } from './fake-view.js'

const TEST_ENTRIES: Records = Object.fromEntries(
  ['zen.spamhaus.org', 'bl.spamcop.net', 'b.barracudacentral.org', 'psbl.surriel.com'].map((zone) => [
    `2.0.0.127.${zone}`,
    ['A 127.0.0.2'],
  ]),
)

async function ask(address: string, records: Records = {}): Promise<string[]> {
  const checks = await checkBlocklists(address as Address, fakeWorld({ ...TEST_ENTRIES, ...records }))
  return checks.map(({ verdict, asked, seen }) => `${verdict} ${asked}: ${seen}`)
}

test('an address that no list has', async () => {
  const lines = await ask('192.0.2.10')
  expect(lines).toHaveLength(4)
  expect(lines.every((line) => line.startsWith('pass 10.2.0.192.'))).toBe(true)
})

test('a listing, with what the list says of it', async () => {
  const [first] = await ask('192.0.2.10', {
    '10.2.0.192.zen.spamhaus.org': ['A 127.0.0.4', 'TXT "https://check.spamhaus.org/query/ip/192.0.2.10"'],
  })
  expect(first).toBe(
    'fail 10.2.0.192.zen.spamhaus.org. A: Spamhaus ZEN lists it (127.0.0.4): https://check.spamhaus.org/query/ip/192.0.2.10',
  )
})

test.each([
  ['127.255.255.252', 'misspelt'],
  ['127.255.255.254', 'public resolver'],
  ['127.255.255.255', 'too often'],
  ['127.255.255.250', 'it says 127.255.255.250'],
  ['203.0.113.1', 'somebody between answers'],
])('%s is no listing: the list does not answer this resolver', async (code, why) => {
  const [first] = await ask('192.0.2.10', { '10.2.0.192.zen.spamhaus.org': [`A ${code}`] })
  expect(first).toMatch(/^unknown/)
  expect(first).toContain(why)
})

test('a list that does not show its own test entry, or does not answer, cannot be asked', async () => {
  expect((await ask('192.0.2.10', { '2.0.0.127.zen.spamhaus.org': [] }))[0]).toMatch(
    /^unknown .*cannot be asked from here/,
  )
  expect((await ask('192.0.2.10', { '2.0.0.127.zen.spamhaus.org': ['A 127.255.255.254'] }))[0]).toMatch(/^unknown/)
  expect((await ask('192.0.2.10', { '10.2.0.192.zen.spamhaus.org': ['failure'] }))[0]).toMatch(/^unknown .*SERVFAIL/)
})

test('a list that answers for everything, as those that have ended do, lists nobody', async () => {
  const [first] = await ask('192.0.2.10', {
    '10.2.0.192.zen.spamhaus.org': ['A 127.0.0.2'],
    '1.0.0.127.zen.spamhaus.org': ['A 127.0.0.2'],
  })
  expect(first).toMatch(/^unknown .*Spamhaus ZEN says of 127\.0\.0\.1 that it is listed/)
})

test('a listing stays one where the list does not answer for 127.0.0.1', async () => {
  const [first] = await ask('192.0.2.10', {
    '10.2.0.192.zen.spamhaus.org': ['A 127.0.0.4'],
    '1.0.0.127.zen.spamhaus.org': ['failure'],
  })
  expect(first).toMatch(/^fail /)
})

test('IPv6 is asked for by nibble, of lists that have it', async () => {
  expect(await ask('2001:db8::10')).toEqual([
    'pass 0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.zen.spamhaus.org. A: not at Spamhaus ZEN',
  ])
})

test('an address that nobody outside sees is not asked for', async () => {
  expect(await ask('10.0.0.1')).toEqual([])
})
