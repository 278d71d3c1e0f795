import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { a, changesBetween, cname, mx, txt } from '../../../conformance/rrsets.js'
import { contents, never, ZONE } from '../../../conformance/subject.js'
import type { Provider } from '../../../providers/provider.js'
import { type Change, canonical, type RRset } from '../../../records/rr/rrset.js'
import { connectRoute53 } from '../../fakes/route53/connect.js'
import { Route53Fake } from '../../fakes/route53/route53.js'
import { putTyped } from '../../fakes/route53/typed.js'
import type { FakeZone } from '../../fakes/route53/zone.js'

let fake: Route53Fake
let zone: FakeZone
let provider: Provider

beforeEach(async () => {
  fake = new Route53Fake()
  zone = fake.addZone(ZONE)
  provider = await connectRoute53()
})
afterEach(() => fake.close())

function sizes(): number[] {
  return fake.calls.flatMap(({ changes }) => (changes ? [changes.length] : []))
}

function creations(rrsets: readonly RRset[]): Change[] {
  return rrsets.map((after) => ({ kind: 'create', after }))
}

describe('one request for all changes of a zone', () => {
  test('a plan of an unchanged zone is two calls, and twelve changes are one more', async () => {
    const before = [...Array(6).keys()].map((index) => txt(`t${index}`, ['old', `stranger ${index}`]))
    putTyped(zone, before)
    const actual = await contents(provider, ZONE)
    expect(fake.counts()).toEqual({ ListHostedZonesByName: 1, ListResourceRecordSets: 1 })
    const after = [
      ...[...Array(3).keys()].map((index) => txt(`t${index}`, [`stranger ${index}`, 'v=spf1 -all'])),
      ...[...Array(6).keys()].map((index) => a(`h${index}`, ['192.0.2.1'])),
    ]
    const changes = changesBetween(actual, after)
    expect(changes).toHaveLength(12)
    expect(provider.batches?.(ZONE, changes)).toBe(1)
    expect(await provider.write(ZONE, changes, never)).toEqual({ applied: changes })
    expect(fake.counts()).toEqual({
      ListHostedZonesByName: 1,
      ListResourceRecordSets: 1,
      ChangeResourceRecordSets: 1,
    })
  })

  test('a second write of the zone needs no second listing', async () => {
    putTyped(zone, [mx('@', [10, 'mail.example.com.']), txt('@', ['"typed"', 'twice'])])
    const actual = await contents(provider, ZONE)
    const [first, second] = changesBetween(actual, [mx('@', [10, 'other.example.com.']), txt('@', ['once'])])
    await provider.write(ZONE, [first as Change], never)
    await provider.write(ZONE, [second as Change], never)
    const back = changesBetween([mx('@', [10, 'other.example.com.']), txt('@', ['once'])], [])
    expect(await provider.write(ZONE, back, never)).toEqual({ applied: back })
    expect(fake.counts()).toMatchObject({ ListResourceRecordSets: 1, ChangeResourceRecordSets: 3 })
  })

  test('a write without a read lists the zone once, to repeat what stands there exactly', async () => {
    putTyped(zone, [mx('@', [10, 'mail.example.com.'])])
    const change = { kind: 'delete', before: mx('@', [10, 'mail.example.com.']) } as const
    expect(await provider.write(ZONE, [change], never)).toEqual({ applied: [change] })
    expect(fake.counts()).toMatchObject({ ListResourceRecordSets: 1, ChangeResourceRecordSets: 1 })
  })

  test('nothing to write is no call', async () => {
    expect(await provider.write(ZONE, [], never)).toEqual({ applied: [] })
    expect(fake.calls).toEqual([])
  })

  test('a CNAME gives way to an address in one request, whatever the order', async () => {
    putTyped(zone, [cname('mail', 'old.example.net.')])
    const [actual] = await contents(provider, ZONE)
    const changes: Change[] = [
      { kind: 'create', after: a('mail', ['192.0.2.1']) },
      { kind: 'delete', before: actual as RRset },
    ]
    expect(await provider.write(ZONE, changes, never)).toEqual({ applied: changes })
    expect(await contents(provider, ZONE)).toEqual([a('mail', ['192.0.2.1'])])
  })

  test('never an UPSERT: the server must refuse what somebody else changed', async () => {
    putTyped(zone, [a('mail', ['192.0.2.1'])])
    const actual = await contents(provider, ZONE)
    await provider.write(ZONE, changesBetween(actual, [a('mail', ['192.0.2.2'])]), never)
    expect(fake.calls.at(-1)?.changes?.map(({ action }) => action)).toEqual(['DELETE', 'CREATE'])
  })
})

describe('the limits of a request', () => {
  test.each([
    [1000, [1000]],
    [1001, [1000, 1]],
  ])('%i values make requests of %j', async (count, expected) => {
    const changes = creations([...Array(count).keys()].map((index) => a(`h${index}`, ['192.0.2.1'])))
    await provider.read(ZONE, never)
    expect(provider.batches?.(ZONE, changes)).toBe(expected.length)
    expect(await provider.write(ZONE, changes, never)).toEqual({ applied: changes })
    expect(sizes()).toEqual(expected)
  })

  test.each([
    [0, [8]],
    [1, [8, 1]],
  ])('32,000 characters and %i addresses make requests of %j', async (addresses, expected) => {
    const keys = [...Array(8).keys()].map((index) => txt(`t${index}`, [String(index).repeat(3953)]))
    const changes = creations([...keys, ...[...Array(addresses).keys()].map(() => a('mail', ['192.0.2.1']))])
    expect(await provider.write(ZONE, changes, never)).toEqual({ applied: changes })
    expect(sizes()).toEqual(expected)
  })

  test('an update counts what it replaces, and an RRset is never divided', async () => {
    const values = (first: number): string[] =>
      [...Array(400).keys()].map((index) => `10.${first}.${index >> 8}.${index & 255}`)
    putTyped(zone, [a('x', values(1)), a('y', values(1))])
    const changes = changesBetween(await contents(provider, ZONE), [a('x', values(2)), a('y', values(2))])
    expect(provider.batches?.(ZONE, changes)).toBe(2)
    expect((await provider.write(ZONE, changes, never)).failure).toBeUndefined()
    expect(sizes()).toEqual([2, 2])
  })

  test('a change too large for any request is refused before anything is sent', async () => {
    const long = (first: string): string[] => [...Array(5).keys()].map((index) => `${first}${index}${'x'.repeat(3800)}`)
    putTyped(zone, [txt('t', long('a'))])
    const actual = await contents(provider, ZONE)
    const changes = [...creations([a('mail', ['192.0.2.1'])]), ...changesBetween(actual, [txt('t', long('b'))])]
    const result = await provider.write(ZONE, changes, never)
    expect(result).toMatchObject({
      applied: [],
      failure: { code: 'rejected', where: { record: 't.example.com. TXT' }, hint: expect.stringContaining('32000') },
    })
    expect(fake.counts()).not.toHaveProperty('ChangeResourceRecordSets')
  })

  test('when the second of three requests fails, the first is written and the third is not begun', async () => {
    const changes = creations([...Array(2001).keys()].map((index) => a(`h${index}`, ['192.0.2.1'])))
    await provider.read(ZONE, never)
    putTyped(zone, [a('h1500', ['203.0.113.9'])])
    const result = await provider.write(ZONE, changes, never)
    expect(result.applied).toEqual(changes.slice(0, 1000))
    expect(result.failure).toMatchObject({ code: 'stale', where: { record: 'h1500.example.com. A' } })
    expect(sizes()).toEqual([1000, 1000])
  })

  test('stopping between two requests leaves the second alone', async () => {
    const changes = creations([...Array(1001).keys()].map((index) => a(`h${index}`, ['192.0.2.1'])))
    await provider.read(ZONE, never)
    const stop = new AbortController()
    fake.fault = ({ action }) => {
      if (action === 'ChangeResourceRecordSets') stop.abort()
      return undefined
    }
    const result = await provider.write(ZONE, changes, stop.signal)
    expect(result.applied).toEqual(changes.slice(0, 1000))
    expect(result.failure?.code).toBe('cancelled')
  })
})

describe('a request that Route 53 refuses', () => {
  test.each([false, true])('for another reason names the record and the reason (older body: %s)', async (older) => {
    fake.olderErrors = older
    const changes = creations([a('@', ['192.0.2.1']), a('mail', ['192.0.2.300']), a('host', ['192.0.2.2'])])
    expect(await provider.write(ZONE, changes, never)).toMatchObject({
      applied: [],
      failure: {
        code: 'rejected',
        message: expect.stringContaining('Value is not a valid IPv4 address'),
        apiCode: 'InvalidChangeBatch',
      },
    })
    expect(zone.sets).toHaveLength(2)
  })

  test('for a name outside the zone names that record', async () => {
    const outside = { ...a('mail', ['192.0.2.1']), name: 'mail.example.org.' } as RRset
    const { failure } = await provider.write(ZONE, creations([a('@', ['192.0.2.1']), outside]), never)
    expect(failure).toMatchObject({ code: 'rejected', where: { record: 'mail.example.org. A' } })
  })

  test.each([false, true])(
    'because the zone moved on is stale, and names the record (older body: %s)',
    async (older) => {
      fake.olderErrors = older
      putTyped(zone, [a('mail', ['192.0.2.1']), a('other', ['192.0.2.1'])])
      const actual = await contents(provider, ZONE)
      putTyped(zone, [a('other', ['192.0.2.9'])])
      const changes = changesBetween(actual, [a('mail', ['192.0.2.2']), a('other', ['192.0.2.2'])])
      const result = await provider.write(ZONE, changes, never)
      expect(result).toMatchObject({
        applied: [],
        failure: { code: 'stale', where: { record: 'other.example.com. A' } },
      })
      expect(await contents(provider, ZONE)).toEqual([a('mail', ['192.0.2.1']), a('other', ['192.0.2.9'])])
    },
  )

  test('because an alias took the place says so', async () => {
    await provider.read(ZONE, never)
    zone.sets.push({
      name: `mail.${ZONE}`,
      type: 'A',
      values: [],
      routing: '<AliasTarget><DNSName>x.</DNSName></AliasTarget>',
    })
    const result = await provider.write(ZONE, creations([a('mail', ['192.0.2.1'])]), never)
    expect(result.failure).toMatchObject({
      code: 'stale',
      message: /an alias of x/,
      where: { record: 'mail.example.com. A' },
    })
  })

  test('because the address became a weighted one says so', async () => {
    putTyped(zone, [a('mail', ['192.0.2.1'])])
    const actual = await contents(provider, ZONE)
    zone.sets = zone.sets.map((set) =>
      set.type === 'A' ? { ...set, identifier: 'one', routing: '<Weight>1</Weight>' } : set,
    )
    const result = await provider.write(ZONE, changesBetween(actual, []), never)
    expect(result).toMatchObject({
      applied: [],
      failure: { code: 'stale', message: /weighted/, where: { record: 'mail.example.com. A' } },
    })
  })

  test('because the plan is older than what was read is stale, however it is spelled there', async () => {
    putTyped(zone, [txt('@', ['one', 'two', 'three'])])
    await provider.read(ZONE, never)
    const changes = changesBetween([txt('@', ['one', 'two'])], [txt('@', ['one', 'two', 'v=spf1 -all'])])
    const result = await provider.write(ZONE, changes, never)
    expect(result).toMatchObject({ applied: [], failure: { code: 'stale', where: { record: 'example.com. TXT' } } })
    expect(await contents(provider, ZONE)).toEqual([canonical(txt('@', ['one', 'two', 'three']))])
  })

  test('because somebody else did the very same is stale: it is not ours to claim', async () => {
    await provider.read(ZONE, never)
    putTyped(zone, [a('mail', ['192.0.2.1'])])
    const result = await provider.write(ZONE, creations([a('mail', ['192.0.2.1'])]), never)
    expect(result).toMatchObject({ applied: [], failure: { code: 'stale' } })
  })

  test('because the same values were typed anew is sent once more, as they are spelled now', async () => {
    putTyped(zone, [txt('@', ['one', 'two'])])
    const actual = await contents(provider, ZONE)
    zone.sets = zone.sets.map((set) => (set.type === 'TXT' ? { ...set, values: ['"\\164wo"', '"o\\156e"'] } : set))
    const changes = changesBetween(actual, [txt('@', ['one', 'two', 'v=spf1 -all'])])
    expect(await provider.write(ZONE, changes, never)).toEqual({ applied: changes })
    expect(await contents(provider, ZONE)).toEqual([txt('@', ['one', 'two', 'v=spf1 -all'])])
  })

  test('because the borders of a stranger’s TXT moved is stale: these are other values', async () => {
    putTyped(zone, [txt('@', ['one', 'two'])])
    const actual = await contents(provider, ZONE)
    zone.sets = zone.sets.map((set) => (set.type === 'TXT' ? { ...set, values: ['"o" "ne"', '"two"'] } : set))
    const changes = changesBetween(actual, [txt('@', ['one', 'two', 'v=spf1 -all'])])
    expect((await provider.write(ZONE, changes, never)).failure?.code).toBe('stale')
  })
})

describe('what strangers wrote goes back as it was', () => {
  const valuesAt = (type: string): readonly string[] =>
    zone.sets.find((set) => set.type === type && set.name === ZONE)?.values ?? []

  async function addBeside(type: 'TXT' | 'MX', value: unknown): Promise<void> {
    const before = (await contents(provider, ZONE)).find((set) => set.type === type)
    if (before === undefined) throw new Error('there is nothing beside')
    const after = canonical({ ...before, rdata: [...before.rdata, value] } as RRset)
    expect(await provider.write(ZONE, [{ kind: 'update', before, after }], never)).toMatchObject({ applied: [{}] })
  }

  test.each([
    ['strings cut elsewhere, the last one empty', ['"path=/a" "q=1" ""']],
    ['two values that differ only in their borders', ['"ab" "c"', '"a" "bc"']],
    ['no space between strings, octal escapes that none needs', ['"a""b"', '"\\101bc"']],
  ])('%s', async (_, values) => {
    zone.sets.push({ name: ZONE, type: 'TXT', ttl: 300, values })
    await addBeside('TXT', 'v=spf1 -all')
    expect([...valuesAt('TXT')].sort()).toEqual([...values, '"v=spf1 -all"'].sort())
  })

  test('capitals in the target of an MX', async () => {
    zone.sets.push({ name: ZONE, type: 'MX', ttl: 300, values: ['10 Mail.Example.NET'] })
    await addBeside('MX', { preference: 20, exchange: 'b.example.com.' })
    expect(valuesAt('MX')).toEqual(['10 Mail.Example.NET', '20 b.example.com.'])
  })
})
