import { afterEach, describe, expect, test } from 'vitest'
import { cloudflareFleet, eventsIn, type Fleet } from '../fleet.js'

let fleet: Fleet
afterEach(() => fleet.close())

describe('a run with more to do than the rate limit allows at once', () => {
  test('says how long it takes before it starts, waits for the next window, and is never refused', async () => {
    fleet = await cloudflareFleet(30)
    fleet.fake.rate = { calls: 20, seconds: 2 }
    const { code, stderr } = await fleet.run(['plan', '--log', 'json'])
    expect(code).toBe(0)
    expect(fleet.fake.refused).toBe(0)
    const waits = eventsIn(stderr).filter(({ event }) => event === 'rate-limit.wait')
    expect(waits.length).toBeGreaterThan(0)
    expect(waits.every(({ provider, seconds }) => provider === 'cf' && Number(seconds) <= 2)).toBe(true)
  })

  test.each([
    ['', false],
    [', whatever a shorter window has left', true],
  ])(
    'does not begin where that is longer than it may wait%s: nothing but a first look is asked',
    async (_, hasBursts) => {
      fleet = await cloudflareFleet(900)
      fleet.fake.rate = { calls: 100, seconds: 300 }
      fleet.fake.tellsOfBursts = hasBursts
      const { code, stdout, stderr } = await fleet.run(['plan', '--max-wait', '30m'])
      expect(code).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toMatch(
        /This run needs about 917 calls; cf allows 100 in 5 min \(8\d left until \d\d:\d\d UTC\): about 4\d min\./,
      )
      expect(stderr).toContain('It may wait 30 min, so it does not begin.')
      expect(stderr).toContain('--max-wait')
      expect(fleet.fake.calls.length).toBeLessThan(25)
    },
  )

  test('writes nothing where the writes would take too long', async () => {
    fleet = await cloudflareFleet(40)
    fleet.fake.rate = { calls: 60, seconds: 600 }
    const { code, stderr } = await fleet.run(['apply', '--yes', '--max-wait', '0'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/This run needs about 80 calls; cf allows 60 in 10 min/)
    expect(fleet.fake.calls.filter(({ what }) => what === 'POST batch')).toEqual([])
  })

  test('has one budget where two providers of the spec have one token', async () => {
    fleet = await cloudflareFleet(8)
    const spec = await fleet.space.read('mailsync.yaml')
    const [first = '', ...rest] = spec.split('\n')
    const both = first.replace('} }', '}, other: { class: cloudflare, token: env/TOKEN } }')
    await fleet.space.write(
      'mailsync.yaml',
      [both, ...rest].join('\n').replaceAll(/(zone[4-7]\.example: \{ targets: \[)cf/g, '$1other'),
    )
    fleet.fake.rate = { calls: 12, seconds: 2 }
    const { code, stderr } = await fleet.run(['plan', '--log', 'json', '--parallel', '2'])
    expect(code).toBe(0)
    expect(new Set(eventsIn(stderr).flatMap(({ event, provider }) => (event === 'call' ? [provider] : [])))).toEqual(
      new Set(['cf', 'other']),
    )
    expect(fleet.fake.refused).toBe(0)
  })

  test('with a rate limit that is reached all the same, asks again and counts it', async () => {
    fleet = await cloudflareFleet(2)
    fleet.fake.faultAt(3, 'rate-limited')
    const { code, stderr } = await fleet.run(['plan', '--log', 'json'])
    expect(code).toBe(0)
    const events = eventsIn(stderr)
    expect(events.filter(({ event, outcome }) => event === 'call' && outcome === 'limited')).toHaveLength(1)
    expect(events.filter(({ event }) => event === 'retry')).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ event: 'run.end', calls: fleet.fake.calls.length, retries: 1 })
  })
})

test.each(['soon', '-1', '1w', ''])('--max-wait %j is refused', async (text) => {
  fleet = await cloudflareFleet(1)
  const { code, stderr } = await fleet.run(['plan', `--max-wait=${text}`])
  expect(code).toBe(1)
  expect(stderr).toMatch(/--max-wait/)
  expect(fleet.fake.calls).toEqual([])
})
