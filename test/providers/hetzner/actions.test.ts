import { afterEach, describe, expect, test } from 'vitest'
import { a, mx, txt } from '../../../conformance/rrsets.js'
import type { Change } from '../../../records/rr/rrset.js'
import { openWatch } from '../../../src/watch/watch.js'
import { never, type Story, tellStory, ZONE } from '../../fakes/hetzner/story.js'

let story: Story
afterEach(() => story.fake.close())

const create: Change = { kind: 'create', after: a('mail', ['192.0.2.10']) }
const next: Change = { kind: 'create', after: mx('@', [10, 'mail.example.com.']) }

describe('an action that runs', () => {
  test('is looked at less and less often until it has ended, and only then comes the next change', async () => {
    story = tellStory()
    story.fake.duration = 5
    expect(await story.provider.write(ZONE, [create, next], never)).toEqual({ applied: [create, next] })
    expect(story.calls()).toEqual([
      'GET zones',
      'GET rrsets',
      'POST rrsets',
      ...Array(5).fill('GET action'),
      'POST rrsets',
      ...Array(5).fill('GET action'),
    ])
    expect(story.waits.slice(0, 5)).toEqual([250, 500, 1000, 2000, 4000])
  })

  test('tells how far it is each time it is looked at', async () => {
    const told: object[] = []
    const watch = openWatch()
    watch.listen((event) => void (event.event === 'action.wait' && told.push(event)))
    story = tellStory([], { calls: watch.openCalls('dns', 'hetzner', () => {})('token') })
    story.fake.duration = 3
    expect(await story.provider.write(ZONE, [create], never)).toEqual({ applied: [create] })
    const what = { event: 'action.wait', provider: 'dns', what: 'create mail.example.com. A' }
    // What the reply to the call itself says, and then the action.
    expect(told).toHaveLength(3)
    expect(told.slice(1)).toEqual([50, 50].map((percent) => ({ ...what, percent })))
  })

  test('and runs: given up after two minutes, uncertain, and what follows is not begun', async () => {
    story = tellStory()
    story.fake.duration = 1000
    const result = await story.provider.write(ZONE, [create, next], never)
    expect(result).toMatchObject({
      applied: [],
      uncertain: [create],
      failure: {
        code: 'timeout',
        message: expect.stringMatching(
          /not finished after 2 minutes \(action \d+, at 50 %\): to create mail.example.com. A$/,
        ),
        where: { zone: ZONE, record: 'mail.example.com. A' },
      },
    })
    expect(story.calls().filter((call) => call === 'POST rrsets')).toHaveLength(1)
  })

  test('that was given up and has ended when looked at again: applied', async () => {
    story = tellStory()
    story.fake.duration = 38
    expect(await story.provider.write(ZONE, [create], never)).toEqual({ applied: [create] })
  })

  test('is waited for although the user stops, and nothing else begins', async () => {
    story = tellStory()
    story.fake.duration = 3
    const stop = new AbortController()
    story.fake.before = ({ what }) => {
      if (what === 'GET action') stop.abort()
    }
    expect(await story.provider.write(ZONE, [create, next], stop.signal)).toMatchObject({
      applied: [create],
      failure: { code: 'cancelled' },
    })
  })

  test('whose end is not told: looked for in the zone once nothing runs there any more', async () => {
    story = tellStory()
    story.fake.duration = 3
    for (const number of [4, 5, 6, 7]) story.fake.faultAt(number, 'cut-before')
    expect(await story.provider.write(ZONE, [create], never)).toEqual({ applied: [create] })
    expect(story.calls().slice(7)).toEqual(['GET actions', 'GET actions', 'GET actions', 'GET rrsets'])
  })
})

describe('an action that fails', () => {
  test('is a failure in the API’s own words, and nothing of it is written', async () => {
    story = tellStory()
    story.fake.failing = 'create'
    const result = await story.provider.write(ZONE, [create, next], never)
    expect(result).toEqual({
      applied: [],
      failure: expect.objectContaining({
        code: 'rejected',
        apiCode: 'action_failed',
        message: 'Hetzner began to create mail.example.com. A and failed: Action failed (action_failed)',
      }),
    })
    expect(story.zone.rrsets).toEqual([])
  })

  test('after another of the same change: neither the old nor the new, and said so', async () => {
    const strangers = txt('@', ['MS=ms123'])
    story = tellStory([txt('@', ['MS=ms123', 'v=spf1 -all'])])
    story.fake.failing = 'add_records'
    const change: Change = {
      kind: 'update',
      before: txt('@', ['MS=ms123', 'v=spf1 -all']),
      after: txt('@', ['MS=ms123', 'v=spf1 ~all']),
    }
    expect(await story.provider.write(ZONE, [change], never)).toMatchObject({
      applied: [],
      uncertain: [change],
      failure: { code: 'rejected', hint: expect.stringMatching(/may have been written or not; plan again/) },
    })
    expect(await story.provider.read(ZONE, never)).toEqual([strangers])
    const again: Change = { kind: 'update', before: strangers, after: change.after }
    expect(await story.provider.write(ZONE, [again], never)).toEqual({ applied: [again] })
  })
})

describe('a zone on which another action runs', () => {
  test('is waited for', async () => {
    story = tellStory()
    let others = 2
    story.fake.before = ({ what }) => {
      if (what === 'POST rrsets' && others-- > 0)
        story.fake.faultAt(1, { status: 423, code: 'locked', message: 'zone is locked' })
    }
    story.fake.faultAt(3, { status: 409, code: 'conflict', message: 'changed during the request' })
    expect(await story.provider.write(ZONE, [create], never)).toEqual({ applied: [create] })
    expect(story.zone.rrsets).toHaveLength(1)
  })

  test('for ever: told, and nothing is written', async () => {
    story = tellStory()
    for (let number = 3; number < 30; number++)
      story.fake.faultAt(number, { status: 423, code: 'locked', message: 'zone is locked' })
    story.fake.before = ({ what }) => {
      if (what === 'GET actions') story.fake.mend()
    }
    const result = await story.provider.write(ZONE, [create], never)
    expect(result).toMatchObject({ applied: [], failure: { code: 'unavailable', apiCode: 'locked' } })
    expect(result.uncertain).toBeUndefined()
  })
})

describe('waiting until it is served', () => {
  test('asks each zone that was written until its name servers have it', async () => {
    story = tellStory()
    await story.provider.write(ZONE, [create], never)
    story.zone.shown = { status: 'updating' }
    story.calls()
    let looks = 0
    story.fake.before = ({ what }) => {
      if (what === 'GET zone' && ++looks === 3) story.zone.shown = { status: 'ok' }
    }
    const told: string[] = []
    await story.provider.waitUntilServed?.(never, (message) => told.push(message))
    expect(told).toEqual([
      '0 of 1 zones are on every name server',
      '0 of 1 zones are on every name server',
      'every zone is on every name server',
    ])
    await story.provider.waitUntilServed?.(never, (message) => told.push(message))
    expect(told).toHaveLength(3)
  })

  test.each([
    ['updating', 'timeout'],
    ['error', 'unavailable'],
  ])('a zone that stays %s is told', async (status, code) => {
    story = tellStory()
    await story.provider.write(ZONE, [create], never)
    story.zone.shown = { status }
    await expect(story.provider.waitUntilServed?.(never, () => {})).rejects.toMatchObject({
      code,
      where: { zone: ZONE },
    })
  })

  test('ends when the user stops', async () => {
    story = tellStory()
    await story.provider.write(ZONE, [create], never)
    story.zone.shown = { status: 'updating' }
    const stop = new AbortController()
    await expect(story.provider.waitUntilServed?.(stop.signal, () => stop.abort())).rejects.toMatchObject({
      code: 'cancelled',
    })
  })
})
