import { describe, expect, test } from 'vitest'
import { waitFor } from '../../../src/fleet/budget/wait-for.js'

describe('how long a run waits for its rate limit', () => {
  const cloudflare = { calls: 1200, seconds: 300 }
  test.each([
    ['what is left is enough', 340, { rate: cloudflare, left: 340, reset: 120 }, 0],
    ['one call more waits for the window', 341, { rate: cloudflare, left: 340, reset: 120 }, 120],
    ['a whole window more', 1540, { rate: cloudflare, left: 340, reset: 120 }, 120],
    ['and the next one', 1541, { rate: cloudflare, left: 340, reset: 120 }, 420],
    ['50,000 zones at Cloudflare', 51_000, { rate: cloudflare, left: 1200, reset: 300 }, 42 * 300],
    ['a window of which seven others take their part', 450, { rate: cloudflare, share: 8, left: 0, reset: 120 }, 720],
    ['more shards than calls a second', 1000, { rate: { calls: 5, seconds: 1 }, share: 64, left: 0, reset: 1 }, 12_800],
    [
      'calls that come back one by one, shared by more than there are of them',
      10,
      { rate: { calls: 5, seconds: 1, refills: true as const }, share: 64, left: 0, reset: 0 },
      128,
    ],
    ['five calls a second', 1000, { rate: { calls: 5, seconds: 1 }, left: 5, reset: 1 }, 199],
    [
      'calls that come back one by one',
      7200,
      { rate: { calls: 3600, seconds: 3600, refills: true as const }, left: 3600, reset: 0 },
      3600,
    ],
  ])('%s', (_, calls, allowance, seconds) => expect(waitFor(calls, allowance)).toBe(seconds))
})
