import { afterEach, describe, expect, test } from 'vitest'
import { a, changesBetween, mx, txt } from '../../../conformance/rrsets.js'
import { connectCloudflare } from '../../../providers/cloudflare/connection.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change } from '../../../records/rr/rrset.js'
import { TOKEN } from '../../fakes/cloudflare/cloudflare.js'
import { impatient, never, type Story, tellStory, ZONE } from '../../fakes/cloudflare/story.js'

let story: Story
afterEach(() => story.fake.close())

const twelve: Change[] = changesBetween(
  [a('old', ['192.0.2.1']), txt('@', ['google-site-verification=abc']), a('mail', ['192.0.2.2'])],
  [
    txt('@', ['google-site-verification=abc', 'v=spf1 -all']),
    a('mail', ['192.0.2.10', '192.0.2.11']),
    mx('@', [10, 'mail.example.com.']),
    txt('_dmarc', ['v=DMARC1; p=reject']),
    ...[1, 2, 3, 4, 5, 6, 7].map((number) => txt(`s${number}._domainkey`, [`v=DKIM1; p=${number}`])),
  ],
)

describe('the calls it takes', () => {
  test('to plan an unchanged zone: one look-up and one listing', async () => {
    story = tellStory([a('mail', ['192.0.2.10'])])
    await story.provider.read(ZONE, never)
    expect((await story.provider.write(ZONE, [], never)).failure).toBeUndefined()
    expect(story.calls()).toEqual(['GET zones', 'GET dns_records'])
  })

  test('to apply 12 changes: one more listing and one batch', async () => {
    expect(twelve).toHaveLength(12)
    story = tellStory([a('old', ['192.0.2.1']), txt('@', ['google-site-verification=abc']), a('mail', ['192.0.2.2'])])
    await story.provider.read(ZONE, never)
    story.calls()
    const result = await story.provider.write(ZONE, twelve, never)
    expect(result).toEqual({ applied: twelve })
    expect(story.calls()).toEqual(['GET dns_records', 'POST batch'])
  })

  test('to apply a saved plan without a reading before it: look-up, listing, batch', async () => {
    story = tellStory()
    await story.provider.write(ZONE, [{ kind: 'create', after: a('mail', ['192.0.2.10']) }], never)
    expect(story.calls()).toEqual(['GET zones', 'GET dns_records', 'POST batch'])
  })

  test('to read the same zone twice: the look-up is remembered', async () => {
    story = tellStory()
    await Promise.all([story.provider.read(ZONE, never), story.provider.read(ZONE, never)])
    await story.provider.read(ZONE, never)
    expect(story.calls().filter((call) => call === 'GET zones')).toHaveLength(1)
  })

  test('where nothing but the order of values differs: no batch', async () => {
    story = tellStory([txt('@', ['one', 'two'])])
    const same = txt('@', ['two', 'one'])
    expect(await story.provider.write(ZONE, [{ kind: 'update', before: same, after: same }], never)).toMatchObject({
      applied: [{ after: same }],
    })
    expect(story.calls()).not.toContain('POST batch')
  })
})

describe('a zone whose records do not fit on a page', () => {
  test.each([
    [199, 2],
    [200, 2],
    [201, 3],
  ])('%i records at 100 a page are read in %i pages', async (count, pages) => {
    story = tellStory(Array.from({ length: count }, (_, index) => a(`h${index}`, ['192.0.2.1'])))
    story.fake.pageLimit = 100
    expect(await story.provider.read(ZONE, never)).toHaveLength(count)
    expect(story.calls()).toHaveLength(1 + pages)
  })

  test('records removed between two pages make no complete listing', async () => {
    story = tellStory(
      Array.from({ length: 250 }, (_, index) => a(`h${index}`, ['192.0.2.1'])),
      { plan: 'pro' },
    )
    story.fake.pageLimit = 100
    story.fake.before = ({ query }) => {
      if (query.page === '3') story.zone.records = story.zone.records.slice(60)
    }
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('more changes than a batch takes', () => {
  const names = Array.from({ length: 150 }, (_, index) => `n${String(index).padStart(3, '0')}`)
  const old = names.map((name) => a(`old-${name}`, ['192.0.2.1']))
  const makes = names.map((name): Change => ({ kind: 'create', after: a(`new-${name}`, ['192.0.2.2']) }))
  const breaks = old.map((before): Change => ({ kind: 'delete', before }))

  test('are split at 200 on the free plan, in the order given: make before break', async () => {
    story = tellStory(old.slice(0, 60))
    const changes = [...makes, ...breaks.slice(0, 60)]
    await story.provider.read(ZONE, never)
    expect(story.provider.batches?.(ZONE, changes)).toBe(2)
    expect(await story.provider.write(ZONE, changes, never)).toEqual({ applied: changes })
    expect(story.batches().map(({ posts, deletes }) => [posts?.length, deletes?.length])).toEqual([
      [150, 50],
      [0, 10],
    ])
  })

  test('go in one batch on a paid plan', async () => {
    story = tellStory(old, { plan: 'business' })
    const changes = [...makes, ...breaks]
    await story.provider.read(ZONE, never)
    expect(story.provider.batches?.(ZONE, changes)).toBe(1)
    expect(await story.provider.write(ZONE, changes, never)).toEqual({ applied: changes })
    expect(story.batches()).toHaveLength(1)
  })

  test('stopped after the first batch: just that one is reported as applied', async () => {
    story = tellStory(old.slice(0, 60))
    const stop = new AbortController()
    const changes = [...makes, ...breaks.slice(0, 60)]
    story.fake.before = ({ what }) => {
      if (what === 'POST batch') stop.abort()
    }
    const result = await story.provider.write(ZONE, changes, stop.signal)
    expect(result).toMatchObject({ applied: changes.slice(0, 200), failure: { code: 'cancelled' } })
    expect(result.uncertain).toBeUndefined()
    expect(story.batches()).toHaveLength(1)
  })

  test('of which the second batch is refused: the first is reported as applied', async () => {
    story = tellStory(old.slice(0, 60))
    const changes = [...makes, ...breaks.slice(0, 60)]
    story.fake.faultAt(4, { status: 400, code: 9207, message: 'Request body is invalid.' })
    const result = await story.provider.write(ZONE, changes, never)
    expect(result).toMatchObject({ applied: changes.slice(0, 200), failure: { code: 'rejected', apiCode: '9207' } })
    expect(story.zone.records).toHaveLength(160)
  })
})

describe('finding zones', () => {
  const declare = (count: number): Name[] => Array.from({ length: count }, (_, index) => `z${index}.example.` as Name)

  function manyZones(served: number, declared: number): { names: Name[]; provider: Story['provider'] } {
    story = tellStory()
    for (const name of declare(served)) story.fake.addZone(name.slice(0, -1))
    const names = declare(declared)
    return { names, provider: connectCloudflare({ token: TOKEN }, { zones: names }, { maxRetries: 0 }) }
  }

  const zoneCalls = (): string[] => story.calls().filter((call) => call === 'GET zones')

  test('three of 1,000: one look-up each', async () => {
    const { names, provider } = manyZones(1000, 3)
    await Promise.all(names.map((name) => provider.read(name, never)))
    expect(zoneCalls()).toHaveLength(3)
  })

  test('ten of 1,000: a page, then look-ups, never 20 pages', async () => {
    const { provider } = manyZones(1000, 10)
    const names = [...declare(4), 'z996.example.' as Name, 'z997.example.' as Name]
    await Promise.all(names.map((name) => provider.read(name, never)))
    expect(zoneCalls()).toHaveLength(3)
  })

  test('all of 1,000, at once, with one that fails: 20 pages shared by all, 999 read', async () => {
    const { names, provider } = manyZones(999, 1000)
    const results = await Promise.allSettled(names.map((name) => provider.read(name, never)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(999)
    expect(results.at(-1)).toMatchObject({ reason: { code: 'zone-not-found', where: { zone: 'z999.example.' } } })
    expect(story.fake.calls.filter(({ what }) => what === 'GET zones')).toHaveLength(20)
    expect(story.fake.calls.filter(({ what }) => what === 'GET dns_records')).toHaveLength(999)
  })

  test('every zone the token reaches: full pages, and no empty one at the end', async () => {
    const { provider } = manyZones(99, 1)
    expect(await provider.zones(never)).toHaveLength(100)
    expect(zoneCalls()).toHaveLength(2)
    await provider.read('z98.example.' as Name, never)
    expect(zoneCalls()).toHaveLength(0)
  })

  test('a shared listing that fails is asked for again', async () => {
    const { names, provider } = manyZones(10, 10)
    story.fake.faultAt(1, 'cut-before')
    const first = await Promise.allSettled(names.map((name) => provider.read(name, never)))
    expect(first.every(({ status }) => status === 'rejected')).toBe(true)
    await expect(provider.read(names[0] as Name, never)).resolves.toEqual([])
  })
})

describe('zones of one name', () => {
  const accounts = [
    { id: 'a'.repeat(32), name: 'Mail' },
    { id: 'b'.repeat(32), name: 'Web' },
  ] as const

  function twoAccounts(status: string): void {
    story = tellStory([], { account: accounts[0] })
    story.fake.addZone('example.com', { account: accounts[1], zone: { status } }).edit([a('web', ['192.0.2.80'])])
  }

  test('in two accounts: the active one', async () => {
    twoAccounts('moved')
    expect(await story.provider.read(ZONE, never)).toEqual([])
  })

  test('both active: the error names the accounts', async () => {
    twoAccounts('active')
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({
      code: 'zone-not-found',
      message: '2 Cloudflare accounts have a zone example.com',
      hint: `say which with account_id: ${'a'.repeat(32)} (Mail), ${'b'.repeat(32)} (Web)`,
    })
  })

  test('account_id says which', async () => {
    twoAccounts('active')
    const provider = connectCloudflare({ token: TOKEN, accountId: accounts[1].id }, { zones: [ZONE] }, impatient)
    expect(await provider.read(ZONE, never)).toMatchObject([{ name: 'web.example.com.' }])
  })

  test('an internal zone is not the public one', async () => {
    story = tellStory([], { zone: { type: 'internal' } })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ code: 'zone-not-found' })
  })

  test('an IDN zone is found by the Unicode name it is filed under, and listed in A-labels', async () => {
    story = tellStory()
    story.fake
      .addZone('bücher.example')
      .edit([{ ...a('mail', ['192.0.2.1']), name: 'mail.xn--bcher-kva.example.' as Name }])
    const idn = 'xn--bcher-kva.example.' as Name
    expect(await story.provider.read(idn, never)).toMatchObject([{ name: `mail.${idn}` }])
    expect(await story.provider.zones(never)).toEqual([ZONE, idn])
    const created = { ...a('smtp', ['192.0.2.2']), name: `smtp.${idn}` as Name }
    expect(await story.provider.write(idn, [{ kind: 'create', after: created }], never)).toMatchObject({
      applied: [{}],
    })
  })

  test('and by its A-labels, if it is filed under those', async () => {
    story = tellStory()
    story.fake.addZone('xn--bcher-kva.example')
    expect(await story.provider.read('xn--bcher-kva.example.' as Name, never)).toEqual([])
  })
})
