import { afterEach, describe, expect, test } from 'vitest'
import { a, aaaa, at, caa, mx, srv, tlsa, txt } from '../../../conformance/rrsets.js'
import { type Change, compareRRsets, opaque, type RRset, type RRsetOf } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { never, readOne, type Story, tellStory, ZONE } from '../../fakes/cloudflare/story.js'

let story: Story
afterEach(() => story.fake.close())

const update = (before: RRset, after: RRset, origin?: string): Change => ({
  kind: 'update',
  before,
  after,
  ...(origin === undefined ? {} : { origin }),
})

async function write(...changes: Change[]): Promise<void> {
  expect(await story.provider.write(ZONE, changes, never)).toEqual({ applied: changes })
}

describe('only the records that differ are in the request', () => {
  const strangers = ['google-site-verification=abc', 'MS=ms123']

  test('a changed SPF is a patch of that one record, which keeps its comment and tags', async () => {
    story = tellStory([txt('@', strangers)], { plan: 'pro' })
    story.zone.put({
      type: 'TXT',
      name: 'example.com',
      ttl: 3600,
      content: 'v=spf1 -all',
      comment: 'by hand',
      tags: ['team:mail'],
    })
    const spf = story.zone.records.at(-1)
    await write(update(txt('@', [...strangers, 'v=spf1 -all']), txt('@', [...strangers, 'v=spf1 a -all'])))
    expect(story.batches()).toEqual([
      {
        deletes: [],
        patches: [{ id: spf?.id, type: 'TXT', name: 'example.com', ttl: 3600, content: '"v=spf1 a -all"' }],
        posts: [],
      },
    ])
    expect(story.zone.records).toHaveLength(3)
    expect(story.zone.records.find(({ id }) => id === spf?.id)).toMatchObject({
      content: '"v=spf1 a -all"',
      comment: 'by hand',
      tags: ['team:mail'],
    })
  })

  test('an SPF that goes is one delete', async () => {
    story = tellStory([txt('@', ['v=spf1 -all', ...strangers])])
    const spf = story.zone.records[0]
    await write(update(txt('@', [...strangers, 'v=spf1 -all']), txt('@', strangers)))
    expect(story.batches()).toEqual([{ deletes: [{ id: spf?.id }], patches: [], posts: [] }])
  })

  test('an SPF that comes is one post', async () => {
    story = tellStory([txt('@', strangers, 600)])
    await write(update(txt('@', strangers, 600), txt('@', [...strangers, 'v=spf1 -all'], 600), 'mailsync.yaml:19'))
    expect(story.batches()).toMatchObject([
      {
        deletes: [],
        patches: [],
        posts: [{ content: '"v=spf1 -all"', ttl: 600, comment: 'mailsync mailsync.yaml:19' }],
      },
    ])
  })

  test('two MX that swap preferences are patched without ever being alike', async () => {
    story = tellStory([mx('@', [10, 'a.example.net.'], [20, 'b.example.net.'])])
    const [first, second] = story.zone.records
    await write(
      update(
        mx('@', [10, 'a.example.net.'], [20, 'b.example.net.']),
        mx('@', [10, 'b.example.net.'], [20, 'a.example.net.']),
      ),
    )
    expect(story.batches()[0]?.patches).toMatchObject([
      { id: second?.id, content: 'b.example.net', priority: 10 },
      { id: first?.id, content: 'a.example.net', priority: 20 },
    ])
  })

  test('one value that stands there twice, bare and quoted, goes twice', async () => {
    story = tellStory()
    const record = { type: 'TXT', name: 'example.com', ttl: 3600 }
    story.zone.put({ ...record, content: 'v=spf1 -all' }, { ...record, content: '"v=spf1 -all"' })
    expect(await story.provider.read(ZONE, never)).toEqual([txt('@', ['v=spf1 -all'])])
    await write({ kind: 'delete', before: txt('@', ['v=spf1 -all']) })
    expect(story.zone.records).toEqual([])
  })

  test.each([
    ['strings cut elsewhere, the last one empty', ['"path=/a" "q=1" ""']],
    ['two values that differ only in their borders', ['"ab" "c"', '"a" "bc"']],
    ['bare text, with two spaces', ['v=x  y']],
    ['quotes that need none, and escapes', ['"a\\098c"']],
  ])('of strangers (%s), even when their TTL changes, and then as they came', async (_, contents) => {
    story = tellStory()
    story.zone.put(...contents.map((content) => ({ type: 'TXT', name: 'example.com', ttl: 300, content })))
    const held = (): string[] => story.zone.records.map(({ content }) => content)
    const before = (await readOne(story.provider, ZONE, 'TXT')) as RRsetOf<'TXT'>
    expect(before.rdata).toHaveLength(contents.length)
    const shared = { ...before, rdata: [...before.rdata, 'v=spf1 -all'] }
    await write(update(before, shared))
    expect(story.batches()).toMatchObject([{ deletes: [], patches: [], posts: [{ content: '"v=spf1 -all"' }] }])
    expect(held()).toEqual([...contents, '"v=spf1 -all"'])
    await write(update(shared, { ...shared, ttl: 600 }))
    expect(held().sort()).toEqual([...contents, '"v=spf1 -all"'].sort())
    await write(update({ ...shared, ttl: 600 }, { ...before, ttl: 600 }))
    expect(held().sort()).toEqual([...contents].sort())
  })

  test('of a stranger’s target in capitals, even when its TTL changes', async () => {
    story = tellStory()
    story.zone.put({ type: 'MX', name: 'example.com', ttl: 300, content: 'Mail.Example.NET', priority: 10 })
    const before = mx('@', [10, 'mail.example.net.'])
    const both = mx('@', [10, 'mail.example.net.'], [20, 'b.example.com.'])
    await write(update({ ...before, ttl: 300 }, both))
    expect(story.zone.records.map(({ content, ttl }) => [content, ttl])).toEqual([
      ['Mail.Example.NET', 3600],
      ['b.example.com', 3600],
    ])
  })

  test('of the legacy SPF type, when its TTL changes', async () => {
    story = tellStory()
    story.zone.put({ type: 'SPF', name: 'example.com', ttl: 300, content: 'v=spf1 -all' })
    await write(update(txt('@', ['v=spf1 -all'], 300), txt('@', ['v=spf1 -all'], 600)))
    expect(story.zone.records).toMatchObject([{ type: 'SPF', ttl: 600, content: 'v=spf1 -all' }])
  })

  test('a record of the legacy SPF type is read as TXT, and made a TXT when it changes', async () => {
    story = tellStory()
    story.zone.put({ type: 'SPF', name: 'example.com', ttl: 3600, content: 'v=spf1 -all' })
    await write(update(txt('@', ['v=spf1 -all']), txt('@', ['v=spf1 a -all'])))
    expect(story.zone.records).toMatchObject([{ type: 'TXT', content: '"v=spf1 a -all"' }])
  })

  test('types that are not mail’s are not touched', async () => {
    story = tellStory([a('mail', ['192.0.2.1'])])
    story.zone.put({ type: 'CAA', name: 'mail.example.com', ttl: 1, content: '0 issue "letsencrypt.org"' })
    await write({ kind: 'delete', before: a('mail', ['192.0.2.1']) })
    expect(story.zone.records).toMatchObject([{ type: 'CAA' }])
  })
})

describe('types of which the API has the parts', () => {
  const at10 = { name: '_imap._tcp.example.com', type: 'SRV', ttl: 300, priority: 0 }
  const none = { ...srv('_imap._tcp', [0, 0, 0, '.']), ttl: 300 }

  test.each([['.'], [''], [false]])(
    'an SRV whose target is %j is one of a service that is not offered',
    async (target) => {
      story = tellStory()
      story.zone.put({ ...at10, content: '0 0 .', data: { priority: 0, weight: 0, port: 0, target } })
      expect(await story.provider.read(ZONE, never)).toEqual([none])
    },
  )

  test('are read from their content where the parts are not there', async () => {
    story = tellStory()
    story.zone.put(
      { ...at10, content: '0\t0\t.' },
      { type: 'CAA', name: 'example.com', ttl: 300, content: '128 issue "ca.example.net; account=1"' },
      { type: 'TLSA', name: '_25._tcp.example.com', ttl: 300, content: '3 1 1 ABCD' },
    )
    expect(await story.provider.read(ZONE, never)).toEqual(
      [none, caa('@', [128, 'issue', 'ca.example.net; account=1']), tlsa('_25._tcp', [3, 1, 1, 'abcd'])]
        .map((rrset) => ({ ...rrset, ttl: 300 }))
        .sort(compareRRsets),
    )
  })

  test('that cannot be read are locked, and nothing is written beside them', async () => {
    story = tellStory()
    story.zone.put({
      type: 'CAA',
      name: 'example.com',
      ttl: 60,
      content: 'odd',
      data: { flags: 0, tag: 'is sue', value: 'x' },
    })
    expect(await story.provider.read(ZONE, never)).toMatchObject([
      { type: 'CAA', ttl: 60, rdata: [], locked: 'one of its values is no CAA record' },
    ])
    const { failure } = await story.provider.write(
      ZONE,
      [{ kind: 'create', after: caa('@', [0, 'issue', ';']) }],
      never,
    )
    expect(failure?.code).toMatch(/stale|rejected/)
    expect(story.zone.records).toHaveLength(1)
  })

  test('are sent as parts; what a stranger wrote goes back in the parts it had', async () => {
    story = tellStory([caa('@', [0, 'Issue', 'ca.example.net'])])
    const both = caa('@', [0, 'Issue', 'ca.example.net'], [0, 'issue', 'ca.example.org'])
    await write(update(caa('@', [0, 'Issue', 'ca.example.net']), { ...both, ttl: 300 }))
    const [batch] = story.batches()
    expect(batch?.patches).toMatchObject([{ data: { flags: 0, tag: 'Issue', value: 'ca.example.net' }, ttl: 300 }])
    expect(batch?.posts).toMatchObject([{ type: 'CAA', data: { flags: 0, tag: 'issue', value: 'ca.example.org' } }])
    expect(batch?.posts).not.toMatchObject([{ content: expect.anything() }])
  })
})

describe('types that mailsync does not write', () => {
  test('are seen, one set a name and type, and no SOA', async () => {
    story = tellStory()
    const at10 = { name: 'sip.example.com', ttl: 300 }
    story.zone.put(
      { ...at10, type: 'SSHFP', content: '4 2 abcd' },
      { ...at10, type: 'SSHFP', content: '4 2 ef01', ttl: 60 },
      { ...at10, type: 'HTTPS', content: '1 . alpn=h2', ttl: 1 },
      { ...at10, type: 'SOA', content: 'ns. host. 1 2 3 4 5' },
    )
    expect(await story.provider.read(ZONE, never)).toEqual([
      opaque(at('sip'), 'HTTPS', 300, ['1 . alpn=h2']),
      opaque(at('sip'), 'SSHFP', 60, ['4 2 abcd', '4 2 ef01']),
    ])
  })

  test('are in the way where they are: a key below a DNAME, a CNAME beside them', async () => {
    story = tellStory()
    story.zone.put({ type: 'DNAME', name: 'old.example.com', ttl: 300, content: 'new.example.net' })
    const zone = zoneWith(ZONE, await story.provider.read(ZONE, never))
    expect(zone.inTheWay(at('s1._domainkey.old'), 'TXT')).toEqual([{ kind: 'dname', at: at('old') }])
    expect(zone.inTheWay(at('old'), 'CNAME')).toEqual([{ kind: 'not-alone', types: ['DNAME'] }])
  })

  test('that come into the way between plan and apply: stale', async () => {
    story = tellStory()
    story.zone.put({ type: 'DNAME', name: 'old.example.com', ttl: 300, content: 'new.example.net' })
    const key: Change = { kind: 'create', after: txt('s1._domainkey.old', ['v=DKIM1; p=']) }
    expect(await story.provider.write(ZONE, [key], never)).toMatchObject({ applied: [], failure: { code: 'stale' } })
    expect(story.batches()).toEqual([])
  })
})

describe('new records', () => {
  test.each([
    ['free', undefined, 'mailsync'],
    ['free', 'mailsync.yaml:7', 'mailsync mailsync.yaml:7'],
    ['free', `${'deep/'.repeat(40)}mail.yaml:7`, `mailsync ...${`${'deep/'.repeat(40)}mail.yaml:7`.slice(-88)}`],
    ['enterprise', `${'deep/'.repeat(40)}mail.yaml:7`, `mailsync ${'deep/'.repeat(40)}mail.yaml:7`],
  ] as const)('on the %s plan, asked for at %s, say so', async (plan, origin, comment) => {
    story = tellStory([], { plan })
    await write({ kind: 'create', after: a('mail', ['192.0.2.1']), ...(origin === undefined ? {} : { origin }) })
    expect(story.batches()[0]?.posts).toMatchObject([{ comment, proxied: false }])
    expect(comment.length).toBeLessThanOrEqual(plan === 'free' ? 100 : 500)
    expect(story.zone.records[0]?.tags).toBeUndefined()
  })

  test('have their name in full, so that Cloudflare does not add the zone', async () => {
    story = tellStory()
    await write({ kind: 'create', after: txt('@', ['x']) }, { kind: 'create', after: txt('example.com', ['y']) })
    expect(story.zone.records.map(({ name }) => name)).toEqual(['example.com', 'example.com.example.com'])
  })
})

describe('the automatic TTL', () => {
  test('is 300 seconds, and no difference to them', async () => {
    story = tellStory([txt('@', ['stranger'], 1)])
    expect(await readOne(story.provider, ZONE, 'TXT')).toEqual(txt('@', ['stranger'], 300))
  })

  test('stays automatic on a stranger’s record, and is what a new one beside it gets', async () => {
    story = tellStory([txt('@', ['stranger'], 1)])
    await write(update(txt('@', ['stranger'], 300), txt('@', ['stranger', 'v=spf1 -all'], 300)))
    expect(story.zone.records.map(({ ttl }) => ttl)).toEqual([1, 1])
    expect(story.batches()[0]?.patches).toEqual([])
  })

  test('stays automatic on a record whose value changes', async () => {
    story = tellStory([a('mail', ['192.0.2.1'], 1)])
    await write(update(a('mail', ['192.0.2.1'], 300), a('mail', ['192.0.2.2'], 300)))
    expect(story.zone.records).toMatchObject([{ content: '192.0.2.2', ttl: 1 }])
  })

  test('gives way to another TTL', async () => {
    story = tellStory([a('mail', ['192.0.2.1'], 1)])
    await write(update(a('mail', ['192.0.2.1'], 300), a('mail', ['192.0.2.1'], 3600)))
    expect(story.zone.records).toMatchObject([{ ttl: 3600 }])
  })
})

describe('records of one RRset with different TTLs', () => {
  const different = (): void => {
    story = tellStory([txt('@', ['stranger'], 3600)])
    story.zone.edit([])
    story.zone.put({ type: 'TXT', name: 'example.com', ttl: 600, content: 'v=spf1 -all' })
  }

  test('have the lowest (RFC 2181 §5.2)', async () => {
    different()
    expect(await readOne(story.provider, ZONE, 'TXT')).toMatchObject({ ttl: 600 })
  })

  test('keep theirs as long as one has the lowest', async () => {
    different()
    await write(update(txt('@', ['stranger', 'v=spf1 -all'], 600), txt('@', ['stranger', 'v=spf1 a -all'], 600)))
    expect(story.zone.records.map(({ ttl }) => ttl)).toEqual([3600, 600])
  })

  test('are made one by a change of the TTL', async () => {
    different()
    await write(update(txt('@', ['stranger', 'v=spf1 -all'], 600), txt('@', ['stranger', 'v=spf1 -all'], 3600)))
    expect(story.zone.records.map(({ ttl }) => ttl)).toEqual([3600, 3600])
    expect(story.batches()[0]?.patches).toHaveLength(1)
  })

  test('are as planned even when the one that had the lowest goes', async () => {
    different()
    await write(update(txt('@', ['stranger', 'v=spf1 -all'], 600), txt('@', ['stranger'], 600)))
    expect(await readOne(story.provider, ZONE, 'TXT')).toEqual(txt('@', ['stranger'], 600))
  })

  test('of 30 seconds, on an Enterprise zone, are seen and kept', async () => {
    story = tellStory([txt('@', ['stranger'], 30)], { plan: 'enterprise' })
    expect(await readOne(story.provider, ZONE, 'TXT')).toMatchObject({ ttl: 30 })
    await write(update(txt('@', ['stranger'], 30), txt('@', ['stranger', 'v=spf1 -all'], 30)))
    expect(story.zone.records.map(({ ttl }) => ttl)).toEqual([30, 30])
  })
})

describe('what must not be written is seen and locked', () => {
  test('a proxied address, in both families, and nothing else at its name', async () => {
    story = tellStory([txt('www', ['stranger'])])
    story.zone.put({ type: 'A', name: 'www.example.com', ttl: 1, content: '192.0.2.80', proxied: true })
    const rrsets = await story.provider.read(ZONE, never)
    expect(rrsets.map(({ type, rdata, locked }) => [type, rdata.length, locked?.slice(0, 48)])).toEqual([
      ['A', 1, 'it is proxied, so Cloudflare answers with the ad'],
      ['AAAA', 0, 'it is proxied, so Cloudflare answers with the ad'],
      ['TXT', 1, undefined],
    ])
    expect(rrsets[0]?.locked).toMatch(/no SMTP passes.*SPF or PTR.*DNS only/)
  })

  test('an address that is proxied between plan and apply', async () => {
    story = tellStory([a('mail', ['192.0.2.1'])])
    story.zone.records = story.zone.records.map((record) => ({ ...record, proxied: true, ttl: 1 }))
    const change = update(a('mail', ['192.0.2.1'], 300), a('mail', ['192.0.2.2'], 300))
    expect(await story.provider.write(ZONE, [change], never)).toMatchObject({
      applied: [],
      failure: { code: 'stale', message: /proxied/ },
    })
    expect(story.batches()).toEqual([])
  })

  test('a CNAME at the apex, which Cloudflare flattens: an SPF can stand beside it', async () => {
    story = tellStory()
    story.zone.put({ type: 'CNAME', name: 'example.com', ttl: 1, content: 'shop.example.net', proxied: false })
    const rrsets = await story.provider.read(ZONE, never)
    expect(rrsets.map(({ type }) => type)).toEqual(['A', 'AAAA'])
    expect(rrsets[0]?.locked).toMatch(/a CNAME to shop\.example\.net stands there/)
    await write({ kind: 'create', after: txt('@', ['v=spf1 -all']) })
  })

  test.each([
    ['proxied', { proxied: true }, ['A', 'AAAA']],
    ['flattened on request', { settings: { flatten_cname: true } }, ['A', 'AAAA']],
    ['plain', { settings: {} }, ['CNAME']],
  ])('a %s CNAME elsewhere', async (_, extra, types) => {
    story = tellStory()
    story.zone.put({ type: 'CNAME', name: 'shop.example.com', ttl: 1, content: 'shop.example.net', ...extra })
    expect((await story.provider.read(ZONE, never)).map(({ type }) => type)).toEqual(types)
  })

  test('the records of Email Routing', async () => {
    story = tellStory()
    const meta = { email_routing: true, read_only: true }
    story.zone.put(
      { type: 'MX', name: 'example.com', ttl: 1, content: 'route1.mx.cloudflare.net', priority: 5, meta },
      { type: 'TXT', name: 'example.com', ttl: 1, content: 'v=spf1 include:_spf.mx.cloudflare.net ~all', meta },
      { type: 'A', name: 'worker.example.com', ttl: 1, content: '192.0.2.1', meta: { read_only: true } },
    )
    const rrsets = await story.provider.read(ZONE, never)
    expect(rrsets.map(({ type, locked }) => [type, locked])).toEqual([
      ['MX', expect.stringMatching(/^Cloudflare Email Routing keeps route1\.mx\.cloudflare\.net there, read-only; /)],
      ['TXT', expect.stringMatching(/^Cloudflare Email Routing keeps v=spf1 include:/)],
      ['A', 'a Cloudflare product keeps 192.0.2.1 there, read-only'],
    ])
  })
})

describe('contents as the API gives them', () => {
  test.each([
    ['bare', 'v=spf1  a  -all', 'v=spf1  a  -all'],
    ['bare, with a backslash and a quote', 'a\\b"c', 'a\\b"c'],
    ['quoted', '"v=spf1 -all"', 'v=spf1 -all'],
    ['in two strings', '"v=spf1 " "-all"', ['v=spf1 ', '-all']],
    ['in two strings without a space', '"v=spf1 ""-all"', ['v=spf1 ', '-all']],
    ['with escapes', '"a\\"b\\\\c\\195\\188"', 'a"b\\cü'],
    ['with an opening quote only', '"incomplete', '"incomplete'],
    ['with a closing quote only', 'incomplete"', 'incomplete"'],
    ['of Unicode', 'grüße', 'grüße'],
  ] as const)('TXT %s', async (_, content, value) => {
    story = tellStory()
    story.zone.put({ type: 'TXT', name: 't.example.com', ttl: 3600, content })
    expect(await story.provider.read(ZONE, never)).toEqual([{ ...txt('t', []), rdata: [value] }])
  })

  test('names in capitals, in Unicode and without the dot, and addresses in long form', async () => {
    story = tellStory()
    story.zone.put(
      { type: 'MX', name: 'EXAMPLE.com', ttl: 3600, content: 'Mail.Bücher.example', priority: 0 },
      { type: 'AAAA', name: 'mail.example.com', ttl: 3600, content: '2001:0DB8:0:0:0:0:0:1' },
      { type: 'NS', name: 'sub.example.com', ttl: 3600, content: 'ns1.example.net' },
    )
    expect(await story.provider.read(ZONE, never)).toEqual([
      mx('@', [0, 'mail.xn--bcher-kva.example.']),
      aaaa('mail', ['2001:db8::1']),
      { type: 'NS', name: at('sub'), ttl: 3600, rdata: ['ns1.example.net.'] },
    ])
  })

  test('a name that mailsync would not take is a stranger’s, and kept', async () => {
    story = tellStory()
    story.zone.put({ type: 'A', name: 'odd name.example.com', ttl: 3600, content: '192.0.2.1' })
    expect(await story.provider.read(ZONE, never)).toMatchObject([{ name: 'odd\\032name.example.com.' }])
  })
})
