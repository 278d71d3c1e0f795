import { expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { Change, RRset } from '../../../records/rr/rrset.js'
import { FOREIGN_REPLIES } from '../../fakes/foreign-replies.js'
import { never } from '../rfc2136/rrsets.js'
import { connectTo } from './connect-to.js'
import { onEachPowerdns, onPowerdns, type Story } from './on-each-powerdns.js'

const JSON_TYPE = { 'content-type': 'application/json' }
const busy = { status: 500, headers: JSON_TYPE, body: '{"error":"database is locked"}' }

function a({ zone }: Story, label: string, ...rdata: string[]): RRset {
  return { type: 'A', name: `${label}.${zone}` as Name, ttl: 3600, rdata }
}

function create(story: Story, label: string, ...rdata: string[]): Change {
  return { kind: 'create', after: a(story, label, ...rdata) }
}

onEachPowerdns('a write', (tell) => {
  test('whose reply is lost is read back, and applied', async () => {
    const story = await tell([])
    const change = create(story, 'mail', '192.0.2.1')
    story.proxy.meet('PATCH', 'lose')
    expect(await story.provider.write(story.zone, [change], never)).toEqual({ applied: [change] })
  })

  test('that the API failed while its database was busy is sent again, where the zone still is as it was', async () => {
    const story = await tell([])
    const change = create(story, 'mail', '192.0.2.1')
    for (let time = 0; time < 3; time++) story.proxy.meet('PATCH', { when: 'before', answer: busy })
    expect(await story.provider.write(story.zone, [change], never)).toEqual({ applied: [change] })
    expect(story.proxy.calls.map(({ method }) => method)).toEqual([
      ...['GET', 'GET', 'PATCH', 'GET', 'PATCH', 'GET', 'PATCH', 'GET', 'PATCH'],
    ])
  })

  test('that the API failed is not sent again where somebody wrote there meanwhile: theirs stays', async () => {
    const story = await tell([])
    story.proxy.meet('PATCH', { when: 'before', answer: busy })
    story.proxy.meet('GET', { first: async () => {} })
    story.proxy.meet('GET', { first: async () => {} })
    story.proxy.meet('GET', { first: () => story.server.edit([a(story, 'mail', '203.0.113.1')]) })
    const { applied, failure } = await story.provider.write(story.zone, [create(story, 'mail', '192.0.2.1')], never)
    expect([applied, failure?.code]).toEqual([[], 'unavailable'])
    expect(await story.provider.read(story.zone, never)).toContainEqual(a(story, 'mail', '203.0.113.1'))
  })

  test('that was done although the API says that it failed is applied', async () => {
    const story = await tell([])
    const change = create(story, 'mail', '192.0.2.1')
    story.proxy.meet('PATCH', { when: 'after', answer: busy })
    expect(await story.provider.write(story.zone, [change], never)).toEqual({ applied: [change] })
  })

  test('that the API fails for good is a failure with its own words, and nothing is written', async () => {
    const story = await tell([])
    for (let time = 0; time < 4; time++) story.proxy.meet('PATCH', { when: 'before', answer: busy })
    const result = await story.provider.write(story.zone, [create(story, 'mail', '192.0.2.1')], never)
    expect(result).toMatchObject({
      applied: [],
      failure: {
        code: 'unavailable',
        message: expect.stringMatching(/^PowerDNS at http:\/\/127\.0\.0\.1:\d+ failed .*: database is locked \(500\)$/),
        hint: expect.stringMatching(/see its log/),
        where: { zone: story.zone },
      },
    })
    expect(result.uncertain).toBeUndefined()
  })

  test('that PowerDNS refuses is told with its own words', async () => {
    const story = await tell([])
    const result = await story.provider.write(story.zone, [create(story, 'mail', '192.0.2.300')], never)
    expect(result).toMatchObject({
      applied: [],
      failure: { code: 'rejected', apiCode: '422', message: expect.stringMatching(/unable to parse IP address/) },
    })
  })

  test('that meets a CNAME made at the same moment writes nothing', async () => {
    const story = await tell([])
    const cname: RRset = { type: 'CNAME', name: `mail.${story.zone}` as Name, ttl: 60, rdata: ['x.example.' as Name] }
    story.proxy.meet('GET', { first: async () => {} })
    story.proxy.meet('GET', { first: () => story.server.edit([cname]) })
    expect(await story.provider.write(story.zone, [create(story, 'mail', '192.0.2.1')], never)).toMatchObject({
      applied: [],
      failure: { code: 'stale' },
    })
  })
})

onPowerdns('what is no answer of PowerDNS', (tell) => {
  test.each(Object.entries(FOREIGN_REPLIES))(
    '%s: a failure, never an empty zone, nor a write',
    async (what, answer) => {
      const story = await tell([])
      const isRetried = answer.status >= 500
      for (let time = 0; time < (isRetried ? 4 : 1); time++) story.proxy.meet('GET', { when: 'before', answer })
      await expect(story.provider.read(story.zone, never)).rejects.toMatchObject({ code: 'unavailable' })
      for (let time = 0; time < (isRetried ? 4 : 1); time++) story.proxy.meet('GET', { when: 'before', answer })
      await expect(story.provider.zones(never)).rejects.toMatchObject({ code: 'unavailable' })
      if (what === 'no content, with 204') return
      for (let time = 0; time < 4; time++) story.proxy.meet('PATCH', { when: 'before', answer })
      const change = create(story, 'mail', '192.0.2.1')
      const { applied, failure } = await story.provider.write(story.zone, [change], never)
      expect([applied, failure?.code]).toEqual([[], 'unavailable'])
    },
  )

  const zone = { name: 'ZONE', kind: 'Native', rrsets: [] }
  const set = { name: 'mail.ZONE', type: 'A', ttl: 60, records: [{ content: '192.0.2.1', disabled: false }] }
  test.each<[string, object | null]>([
    ['another zone', { ...zone, name: 'example.org.' }],
    ['no kind', { ...zone, kind: undefined }],
    ['RRsets that are no list', { ...zone, rrsets: {} }],
    ['an RRset that is null', { ...zone, rrsets: [null] }],
    ['an RRset without a name', { ...zone, rrsets: [{ ...set, name: undefined }] }],
    ['a type that is a number', { ...zone, rrsets: [{ ...set, type: 1 }] }],
    ['records that are no list', { ...zone, rrsets: [{ ...set, records: 'none' }] }],
    ['a content that is a list', { ...zone, rrsets: [{ ...set, records: [{ content: ['192.0.2.1'] }] }] }],
    ['disabled that is a text', { ...zone, rrsets: [{ ...set, records: [{ content: 'x', disabled: 'no' }] }] }],
    ['more than any zone has', { ...zone, rrsets: Array(200_001).fill(set) }],
  ])('a listing with %s is a failure of the provider, not a bug', async (_, form) => {
    const story = await tell([])
    const body = JSON.stringify(form).replaceAll('ZONE', story.zone)
    story.proxy.meet('GET', { when: 'before', answer: { status: 200, headers: JSON_TYPE, body } })
    await expect(story.provider.read(story.zone, never)).rejects.toMatchObject({
      name: 'MailsyncError',
      code: 'unavailable',
    })
  })

  test.each([4294967296, -1, null, 'soon'])('a TTL of %j is 0 (RFC 2181 §8)', async (ttl) => {
    const story = await tell([])
    const body = JSON.stringify({ ...zone, rrsets: [{ ...set, ttl }] }).replaceAll('ZONE', story.zone)
    story.proxy.meet('GET', { when: 'before', answer: { status: 200, headers: JSON_TYPE, body } })
    expect(await story.provider.read(story.zone, never)).toEqual([{ ...a(story, 'mail', '192.0.2.1'), ttl: 0 }])
  })
})

onEachPowerdns('what is told of an API that cannot be used', (tell) => {
  test('another key', async () => {
    const { zone, server } = await tell([])
    const provider = connectTo(server.api.port, 'wrong')
    const refused = {
      code: 'authentication',
      message: expect.stringMatching(/does not accept the API key: Unauthorized \(401\)$/),
      hint: expect.stringMatching(/pdns\.conf/),
    }
    await expect(provider.read(zone, never)).rejects.toMatchObject({ ...refused, where: { zone } })
    await expect(provider.zones(never)).rejects.toMatchObject(refused)
  })

  test('a zone that is not served', async () => {
    const { provider } = await tell([])
    await expect(provider.read('other.example.' as Name, never)).rejects.toMatchObject({
      code: 'zone-not-found',
      message: expect.stringMatching(/does not serve this zone: Not Found \(404\)$/),
    })
  })

  test('a server_id that there is not', async () => {
    const { zone, server } = await tell([])
    const provider = connectTo(server.api.port, server.api.key, { server_id: 'other' })
    const refused = { code: 'unavailable', message: expect.stringMatching(/no API for the server "other"/) }
    await expect(provider.read(zone, never)).rejects.toMatchObject(refused)
    await expect(provider.zones(never)).rejects.toMatchObject(refused)
  })

  test('a record that PowerDNS itself cannot read', async () => {
    const { zone, server, provider } = await tell('broken 60 IN TXT "x"')
    await server.sql(`UPDATE records SET content = 'v=spf1 "' WHERE name = 'broken.${zone.slice(0, -1)}'`)
    await expect(provider.read(zone, never)).rejects.toMatchObject({
      code: 'unavailable',
      hint: expect.stringMatching(/pdnsutil check-zone/),
    })
  })

  test('nothing listens there', async () => {
    const { zone, proxy, provider } = await tell([])
    proxy.close()
    await expect(provider.read(zone, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/ECONNREFUSED/),
      hint: expect.stringMatching(/webserver-allow-from/),
    })
  })
})
