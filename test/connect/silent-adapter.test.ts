import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { callsOf } from '../../providers/calls/calls.js'
import type { Provider } from '../../providers/provider.js'
import type { Name } from '../../records/rr/name.js'
import type { Change } from '../../records/rr/rrset.js'
import { withAnswers } from '../../src/connect/answers.js'
import { prepareOne } from '../../src/connect/check/prepare-one.js'
import { notedCalls, SILENCE, signsOfWork } from '../../src/connect/signs-of-work.js'
import { openWatch } from '../../src/watch/watch.js'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] }))
afterEach(() => void vi.useRealTimers())

const MINUTE = 60_000
const zone = 'example.com.' as Name
const { signal } = new AbortController()
const never = () => new Promise<never>(() => {})
const silent: Provider = { zones: never, read: never, write: never }

/** What became of a call so far. */
function outcome<T>(call: Promise<T>): { readonly now: unknown } {
  const seen = { now: 'waited for' as unknown }
  call.then(
    (answer) => {
      seen.now = answer
    },
    (error: unknown) => {
      seen.now = error
    },
  )
  return seen
}

describe('an adapter that is silent', () => {
  test('while it reads is given up after five minutes, and named with the call and the zone', async () => {
    const asked = withAnswers('own', silent, { ...SILENCE, signs: signsOfWork() })
    const read = outcome(asked.read(zone, signal))
    await vi.advanceTimersByTimeAsync(5 * MINUTE - 1)
    expect(read.now).toBe('waited for')
    await vi.advanceTimersByTimeAsync(1)
    expect(read.now).toMatchObject({
      code: 'timeout',
      message: 'the adapter began "read" and was silent for 5 minutes',
      where: { provider: 'own', zone },
      hint: expect.stringContaining('run the same command again'),
    })
  })

  test('while it writes has longer, and leaves it open what was written', async () => {
    const asked = withAnswers('own', silent, { ...SILENCE, signs: signsOfWork() })
    const change: Change = { kind: 'create', after: { name: zone, type: 'A', ttl: 300, rdata: [] } }
    const write = outcome(asked.write(zone, [change], signal))
    await vi.advanceTimersByTimeAsync(15 * MINUTE - 1)
    expect(write.now).toBe('waited for')
    await vi.advanceTimersByTimeAsync(1)
    expect(write.now).toMatchObject({ applied: [], uncertain: [change], failure: { code: 'timeout', where: { zone } } })
  })

  test('that comes with mailsync is waited for: it bounds its requests itself', async () => {
    const read = outcome(withAnswers('octodns', silent).read(zone, signal))
    await vi.advanceTimersByTimeAsync(24 * 60 * MINUTE)
    expect(read.now).toBe('waited for')
  })
})

describe('an adapter that works', () => {
  test('is waited for while its other calls end', async () => {
    const some: Provider = { ...silent, zones: async () => [zone] }
    const asked = withAnswers('own', some, { ...SILENCE, signs: signsOfWork() })
    const read = outcome(asked.read(zone, signal))
    for (let times = 0; times < 5; times += 1) {
      await vi.advanceTimersByTimeAsync(4 * MINUTE)
      await asked.zones(signal)
    }
    expect(read.now).toBe('waited for')
    await vi.advanceTimersByTimeAsync(5 * MINUTE)
    expect(read.now).toMatchObject({ code: 'timeout' })
  })

  test('is waited for while it waits for a rate limit, and while requests end', async () => {
    const signs = signsOfWork()
    const calls = notedCalls(() => callsOf('own'), signs)('key')
    const read = outcome(withAnswers('own', silent, { ...SILENCE, signs }).read(zone, signal))
    calls.waits(10 * 60, true)
    await vi.advanceTimersByTimeAsync(14 * MINUTE)
    calls.ended({ what: 'GET /', outcome: 'ok', attempt: 1, seconds: 1 })
    await vi.advanceTimersByTimeAsync(4 * MINUTE)
    expect(read.now).toBe('waited for')
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(read.now).toMatchObject({ code: 'timeout' })
  })

  test('is waited for while it says what it waits for', async () => {
    let say = (_: string): void => {}
    const serving: Provider = {
      ...silent,
      waitUntilServed: (_, report) => {
        say = report
        return never()
      },
    }
    const told: string[] = []
    const asked = withAnswers('own', serving, { ...SILENCE, signs: signsOfWork() })
    const served = outcome(asked.waitUntilServed?.(signal, (message) => told.push(message)) as Promise<void>)
    await vi.advanceTimersByTimeAsync(14 * MINUTE)
    say('2 of 3 servers')
    await vi.advanceTimersByTimeAsync(14 * MINUTE)
    expect({ now: served.now, told }).toEqual({ now: 'waited for', told: ['2 of 3 servers'] })
    await vi.advanceTimersByTimeAsync(MINUTE)
    expect(served.now).toMatchObject({ code: 'timeout' })
  })
})

describe('the adapter of a spec', () => {
  const HANGS = `export default { type: 'own', description: '', optionDocs: [], options: () => ({}),
  traits: { types: ['A'], write: 'atomic', compareAndSwap: false, ttl: { min: 60, max: 86400 } },
  connect: async () => ({ zones: () => new Promise(() => setInterval(() => {}, 1000).unref()) }) }
`
  const watch = openWatch({ silence: { reading: 1000, writing: 1000 } })
  const directories: string[] = []
  afterEach(() => Promise.all(directories.splice(0).map((directory) => rm(directory, { recursive: true }))))

  test('that is a file beside it may not be silent for longer than the run allows', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mailsync-silent-'))
    directories.push(directory)
    await writeFile(join(directory, 'own.mjs'), HANGS)
    const one = await prepareOne({ name: 'own', type: './own.mjs', options: {} }, { directory, env: {}, watch })
    const { provider } = await one.connect()
    const zones = outcome(provider.zones(signal))
    await vi.advanceTimersByTimeAsync(1000)
    expect(zones.now).toMatchObject({ code: 'timeout', message: 'the adapter began "zones" and was silent for 1 s' })
  })
})

describe('once the run is stopped', () => {
  test('a read is given up at once and none is begun, while a write is waited for', async () => {
    const stop = new AbortController()
    const read = vi.fn(never)
    const asked = withAnswers('own', { ...silent, read })
    const begun = outcome(asked.read(zone, stop.signal))
    const write = outcome(asked.write(zone, [], stop.signal))
    stop.abort()
    await vi.advanceTimersByTimeAsync(0)
    const given = { code: 'cancelled', where: { provider: 'own', zone } }
    expect(begun.now).toMatchObject(given)
    await expect(asked.read(zone, stop.signal)).rejects.toMatchObject(given)
    expect(read).toHaveBeenCalledOnce()
    expect(write.now).toBe('waited for')
  })
})
