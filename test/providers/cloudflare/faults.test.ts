import { afterEach, describe, expect, test } from 'vitest'
import { a, changesBetween, mx, txt } from '../../../conformance/rrsets.js'
import type { WriteResult } from '../../../providers/provider.js'
import {
  type Change,
  canonical,
  compareRRsets,
  isKnown,
  keyOf,
  type RRset,
  sameRRset,
  subjectOf,
} from '../../../records/rr/rrset.js'
import type { Fault } from '../../fakes/cloudflare/fault.js'
import { never, type Story, tellStory, ZONE } from '../../fakes/cloudflare/story.js'

let story: Story
afterEach(() => story.fake.close())

const strangers = ['google-site-verification=abc', 'MS=ms123']
const before = [txt('@', strangers), a('old', ['192.0.2.1']), a('mail', ['192.0.2.2']), a('www', ['192.0.2.80'])]
const wanted = [
  txt('@', [...strangers, 'v=spf1 -all']),
  a('mail', ['192.0.2.10', '192.0.2.11']),
  a('www', ['192.0.2.80']),
  mx('@', [10, 'mail.example.com.']),
]
  .map((rrset) => canonical(rrset))
  .sort(compareRRsets)

const faults: readonly Fault[] = [
  'refused-connection',
  'cut-before',
  'cut-after',
  'half-reply',
  'not-json',
  'timeout-before',
  'timeout-after',
  '503-before',
  '503-after',
  'rate-limited',
  { status: 400, code: 9207, message: 'Request body is invalid.' },
]

/** Reads, compares and writes, as plan and apply do; undefined where the reading fails. */
async function run(): Promise<{ changes: Change[]; result: WriteResult } | undefined> {
  const actual = await story.provider.read(ZONE, never).catch(() => undefined)
  if (actual === undefined) return undefined
  const changes = changesBetween(actual.filter(isKnown), wanted)
  return { changes, result: await story.provider.write(ZONE, changes, never) }
}

function stands(change: Change, rrsets: readonly RRset[]): boolean {
  const actual = rrsets.find((rrset) => keyOf(rrset) === keyOf(subjectOf(change)))
  if (change.kind === 'delete') return actual === undefined
  return actual !== undefined && sameRRset(actual, canonical(change.after))
}

/** What is told is true: applied is there; what is neither applied nor uncertain is not. */
async function expectHonest(
  changes: readonly Change[],
  { applied, uncertain = [], failure }: WriteResult,
): Promise<void> {
  const now = (await story.provider.read(ZONE, never)).filter(isKnown)
  for (const change of changes)
    if (!uncertain.includes(change))
      expect(stands(change, now), keyOf(subjectOf(change))).toBe(applied.includes(change))
  expect(failure === undefined).toBe(applied.length === changes.length)
}

function expectStrangersIntact(): void {
  const contents = story.zone.records.map(({ content }) => content)
  expect(contents).toEqual(expect.arrayContaining([...strangers, '192.0.2.80']))
}

const CALLS = ['the look-up', 'the listing to plan', 'the listing to write', 'the batch']

describe.each(faults)('%j', (fault) => {
  test.each(CALLS.map((call, index): [string, number] => [call, index + 1]))(
    'at %s: nothing foreign is lost, what is told is true, and a second run converges',
    async (_, number) => {
      story = tellStory(before)
      story.fake.faultAt(number, fault)
      const first = await run()
      expectStrangersIntact()
      if (number <= 2) expect(first).toBeUndefined()
      else {
        expect(first?.changes).toHaveLength(4)
        await expectHonest(first?.changes ?? [], first?.result as WriteResult)
      }
      expect((await run())?.result.failure).toBeUndefined()
      expect(await story.provider.read(ZONE, never)).toEqual(wanted)
      expectStrangersIntact()
    },
  )

  test('at the batch and the reading back of it', async () => {
    story = tellStory(before)
    story.fake.faultAt(4, fault)
    story.fake.faultAt(5, 'cut-before')
    const first = await run()
    story.fake.mend()
    await expectHonest(first?.changes ?? [], first?.result as WriteResult)
    expect((await run())?.result.failure).toBeUndefined()
    expect(await story.provider.read(ZONE, never)).toEqual(wanted)
    expectStrangersIntact()
  })
})

describe('a batch whose reply is lost', () => {
  async function write(...lost: [number, Fault][]): Promise<WriteResult> {
    for (const [number, fault] of lost) story.fake.faultAt(number, fault)
    return (await run())?.result as WriteResult
  }

  test.each(['cut-after', 'half-reply', 'timeout-after', '503-after'] as const)(
    '%s: read back, and applied',
    async (fault) => {
      story = tellStory(before)
      const { applied, failure } = await write([4, fault])
      expect(failure).toBeUndefined()
      expect(applied).toHaveLength(4)
      expect(story.calls()).toEqual([
        'GET zones',
        'GET dns_records',
        'GET dns_records',
        'POST batch',
        'GET dns_records',
      ])
    },
  )

  test('repeated by the SDK, which meets its own work: applied', async () => {
    story = tellStory(before, {}, 1)
    const { applied, failure } = await write([4, '503-after'])
    expect(failure).toBeUndefined()
    expect(applied).toHaveLength(4)
    expect(story.calls().filter((call) => call === 'POST batch')).toHaveLength(2)
  })

  test('and cannot be read back: uncertain, and said so', async () => {
    story = tellStory(before)
    const { applied, uncertain, failure } = await write([4, 'cut-after'], [5, 'cut-before'])
    expect(applied).toEqual([])
    expect(uncertain).toHaveLength(4)
    expect(failure).toMatchObject({ code: 'unavailable', where: { zone: ZONE } })
  })

  test('because it takes too long: uncertain even if it is not there yet', async () => {
    story = tellStory(before)
    expect(await write([4, 'timeout-before'])).toMatchObject({
      uncertain: [{}, {}, {}, {}],
      failure: { code: 'timeout' },
    })
  })

  test('while somebody edits: uncertain', async () => {
    story = tellStory(before)
    story.fake.before = ({ what }) => {
      if (story.fake.calls.length === 5 && what === 'GET dns_records') story.zone.edit([a('mail', ['203.0.113.1'])])
    }
    expect((await write([4, 'cut-before'])).uncertain).toHaveLength(4)
  })

  test('before it was done: uncertain, for it may still be on its way', async () => {
    story = tellStory(before)
    const { applied, uncertain, failure } = await write([4, 'cut-before'])
    expect([applied, uncertain?.length, failure?.code]).toEqual([[], 4, 'unavailable'])
    expect(failure?.hint).toMatch(/may have been written or not; plan again/)
  })

  test('in a whole 503, and it was not done: not applied, and not uncertain', async () => {
    story = tellStory(before)
    const { applied, uncertain, failure } = await write([4, '503-before'])
    expect([applied, uncertain, failure?.code]).toEqual([[], undefined, 'unavailable'])
  })

  test('by the rate limit, on and on: one question more, not a second wait, and uncertain', async () => {
    story = tellStory(before, {}, 1)
    const result = await write([4, 'cut-after'], [5, 'rate-limited'], [6, 'rate-limited'], [7, 'rate-limited'])
    expect(result).toMatchObject({ applied: [], uncertain: [{}, {}, {}, {}], failure: { code: 'rate-limited' } })
    expect(story.calls().slice(3)).toEqual(['POST batch', 'POST batch', 'GET dns_records'])
  })

  test('because it never left: nothing to read back', async () => {
    story = tellStory(before)
    const result = await write([4, 'refused-connection'])
    expect(result).toEqual({ applied: [], failure: expect.objectContaining({ code: 'unavailable' }) })
    expect(story.calls()).toHaveLength(4)
  })

  test('while the user stops: no further call, uncertain', async () => {
    story = tellStory(before)
    const stop = new AbortController()
    const changes = changesBetween((await story.provider.read(ZONE, never)).filter(isKnown), wanted)
    story.fake.before = ({ what }) => {
      if (what === 'POST batch') stop.abort()
    }
    story.fake.faultAt(2, 'cut-after')
    story.calls()
    expect((await story.provider.write(ZONE, changes, stop.signal)).uncertain).toHaveLength(4)
    expect(story.calls()).toEqual(['GET dns_records', 'POST batch'])
  })
})

test('a batch in flight is finished when the user stops', async () => {
  story = tellStory(before)
  const stop = new AbortController()
  const changes = changesBetween((await story.provider.read(ZONE, never)).filter(isKnown), wanted)
  story.fake.before = ({ what }) => {
    if (what === 'POST batch') stop.abort()
  }
  expect(await story.provider.write(ZONE, changes, stop.signal)).toEqual({ applied: changes })
})
