import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openAccount } from '../../../providers/calls/account.js'

describe('an account', () => {
  test('may call as it likes until a reply tells of a limit', () => {
    const account = openAccount(600, () => 0)
    for (let call = 0; call < 1000; call++) expect(account.begin()).toBe(0)
    expect(account.seen()).toEqual([])
  })

  test('waits for the next window once no call is left, counting those that have no reply yet', () => {
    let now = 0
    const account = openAccount(600, () => now)
    for (let call = 0; call < 3; call++) account.begin()
    account.ended([{ left: 4, until: 10_000, limit: 5 }])
    // Two are still under way, and the reply may not know of them.
    expect(account.seen()).toMatchObject([{ left: 2 }])
    expect([account.begin(), account.begin(), account.begin()]).toEqual([0, 0, 10_000])
    now = 10_001
    expect(account.begin()).toBe(0)
  })

  test('with two windows waits for each that has no call left', () => {
    let now = 0
    const account = openAccount(600, () => now)
    account.begin()
    account.ended([
      { left: 1, until: 1000, limit: 2, window: 1 },
      { left: 2, until: 60_000, limit: 100, window: 60 },
    ])
    expect([account.begin(), account.begin()]).toEqual([0, 1000])
    now = 1001
    expect(account.seen()).toMatchObject([{ left: 0, window: 60 }])
    expect(account.begin()).toBe(58_999)
  })

  test('leaves time between calls that come back one by one', () => {
    const account = openAccount(600, () => 0)
    account.begin()
    account.ended([{ left: 0, until: 3_600_000, limit: 3600 }], 1000)
    expect([account.begin(), account.begin(), account.begin()]).toEqual([1000, 2000, 3000])
  })

  test('takes only its part where several processes share it', () => {
    const account = openAccount(
      600,
      () => 0,
      () => 4,
    )
    account.begin()
    account.ended([{ left: 9, until: 10_000, limit: 10 }])
    expect([account.begin(), account.begin(), account.begin()]).toEqual([0, 0, 10_000])
    expect(account.seen()).toMatchObject([{ left: 0 }])

    const slow = openAccount(
      600,
      () => 0,
      () => 4,
    )
    slow.begin()
    slow.ended([{ left: 0, until: 3_600_000, limit: 3600 }], 1000)
    expect([slow.begin(), slow.begin()]).toEqual([4000, 8000])
  })

  test('waits no longer than it may', () => {
    const account = openAccount(60, () => 0)
    expect([account.waits(61), account.waits(60), account.waits(60), account.left()]).toEqual([false, true, true, 0])
  })

  test('never begins more calls in a window than a server that counts them has', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 200 }),
        (quota, steps) => {
          const account = openAccount(600, () => 0)
          let served = 0
          let underWay = 0
          // The first reply tells of the limit; a run begins with one call.
          account.begin()
          served += 1
          account.ended([{ left: quota - served, until: 1000, limit: quota }])
          for (const step of steps) {
            if (step === 0 && account.begin() === 0) {
              served += 1
              underWay += 1
            } else if (step === 1 && underWay > 0) {
              underWay -= 1
              account.ended([{ left: quota - served, until: 1000, limit: quota }])
            }
          }
          expect(served).toBeLessThanOrEqual(quota)
        },
      ),
    )
  })
})
