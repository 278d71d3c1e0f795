import { afterEach, describe, expect, test } from 'vitest'
import { a, changesBetween, mx, txt } from '../../../conformance/rrsets.js'
import { connectHetzner } from '../../../providers/hetzner/connection.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change, RRset } from '../../../records/rr/rrset.js'
import { TOKEN } from '../../fakes/hetzner/hetzner.js'
import { never, type Story, tellStory, ZONE } from '../../fakes/hetzner/story.js'

let story: Story
afterEach(() => story.fake.close())

const before = [a('old', ['192.0.2.1']), txt('@', ['google-site-verification=abc']), a('mail', ['192.0.2.2'])]
const after = [
  txt('@', ['google-site-verification=abc', 'v=spf1 -all']),
  a('mail', ['192.0.2.10', '192.0.2.11']),
  mx('@', [10, 'mail.example.com.']),
  txt('_dmarc', ['v=DMARC1; p=reject']),
  ...[1, 2, 3, 4, 5, 6, 7].map((number) => txt(`s${number}._domainkey`, [`v=DKIM1; p=${number}`])),
]

function counted(calls: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(calls)].map((call) => [call, calls.filter((one) => one === call).length]))
}

describe('the calls it takes', () => {
  test('to plan an unchanged zone: one look-up and one listing', async () => {
    story = tellStory([a('mail', ['192.0.2.10'])])
    await story.provider.read(ZONE, never)
    expect((await story.provider.write(ZONE, [], never)).failure).toBeUndefined()
    expect(story.calls()).toEqual(['GET zones', 'GET rrsets'])
  })

  test('to apply 12 changes: one listing more, for each an action and a look at its end, and one before what is overwritten', async () => {
    story = tellStory(before)
    const twelve = changesBetween(before, after)
    expect(twelve).toHaveLength(12)
    await story.provider.read(ZONE, never)
    story.calls()
    expect(await story.provider.write(ZONE, twelve, never)).toEqual({ applied: twelve })
    const calls = story.calls()
    expect(counted(calls)).toEqual({
      'GET rrsets': 2,
      'POST add_records': 1,
      'POST set_records': 1,
      'POST rrsets': 9,
      'POST remove_records': 1,
      'GET action': 12,
    })
    expect(calls).toHaveLength(26)
  })

  test('where actions end at once: none is looked at', async () => {
    story = tellStory()
    story.fake.duration = 0
    await story.provider.write(ZONE, [{ kind: 'create', after: a('mail', ['192.0.2.10']) }], never)
    expect(story.calls()).toEqual(['GET zones', 'GET rrsets', 'POST rrsets'])
  })

  test('to read the same zone twice: the look-up is remembered', async () => {
    story = tellStory()
    await Promise.all([story.provider.read(ZONE, never), story.provider.read(ZONE, never)])
    await story.provider.read(ZONE, never)
    expect(counted(story.calls())).toEqual({ 'GET zones': 1, 'GET rrsets': 3 })
  })

  test('where nothing but the order of values differs: none but the listing', async () => {
    story = tellStory([txt('@', ['one', 'two'])])
    const same: RRset = txt('@', ['two', 'one'])
    const change: Change = { kind: 'update', before: same, after: same }
    expect(await story.provider.write(ZONE, [change], never)).toEqual({ applied: [change] })
    expect(story.calls()).toEqual(['GET zones', 'GET rrsets'])
  })

  test('for many zones: pages of 50 in place of look-ups', async () => {
    story = tellStory()
    const names = Array.from({ length: 120 }, (_, index) => `zone${index}.example.`) as Name[]
    for (const name of names) story.fake.addZone(name.slice(0, -1))
    const provider = connectHetzner({ token: TOKEN }, { zones: names })
    for (const name of names) expect(await provider.read(name, never)).toEqual([])
    expect(counted(story.calls())).toEqual({ 'GET zones': 3, 'GET rrsets': 120 })
    expect(await provider.zones(never)).toHaveLength(121)
  })
})

describe('a zone whose RRsets do not fit on a page', () => {
  test.each([
    [99, 1],
    [100, 1],
    [101, 2],
    [300, 3],
    [301, 4],
  ])('%i RRsets are read in %i pages of 100', async (count, pages) => {
    story = tellStory(Array.from({ length: count }, (_, index) => a(`h${index}`, ['192.0.2.1'])))
    expect(await story.provider.read(ZONE, never)).toHaveLength(count)
    expect(story.calls()).toHaveLength(1 + pages)
  })

  test('RRsets removed between two pages make no complete listing', async () => {
    story = tellStory(Array.from({ length: 250 }, (_, index) => a(`h${index}`, ['192.0.2.1'])))
    story.fake.before = ({ query }) => {
      if (query.get('page') === '2') story.zone.edit([{ ...a('h0', []) }])
    }
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the listing changed at Hetzner while its pages were read',
    })
  })
})

describe('the rate limit of the project', () => {
  test('is waited for, as long as the API says', async () => {
    story = tellStory()
    story.fake.quota = 0
    story.fake.retryAfter = 7
    story.fake.before = () => {
      if (story.fake.calls.length === 3) story.fake.quota = 10
    }
    expect(await story.provider.read(ZONE, never)).toEqual([])
    expect(story.waits.filter((wait) => wait === 7000)).toHaveLength(2)
  })

  test('a run whose requests are used up goes on at the pace at which they come back', async () => {
    story = tellStory()
    story.fake.quota = 2
    await story.provider.read(ZONE, never)
    story.fake.quota = 1
    await story.provider.read(ZONE, never)
    expect(story.waits).toHaveLength(1)
    expect(story.waits[0]).toBeGreaterThan(900)
    expect(story.waits[0]).toBeLessThanOrEqual(1000)
  })

  test('that does not come back is told, and when it will', async () => {
    story = tellStory()
    story.fake.quota = 0
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({
      code: 'rate-limited',
      apiCode: 'rate_limit_exceeded',
      hint: 'a project has 3600 requests an hour, over all its tokens; all of it is there again in 60 minutes',
    })
  })
})
