import { describe, expect, test } from 'vitest'
import type { Provider } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import { isKnown } from '../../records/rr/rrset.js'
import { renderApplyText } from '../../src/render/text/apply-text.js'
import { planText } from '../worlds/plan-text.js'
import { type World, worldOf } from '../worlds/world.js'
import { applied, apply, outcomes } from './applied.js'

const HEAD = `providers: { one: { class: memory } }
zones: { a.example: { targets: [one] }, b.example: { targets: [one] }, c.example: { targets: [one] } }
defaults: { dkim: false, dmarc: false, spf: { addresses: [198.51.100.1] } }
hosts: { mail.b.example: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
`
const MAIL_AT_B = `${HEAD}domains: { a.example: { mx: [mail.b.example], spf: false }, c.example: { mx: none, spf: false } }\n`
const NOTHING = HEAD.replace(/hosts:.*/, 'hosts: {}').concat('domains: {}\n')

const unavailable = new MailsyncError('unavailable', 'the server is gone', { apiCode: '503' })

/** A world in which some calls for some zones are other. */
function worldWith(more: (provider: Provider) => Partial<Provider> = () => ({})): Promise<World> {
  const zones = { 'a.example.': [], 'b.example.': [], 'c.example.': [] }
  return worldOf({ one: zones }, { wrap: (provider) => ({ ...provider, ...more(provider) }) })
}

const failingWrite =
  (failing: string, result: () => Promise<Awaited<ReturnType<Provider['write']>>>) =>
  (provider: Provider): Partial<Provider> => ({
    write: (zone, changes, signal) => (zone === failing ? result() : provider.write(zone, changes, signal)),
  })

const A = [
  '+ a.example. MX 3600 10 mail.b.example.',
  '+ _mailsync.a.example. TXT 3600 v=mailsync1; owner=default; mx.MX=@',
]
const B = [
  '+ mail.b.example. A 3600 192.0.2.1',
  '+ _mailsync.b.example. TXT 3600 v=mailsync1; owner=default; host.A=mail',
]
const C = ['+ c.example. MX 3600 0 .', '+ _mailsync.c.example. TXT 3600 v=mailsync1; owner=default; mx.MX=@']
const done = (zone: string, changes: readonly string[]) => ({ zone, applied: changes, uncertain: [], pending: [] })

test('a plan is carried out in every zone, and is as the result says', async () => {
  const world = await worldWith()
  const result = await apply(world, await planText(world, MAIL_AT_B))
  expect(outcomes(result)).toEqual([done('a.example.', A), done('b.example.', B), done('c.example.', C)])
  expect(result.cancelled).toBe(false)
  expect(world.lines()).toContain('one: a.example. 3600 MX 10 mail.b.example.')
})

describe('a zone that fails', () => {
  test('harms no other, and those whose mail would lead to it are not begun', async () => {
    const world = await worldWith(failingWrite('b.example.', async () => ({ applied: [], failure: unavailable })))
    const { zones } = await apply(world, await planText(world, MAIL_AT_B))
    expect(outcomes({ zones })).toEqual([
      { zone: 'a.example.', applied: [], uncertain: [], pending: A, failure: 'held-back' },
      { zone: 'b.example.', applied: [], uncertain: [], pending: B, failure: 'unavailable' },
      done('c.example.', C),
    ])
    expect(zones[0]?.failure).toEqual({
      code: 'held-back',
      message: 'not begun, because b.example. at one failed, and mail here leads to what stands there',
      hint: 'repair that first, then run apply again',
    })
    expect(zones[1]?.failure).toEqual({ code: 'unavailable', message: 'the server is gone', apiCode: '503' })
  })

  test('keeps what it may still lead to', async () => {
    const fine = await worldWith()
    await applied(fine, await planText(fine, MAIL_AT_B))
    const seed = Object.fromEntries(
      [...(fine.held.get('one') ?? [])].map(([zone, rrsets]) => [zone, [...rrsets.values()].filter(isKnown)]),
    )
    const world = await worldOf(
      { one: seed },
      {
        wrap: (provider) => ({
          ...provider,
          ...failingWrite('a.example.', async () => ({ applied: [], failure: unavailable }))(provider),
        }),
      },
    )
    const { zones } = await apply(world, await planText(world, NOTHING))
    expect(zones.map(({ failure }) => failure?.message)).toEqual([
      'the server is gone',
      'not begun, because a.example. at one failed, and mail there may still lead to what would go here',
      undefined,
    ])
    expect(world.lines()).toContain('one: mail.b.example. 3600 A 192.0.2.1')
  })

  test('by throwing what no adapter should throw is called a bug, and harms no other', async () => {
    const world = await worldWith(failingWrite('c.example.', () => Promise.reject(new TypeError('x is undefined'))))
    const { zones } = await apply(world, await planText(world, MAIL_AT_B))
    expect(outcomes({ zones }).map(({ failure }) => failure)).toEqual([undefined, undefined, 'bug'])
  })

  test('midway says what was written and what was not', async () => {
    const world = await worldWith((provider) => ({
      write: async (zone, changes, signal) => {
        if (zone !== 'b.example.') return provider.write(zone, changes, signal)
        await provider.write(zone, changes.slice(0, 1), signal)
        return { applied: changes.slice(0, 1), failure: unavailable }
      },
    }))
    expect(outcomes(await apply(world, await planText(world, MAIL_AT_B)))[1]).toEqual({
      zone: 'b.example.',
      applied: B.slice(0, 1),
      uncertain: [],
      pending: B.slice(1),
      failure: 'unavailable',
    })
  })

  test('after the request went out says what is not known', async () => {
    const world = await worldWith((provider) => ({
      write: async (zone, changes, signal) =>
        zone === 'b.example.'
          ? { applied: [], uncertain: changes, failure: unavailable }
          : provider.write(zone, changes, signal),
    }))
    expect(outcomes(await apply(world, await planText(world, MAIL_AT_B)))[1]).toMatchObject({
      applied: [],
      uncertain: B,
      pending: [],
    })
  })
})

describe('a zone that could not be read', () => {
  const unreadable =
    (unread: string) =>
    (provider: Provider): Partial<Provider> => ({
      read: (zone, signal) => (zone === unread ? Promise.reject(unavailable) : provider.read(zone, signal)),
    })

  test('stops only what would lead mail into it', async () => {
    const world = await worldWith(unreadable('b.example.'))
    const plan = await planText(world, MAIL_AT_B)
    expect(plan.failures.map(({ zone }) => zone)).toEqual(['b.example.'])
    expect(outcomes(await apply(world, plan))).toEqual([
      { zone: 'a.example.', applied: [], uncertain: [], pending: A, failure: 'held-back' },
      done('c.example.', C),
    ])
  })
})

describe('a run that is stopped', () => {
  test('finishes the write in flight, begins no other, and says what is left', async () => {
    const stop = new AbortController()
    const world = await worldWith((provider) => ({
      write: async (zone, changes) => {
        stop.abort()
        return provider.write(zone, changes, new AbortController().signal)
      },
    }))
    const result = await apply(world, await planText(world, MAIL_AT_B), { signal: stop.signal, parallel: 1 })
    expect(outcomes(result).map(({ failure, pending }) => [failure, pending.length])).toEqual([
      ['cancelled', 2],
      [undefined, 0],
      ['cancelled', 2],
    ])
    expect(result.cancelled).toBe(true)
  })

  test('before the first write is stopped in every zone, and no zone is called failed', async () => {
    const world = await worldWith()
    const result = await apply(world, await planText(world, MAIL_AT_B), { signal: AbortSignal.abort() })
    expect(outcomes(result).map(({ failure }) => failure)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    const text = renderApplyText({ ...result, keys: [] }, { colour: false })
    expect(text).toContain('\nNothing was written; stopped before 3 zones; run again.\n')
    expect(text).not.toContain('failed')
  })

  test('while a zone fails tells that zone as failed, and those that were not begun as stopped', async () => {
    const stop = new AbortController()
    const world = await worldWith((provider) => ({
      write: async (zone, changes, signal) => {
        if (zone !== 'b.example.') return provider.write(zone, changes, signal)
        stop.abort()
        return { applied: [], failure: unavailable }
      },
    }))
    const result = await apply(world, await planText(world, MAIL_AT_B), { signal: stop.signal, parallel: 1 })
    expect(outcomes(result).map(({ failure }) => failure)).toEqual(['cancelled', 'unavailable', 'cancelled'])
    expect(renderApplyText({ ...result, keys: [] }, { colour: false })).toMatch(
      /1 zone failed: nothing of it was written; stopped before 2 zones; run again\.\n$/,
    )
  })

  test('after the last write is not called stopped', async () => {
    const stop = new AbortController()
    const world = await worldWith((provider) => ({
      write: async (zone, changes, signal) => {
        const result = await provider.write(zone, changes, signal)
        if (zone === 'c.example.') stop.abort()
        return result
      },
    }))
    const result = await apply(world, await planText(world, MAIL_AT_B), { signal: stop.signal, parallel: 1 })
    expect(result.cancelled).toBe(false)
  })

  test('goes on from there when it is run again', async () => {
    const stop = new AbortController()
    const world = await worldWith((provider) => ({
      write: (zone, changes, signal) => {
        const result = provider.write(zone, changes, new AbortController().signal)
        if (signal === stop.signal) stop.abort()
        return result
      },
    }))
    await apply(world, await planText(world, MAIL_AT_B), { signal: stop.signal, parallel: 1 })
    await applied(world, await planText(world, MAIL_AT_B))
    expect(await planText(world, MAIL_AT_B)).toMatchObject({ zones: [], unchanged: 3 })
  })
})

test('of two runs at once one wins in each zone, and the other is told', async () => {
  const world = await worldWith()
  const [mine, theirs] = [
    await planText(world, MAIL_AT_B),
    await planText(world, MAIL_AT_B.replace('mx: none', 'mx: [x.example]')),
  ]
  const results = await Promise.all([apply(world, mine), apply(world, theirs)])
  const inC = results.map((result) => outcomes(result)[2])
  expect(inC.map((outcome) => outcome?.failure).sort()).toEqual(['stale', undefined])
  expect(world.lines().filter((line) => line.startsWith('one: c.example.'))).toHaveLength(1)
})

test('no more zones are written at once than may be', async () => {
  let writing = 0
  let most = 0
  const world = await worldWith((provider) => ({
    write: async (zone, changes, signal) => {
      most = Math.max(most, ++writing)
      await new Promise((resolve) => setImmediate(resolve))
      writing -= 1
      return provider.write(zone, changes, signal)
    },
  }))
  const independent = MAIL_AT_B.replace('mx: [mail.b.example]', 'mx: none')
  const seen: string[] = []
  await apply(world, await planText(world, independent), {
    parallel: 2,
    onProgress: (n, of) => seen.push(`${n}/${of}`),
  })
  expect(most).toBe(2)
  expect(seen).toEqual(['1/3', '2/3', '3/3'])
})

test('what is written names the place in the spec that asks for it, for adapters that keep comments', async () => {
  const origins: (string | undefined)[] = []
  const world = await worldWith((provider) => ({
    write: (zone, changes, signal) => {
      origins.push(...changes.map(({ origin }) => origin))
      return provider.write(zone, changes, signal)
    },
  }))
  await applied(world, await planText(world, MAIL_AT_B))
  expect([...new Set(origins)]).toEqual(['mailsync.yaml:4', undefined, 'mailsync.yaml:5'])
})
