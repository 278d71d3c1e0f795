import { afterEach, describe, expect, test, vi } from 'vitest'
import { attemptOf } from '../../../providers/http/attempts.js'
import { requireSecure } from '../../../providers/http/credentials.js'
import { aheadOfTurn, everyPage, Listing } from '../../../providers/http/listing.js'
import { backOff, pace, patience, retryAfterSeconds } from '../../../providers/http/waiting.js'

describe('Retry-After', () => {
  afterEach(() => vi.unstubAllEnvs())

  const now = Date.parse('2026-11-27T00:00:00Z')
  test.each([
    ['7', 7],
    ['0', 0],
    ['1.2', 2],
    ['-5', 0],
    ['Fri, 27 Nov 2026 00:01:00 GMT', 60],
    ['Thu, 26 Nov 2026 00:00:00 GMT', 0],
    ['1e9', 1e9],
    ['Friday, 27-Nov-26 00:01:00 GMT', 60],
    ['Fri Nov 27 00:01:00 2026', 60],
    ['Thu, 26 Nov 2026 19:01:00 -0500', 60],
    ['Fri, 27 Nov 2026 02:01:00 +0200', 60],
    ['Fri, 27 Nov 2026 00:01:00', 60],
    ['Fri, 27 Nov 2026 00:01:00 UTC', 60],
    ['1e999', undefined],
    ['Infinity', undefined],
    ['0x10', undefined],
    ['try 5', undefined],
    ['Fri', undefined],
    ['', undefined],
    ['soon', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j is %j seconds, wherever this machine is', (header, seconds) => {
    vi.stubEnv('TZ', 'America/New_York')
    expect(retryAfterSeconds(header, now)).toBe(seconds)
  })
})

describe('the patience of a run', () => {
  test('is ten minutes altogether', () => {
    let now = 0
    const { waits } = patience(() => now)
    for (const seconds of [300, 299]) {
      expect(waits(seconds)).toBe(true)
      now += seconds * 1000
    }
    expect(waits(2)).toBe(false)
    expect(waits(1)).toBe(true)
  })

  test('counts calls that wait at the same time once', () => {
    const { waits } = patience(() => 0)
    for (let call = 0; call < 100; call++) expect(waits(500)).toBe(true)
    expect(waits(601)).toBe(false)
    expect(waits(600)).toBe(true)
  })

  test.each([601, 86_400, 1e300, Number.POSITIVE_INFINITY, Number.NaN])('is over at once at %d seconds', (seconds) => {
    expect(patience().waits(seconds)).toBe(false)
  })
})

test('the wait before another attempt grows to 8 seconds, and is by chance up to half as long', () => {
  expect([0, 1, 2, 3, 4, 5, 50].map((attempt) => backOff(attempt, () => 0))).toEqual([
    500, 1000, 2000, 4000, 8000, 8000, 8000,
  ])
  expect(backOff(1, () => 1)).toBe(500)
})

describe('the pace of calls', () => {
  test('is as fast as one likes until a reply asks for time between them', () => {
    let now = 0
    const calls = pace(() => now)
    expect([calls.next(), calls.next()]).toEqual([0, 0])
    calls.keep(1000)
    expect([calls.next(), calls.next(), calls.next()]).toEqual([1000, 2000, 3000])
    now = 10_000
    expect([calls.next(), calls.next()]).toEqual([0, 1000])
    calls.keep(0)
    expect([calls.next(), calls.next()]).toEqual([0, 0])
  })
})

test.each([
  [200, '', 'open'],
  [302, '', 'open'],
  [400, '', 'refused'],
  [429, '', 'refused'],
  [408, '', 'open'],
  [500, '', 'over'],
  [503, '', 'over'],
  [504, '', 'open'],
  [524, '', 'open'],
  [undefined, 'ECONNREFUSED', 'unsent'],
  [undefined, 'ECONNRESET', 'open'],
  [undefined, '', 'open'],
])('an attempt that ended with status %j and system code %j is %s', (status, code, kind) => {
  expect(attemptOf(status, code)).toBe(kind)
})

test.each(['https://192.0.2.1', 'http://127.1.2.3:80', 'http://localhost', 'http://[::1]:8080'])(
  '%s is secure',
  (url) => {
    expect(() => requireSecure(new URL(url), 'it')).not.toThrow()
  },
)

test.each(['http://192.0.2.1', 'http://localhost.example', 'http://127.0.0.1.example', 'http://[2001:db8::1]'])(
  '%s is not secure',
  (url) => expect(() => requireSecure(new URL(url), 'it')).toThrow(/in the clear/),
)

describe('a listing', () => {
  test('of 200,000 entries on 4,000 pages is read', () => {
    const listing = new Listing<number>('the API')
    for (let page = 0; page < 4000; page++) listing.add(Array(50).fill(page), 200_000)
    expect(listing.items).toHaveLength(200_000)
  })

  test('a listing that is told to go on at the page it was at never ends', () => {
    const listing = new Listing<number>('the API')
    expect([listing.next('b'), listing.next('c'), listing.next('')]).toEqual(['b', 'c', undefined])
    expect(() => listing.next('c')).toThrow('what answered is not the API of the API')
  })

  test.each<[string, (listing: Listing<number>) => void]>([
    ['a page too long', (listing) => listing.add(Array(200_001).fill(0))],
    ['a billion announced', (listing) => listing.add([1], 1e9)],
    [
      'an entry a page, and no end',
      (listing) => {
        for (let page = 0; page <= 4000; page++) listing.add([page], 10_000)
      },
    ],
    [
      'empty pages without end',
      (listing) => {
        for (let page = 0; page <= 4000; page++) listing.add([])
      },
    ],
  ])('with %s is given up', (_, read) => {
    expect(() => read(new Listing('the API'))).toThrow('the API lists more than 200000 entries')
  })
})

describe('pages by number', () => {
  const pages = (...items: number[][]) =>
    everyPage('the API', async (number) => ({ items: items[number - 1] ?? [], total: undefined, size: 2 }))

  test('end with one that is not full, where the API does not say how many there are', async () => {
    expect(await pages([1, 2], [3])).toEqual([1, 2, 3])
    expect(await pages([])).toEqual([])
  })

  test('end with the last one that is announced, without a look at what would come after it', async () => {
    const asked: number[] = []
    const all = await everyPage('the API', async (number) => {
      asked.push(number)
      return { items: [number, number], total: 4, size: 2 }
    })
    expect([all, asked]).toEqual([
      [1, 1, 2, 2],
      [1, 2],
    ])
  })

  test('are asked for before their turn, a few at a time, as far as there are any', async () => {
    let [open, most] = [0, 0]
    const asked: number[] = []
    const page = async (number: number) => {
      asked.push(number)
      open += 1
      most = Math.max(most, open)
      await Promise.resolve()
      open -= 1
      return { items: [number], total: 9, size: 1 }
    }
    expect(await everyPage('the API', aheadOfTurn(page, 5))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(most).toBe(4)
  })

  test('of which one fails that was asked for before its turn are no listing', async () => {
    const page = async (number: number) => {
      if (number > 1) throw new Error(`no page ${number}`)
      return { items: [number], total: 3, size: 1 }
    }
    await expect(everyPage('the API', aheadOfTurn(page, 3))).rejects.toThrow('no page 2')
  })

  test.each([
    ['fewer', [4, 3]],
    ['more', [4, 5]],
  ])('of which there are %s meanwhile are no listing', async (_, totals) => {
    const page = async (number: number) => ({ items: [1, 1], total: totals[number - 1], size: 2 })
    await expect(everyPage('the API', page)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the listing changed at the API while its pages were read',
    })
  })
})
