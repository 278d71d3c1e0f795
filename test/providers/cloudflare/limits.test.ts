import { describe, expect, test } from 'vitest'
import { a, txt } from '../../../conformance/rrsets.js'
import { shownTtl } from '../../../providers/cloudflare/convert.js'
import { plugin } from '../../../providers/cloudflare/index.js'

describe('what no Cloudflare zone can hold is said before anything is written', () => {
  test.each([
    ['an empty TXT', [''], 'Cloudflare does not take an empty TXT value'],
    ['a line break', ['a\nb'], 'Cloudflare does not take a line break in a TXT value'],
    ['a carriage return', ['a\rb'], 'Cloudflare does not take a line break in a TXT value'],
    [
      '4,098 wire octets',
      ['x'.repeat(4081)],
      'a TXT value takes 4098 octets, and Cloudflare takes 4096, length octets included',
    ],
    [
      '8,193 characters in three values',
      ['x'.repeat(4000), 'y'.repeat(4000), 'z'.repeat(193)],
      'the TXT values at this name have 8193 characters together, and Cloudflare takes 8192',
    ],
  ])('%s', (_, values, reason) => {
    expect(plugin.rejects?.(txt('t', values))).toBe(reason)
  })

  test('4,096 wire octets are taken, 8,192 characters together, and every address', () => {
    expect(plugin.rejects?.(txt('t', ['x'.repeat(4080)]))).toBeUndefined()
    expect(plugin.rejects?.(txt('t', ['x'.repeat(4000), 'y'.repeat(4000), 'z'.repeat(192)]))).toBeUndefined()
    expect(plugin.rejects?.(a('mail', ['192.0.2.1']))).toBeUndefined()
  })
})

test.each([
  [1, 300],
  [2, 60],
  [59, 60],
  [60, 60],
  [300, 300],
  [86_400, 86_400],
])('a TTL of %i is shown as %i', (asked, shown) => {
  expect(plugin.canonicalize?.(a('mail', ['192.0.2.1'], asked)).ttl).toBe(shown)
})

describe('options', () => {
  const account = '0123456789abcdef0123456789abcdef'

  test('none are needed where the environment has the token', () => {
    expect(plugin.options({})).toEqual({})
    expect(plugin.options(undefined)).toEqual({})
  })

  test('account is account_id by another name', () => {
    expect(plugin.options({ account })).toEqual({ accountId: account })
    expect(plugin.options({ token: 'abc', account_id: account })).toEqual({ token: 'abc', accountId: account })
  })

  test.each([
    ['both names of the account', { account, account_id: account }, 'account', 'is the same as account_id'],
    ['an account that is a name', { account: 'Mail Ltd' }, 'account', '32 hexadecimal digits'],
    ['a token with "Bearer"', { token: 'Bearer secret' }, 'token', 'one word, without "Bearer"'],
    ['a token with a line break', { token: 'secret\n' }, 'token', 'line breaks'],
    ['an empty token', { token: '' }, 'token', 'is not a token'],
  ])('%s is an error at that option, without its value', (_, input, path, message) => {
    const error = expect.objectContaining({ path: [path], message: expect.stringContaining(message) })
    expect(() => plugin.options(input)).toThrow(expect.objectContaining({ issues: [error] }))
    expect(() => plugin.options(input)).not.toThrow(/secret/)
  })

  test('an unknown option is named', () => {
    expect(() => plugin.options({ api_token: 'x' })).toThrow(/api_token/)
  })
})

test.each([
  [1, 300],
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 31, 0],
])('a TTL of %i at the API is read as %i', (native, shown) => {
  expect(shownTtl(native)).toBe(shown)
})
