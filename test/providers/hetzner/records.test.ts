import { afterEach, describe, expect, test } from 'vitest'
import { a, cname, mx, txt } from '../../../conformance/rrsets.js'
import type { Name } from '../../../records/rr/name.js'
import { type Change, canonical, isKnown, type RRset } from '../../../records/rr/rrset.js'
import type { FakeRecord } from '../../fakes/hetzner/rules.js'
import { never, type Story, tellStory, ZONE } from '../../fakes/hetzner/story.js'

let story: Story
afterEach(() => story.fake.close())

async function read(): Promise<RRset[]> {
  return (await story.provider.read(ZONE, never)).filter(isKnown)
}

async function write(...changes: Change[]): Promise<void> {
  expect(await story.provider.write(ZONE, changes, never)).toEqual({ applied: changes })
}

function records(name: string, type: string): readonly FakeRecord[] | undefined {
  return story.zone.find(name, type)?.records
}

/** Bodies of the calls that change something. */
function asked(): unknown[] {
  return story.fake.calls.filter(({ what }) => what.startsWith('POST')).map(({ what, body }) => [what, body])
}

const held = { value: '"google-site-verification=abc"', comment: 'ask Ada before removing' }
const other = { value: '"path=/a" "q=1" ""', comment: null }

describe('beside strangers', () => {
  const strangers = ['google-site-verification=abc', ['path=/a', 'q=1', '']]
  const spf = (...terms: string[]): RRset => canonical(txt('@', [...strangers, ...terms], 3600))

  test('an SPF is added, changed and removed, and theirs are in no request', async () => {
    story = tellStory()
    story.zone.put({ name: '@', type: 'TXT', records: [held, other] })
    await write({ kind: 'update', before: spf(), after: spf('v=spf1 -all') })
    await write({ kind: 'update', before: spf('v=spf1 -all'), after: spf('v=spf1 ~all') })
    await write({ kind: 'update', before: spf('v=spf1 ~all'), after: spf() })
    expect(asked()).toEqual([
      ['POST add_records', { records: [{ value: '"v=spf1 -all"' }] }],
      ['POST remove_records', { records: [{ value: '"v=spf1 -all"' }] }],
      ['POST add_records', { records: [{ value: '"v=spf1 ~all"' }] }],
      ['POST remove_records', { records: [{ value: '"v=spf1 ~all"' }] }],
    ])
    expect(story.zone.find('@', 'TXT')).toMatchObject({ ttl: null, records: [held, other] })
  })

  test('any other value is added before the old one goes', async () => {
    story = tellStory([a('mail', ['192.0.2.1', '192.0.2.2'])])
    const change: Change = {
      kind: 'update',
      before: a('mail', ['192.0.2.1', '192.0.2.2']),
      after: a('mail', ['192.0.2.1', '192.0.2.3']),
    }
    await write(change)
    expect(asked().map((call) => (call as [string])[0])).toEqual(['POST add_records', 'POST remove_records'])
  })

  test('what is added says the TTL that the RRset has of its own, which stays', async () => {
    story = tellStory()
    story.zone.put({ name: '@', type: 'TXT', ttl: 300, records: [held] })
    const before = canonical(txt('@', [strangers[0] as string], 300))
    await write({ kind: 'update', before, after: canonical(txt('@', [strangers[0] as string, 'v=spf1 -all'], 300)) })
    expect(asked()).toEqual([['POST add_records', { records: [{ value: '"v=spf1 -all"' }], ttl: 300 }]])
    expect(story.zone.find('@', 'TXT')?.ttl).toBe(300)
  })

  test('a value that a stranger adds while ours is written or removed stays', async () => {
    story = tellStory([txt('@', ['v=spf1 -all'])])
    story.fake.before = ({ what }) => {
      if (what === 'POST remove_records')
        story.zone.put({ name: '@', type: 'TXT', ttl: 3600, records: [...(records('@', 'TXT') ?? []), held] })
    }
    await write({ kind: 'delete', before: txt('@', ['v=spf1 -all']) })
    expect(records('@', 'TXT')).toEqual([held])
  })

  test('what is made where a stranger was faster is refused, and his stays', async () => {
    story = tellStory()
    story.fake.before = ({ what }) => {
      if (what === 'POST rrsets') story.zone.edit([txt('@', ['MS=ms123'])])
    }
    const change: Change = { kind: 'create', after: txt('@', ['v=spf1 -all']) }
    expect(await story.provider.write(ZONE, [change], never)).toMatchObject({
      applied: [],
      failure: { code: 'stale', apiCode: 'uniqueness_error', where: { record: 'example.com. TXT' } },
    })
    expect(records('@', 'TXT')).toEqual([{ value: '"MS=ms123"' }])
  })

  test('what a stranger put there since the listing is seen before all values are overwritten', async () => {
    story = tellStory([txt('_dmarc', ['v=DMARC1; p=none'])])
    story.fake.before = ({ what }) => {
      if (what === 'POST rrsets') story.zone.edit([txt('_dmarc', ['v=DMARC1; p=none', 'a stranger’s'])])
    }
    const first: Change = { kind: 'create', after: a('mail', ['192.0.2.1']) }
    const second: Change = {
      kind: 'update',
      before: txt('_dmarc', ['v=DMARC1; p=none']),
      after: txt('_dmarc', ['v=DMARC1; p=reject']),
    }
    expect(await story.provider.write(ZONE, [first, second], never)).toMatchObject({
      applied: [first],
      failure: { code: 'stale', where: { record: '_dmarc.example.com. TXT' } },
    })
    expect(records('_dmarc', 'TXT')).toHaveLength(2)
  })

  test('what a stranger puts there while his action makes ours wait is seen before it is tried again', async () => {
    story = tellStory([txt('@', ['v=spf1 -all'])])
    story.fake.before = ({ what }) => {
      if (what !== 'POST set_records') return
      story.zone.put({ name: '@', type: 'TXT', ttl: 3600, records: [{ value: '"v=spf1 -all"' }, held] })
      story.fake.isLocked = true
    }
    const change: Change = { kind: 'update', before: txt('@', ['v=spf1 -all']), after: txt('@', ['v=spf1 ~all']) }
    expect(await story.provider.write(ZONE, [change], never)).toMatchObject({ applied: [], failure: { code: 'stale' } })
    expect(records('@', 'TXT')).toEqual([{ value: '"v=spf1 -all"' }, held])
  })
})

describe('whole RRsets', () => {
  test('are made, overwritten in one call with their comments kept, and removed with their values', async () => {
    story = tellStory()
    const [one, two] = [mx('@', [10, 'mail.example.com.']), mx('@', [10, 'mx.example.com.'])]
    await write({ kind: 'create', after: one })
    story.zone.put({
      name: '@',
      type: 'MX',
      ttl: 3600,
      records: [{ value: '10 mail.example.com.', comment: 'ours' }],
    })
    await write({ kind: 'update', before: one, after: two })
    expect(records('@', 'MX')).toEqual([{ value: '10 mx.example.com.', comment: 'ours' }])
    await write({ kind: 'delete', before: two })
    expect(story.zone.rrsets).toEqual([])
  })

  test('a TTL is a call of its own, after the values', async () => {
    story = tellStory([a('mail', ['192.0.2.1'], 3600)])
    await write({ kind: 'update', before: a('mail', ['192.0.2.1']), after: a('mail', ['192.0.2.2'], 300) })
    expect(asked()).toEqual([
      ['POST set_records', { records: [{ value: '192.0.2.2' }] }],
      ['POST change_ttl', { ttl: 300 }],
    ])
  })

  test('whose TTL is the zone’s default keep it until it changes', async () => {
    story = tellStory()
    story.zone.ttl = 600
    story.zone.put({ name: 'mail', type: 'A', records: [{ value: '192.0.2.1' }] })
    expect(await read()).toEqual([a('mail', ['192.0.2.1'], 600)])
    await write({
      kind: 'update',
      before: a('mail', ['192.0.2.1'], 600),
      after: a('mail', ['192.0.2.1', '192.0.2.2'], 600),
    })
    expect(story.zone.find('mail', 'A')?.ttl).toBeNull()
  })
})

describe('as the API has them', () => {
  test.each<[string, string, string, RRset]>([
    ['an absolute target', 'MX', '10 Mail.Example.NET.', mx('n', [10, 'mail.example.net.'])],
    ['a target relative to the zone', 'MX', '10 mail', mx('n', [10, 'mail.example.com.'])],
    ['the zone as a target', 'MX', '0 @', mx('n', [0, 'example.com.'])],
    ['a null MX', 'MX', '0 .', mx('n', [0, '.'])],
    ['blanks between', 'MX', '10   mail', mx('n', [10, 'mail.example.com.'])],
    ['a relative alias', 'CNAME', 'www', cname('n', 'www.example.com.')],
    ['two strings without a blank', 'TXT', '"ab""c"', txt('n', [['ab', 'c']])],
    ['octets as numbers', 'TXT', '"gr\\195\\188\\195\\159e"', txt('n', ['grüße'])],
    ['octets as they are', 'TXT', '"grüße"', txt('n', ['grüße'])],
    ['a quote and a backslash', 'TXT', '"say \\"a\\\\b\\""', txt('n', ['say "a\\b"'])],
  ])('%s', async (_, type, value, rrset) => {
    story = tellStory()
    story.zone.put({ name: 'n', type, ttl: 3600, records: [{ value }] })
    expect(await read()).toEqual([canonical(rrset)])
  })

  test('a value in another spelling is removed in the API’s own', async () => {
    story = tellStory()
    story.zone.put({
      name: '@',
      type: 'MX',
      ttl: 3600,
      records: [{ value: '10 Mail' }, { value: '20 other.example.' }],
    })
    const [one, two] = [
      mx('@', [10, 'mail.example.com.'], [20, 'other.example.']),
      mx('@', [20, 'other.example.']),
    ].map((rrset) => canonical(rrset)) as [RRset, RRset]
    await write({ kind: 'update', before: one, after: two })
    expect(records('@', 'MX')).toEqual([{ value: '20 other.example.' }])
  })

  test.each([
    ['*', '*.example.com.'],
    ['_dmarc', '_dmarc.example.com.'],
    ['*._domainkey', '*._domainkey.example.com.'],
    ['@', 'example.com.'],
    ['WWW', 'www.example.com.'],
    ['xn--bcher-kva', 'xn--bcher-kva.example.com.'],
  ])('the name %s is %s', async (native, name) => {
    story = tellStory()
    story.zone.put({ name: native, type: 'A', ttl: 3600, records: [{ value: '192.0.2.1' }] })
    expect((await read()).map((rrset) => rrset.name)).toEqual([name as Name])
  })

  test('the SOA is no record of anybody, and other types are seen', async () => {
    story = tellStory()
    story.zone.put({ name: '@', type: 'SOA', records: [{ value: 'a. b. 1 2 3 4 5' }] })
    story.zone.put({ name: '@', type: 'RP', records: [{ value: 'who.example.net. .' }] })
    expect(await story.provider.read(ZONE, never)).toEqual([
      expect.objectContaining({ type: 'RP', locked: expect.any(String), rdata: ['who.example.net. .'] }),
    ])
  })

  test.each([
    ['protected against changes', { protection: { change: true } }, [{ value: '192.0.2.1' }], 'A', /protected against/],
    [
      'with a value that cannot be read',
      {},
      [{ value: '10 a.example.' }, { value: 'ten b.' }],
      'MX',
      /one of its values is no MX record/,
    ],
    ['with a preference too large', {}, [{ value: '70000 a.example.' }], 'MX', /one of its values is no MX record/],
  ])('an RRset %s is locked, and never written', async (_, settings, values, type, reason) => {
    story = tellStory()
    story.zone.put({ name: 'n', type, ttl: 3600, records: values, ...settings })
    const [rrset] = await read()
    expect(rrset?.locked).toMatch(reason)
    const { locked: _locked, ...before } = rrset as RRset
    const result = await story.provider.write(ZONE, [{ kind: 'delete', before: before as RRset }], never)
    expect(result).toMatchObject({ applied: [], failure: { code: 'stale', message: expect.stringMatching(reason) } })
    expect(records('n', type)).toEqual(values)
  })

  test('an RRset that was protected since it was read is refused by the API, and the plan is stale', async () => {
    story = tellStory([a('mail', ['192.0.2.1'])])
    story.fake.before = ({ what }) => {
      if (what !== 'POST remove_records') return
      story.zone.put({
        name: 'mail',
        type: 'A',
        ttl: 3600,
        records: [{ value: '192.0.2.1' }],
        protection: { change: true },
      })
    }
    const result = await story.provider.write(ZONE, [{ kind: 'delete', before: a('mail', ['192.0.2.1']) }], never)
    expect(result).toMatchObject({ applied: [], failure: { code: 'stale', apiCode: 'protected' } })
  })
})
