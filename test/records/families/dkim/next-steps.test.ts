import { describe, expect, test } from 'vitest'
import { nextSteps } from '../../../../records/families/dkim/rotation/next-steps.js'
import type { RingKey } from '../../../../records/families/dkim/rotation/ring-key.js'
import type { RingView } from '../../../../records/families/dkim/rotation/ring-view.js'
import { takeStep } from '../../../../records/families/dkim/rotation/take-step.js'
import type { KeySight } from '../../../../records/families/key-sight.js'
import type { Name } from '../../../../records/rr/name.js'

const DAY = 86_400
const NOW = 1_800_000_000
const SHOWN: KeySight = { servers: ['ns1'], missing: [], ttl: 3600 }
const HIDDEN: KeySight = { servers: [], missing: [{ server: 'ns1', why: 'has no such record' }], ttl: 3600 }
const policy = { every: 180 * DAY, publishAhead: 2 * DAY, drain: 7 * DAY, revokeFor: 30 * DAY, reveal: false }

function key(selector: string, state: RingKey['state'], days: number, more: Partial<RingKey> = {}): RingKey {
  const at = NOW - days * DAY
  const times = { published: at, visible: at, ...(state === 'published' ? {} : { signing: at }), [state]: at }
  return {
    domain: 'example.com.' as Name,
    selector,
    algorithm: 'ed25519',
    state,
    times,
    holder: 'file',
    publicKey: selector,
    ...more,
  }
}

function next(
  keys: readonly RingKey[],
  { hidden = [] as string[], ...more }: Partial<RingView> & { hidden?: string[] } = {},
) {
  const sightOf = (selector: string): KeySight => (hidden.includes(selector) ? HIDDEN : SHOWN)
  const { steps, waits } = nextSteps({ keys, algorithms: ['ed25519'], policy, now: NOW, sightOf, ...more })
  return [...steps.map(({ kind }) => kind), ...waits.map(({ reason }) => reason)]
}

describe('a key that signed', () => {
  const keys = [key('old', 'retiring', 8), key('new', 'signing', 8)]

  test('is revoked when its mail has arrived', () => {
    expect(next(keys)).toEqual(['revoke', 'age'])
    expect(next(keys, { now: NOW - 2 * DAY })).toEqual(expect.arrayContaining(['drain']))
  })

  test('stays while a server does not show the one that signs now', () => {
    expect(next(keys, { hidden: ['new'] })).toEqual(['servers', 'age', 'successor'])
  })

  test('may sign again, and then is as if it had not retired', () => {
    const back = takeStep(keys, { kind: 'sign', algorithm: 'ed25519', selector: 'old' }, NOW)
    expect(back.map(({ selector, state }) => `${selector} ${state}`)).toEqual(['old signing', 'new retiring'])
    expect(back[0]?.times.retiring).toBeUndefined()
  })
})

describe('a key whose algorithm left the spec', () => {
  const rsa = key('rsa', 'signing', 9, { algorithm: 'rsa-2048' })

  test('goes once another one signs, and not before', () => {
    expect(next([rsa, key('ed', 'signing', 9)])).toEqual(['retire', 'age'])
    expect(next([rsa])).toEqual(['create', 'other'])
    expect(next([rsa, key('ed', 'signing', 9)], { hidden: ['ed'] })).toEqual(['servers', 'age', 'other'])
  })
})

test('without `every` nothing turns by itself, and what is over is cleared away', () => {
  const { every: _, ...byHand } = policy
  expect(next([], { policy: byHand })).toEqual([])
  expect(next([key('one', 'published', 9)], { policy: byHand })).toEqual(['use'])
  expect(next([key('one', 'signing', 900)], { policy: byHand })).toEqual([])
  expect(next([key('one', 'signing', 9), key('old', 'revoked', 31)], { policy: byHand })).toEqual(['remove'])
})

test('a private half is revealed only once nobody remembers the public one', () => {
  const old = key('old', 'revoked', 3)
  const revealing = { policy: { ...policy, reveal: true } }
  const withdrawn = (seconds: number) => ({ ...old, times: { ...old.times, withdrawn: NOW - seconds } })
  expect(next([old, key('new', 'signing', 9)], { ...revealing, hidden: ['old'] })).toEqual([
    'age',
    'servers',
    'revoked',
  ])
  expect(next([old, key('new', 'signing', 9)], revealing)).toEqual(['withdraw', 'age', 'revoked'])
  expect(next([withdrawn(3599), key('new', 'signing', 9)], revealing)).toEqual(['age', 'hidden', 'revoked'])
  expect(next([withdrawn(3600), key('new', 'signing', 9)], revealing)).toEqual(['reveal', 'age', 'revoked'])
  expect(next([{ ...withdrawn(3600), holder: 'elsewhere' }, key('new', 'signing', 9)], revealing)).toEqual([
    'age',
    'revoked',
  ])
})

test('an index from the future waits as a whole, but for what two clocks may differ by', () => {
  expect(next([key('one', 'signing', 0)], { now: NOW - 301 })).toEqual(['clock'])
  expect(next([key('one', 'signing', 0)], { now: NOW - 300 })).toEqual(['age'])
})
