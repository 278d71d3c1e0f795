import { afterEach, describe, expect, test } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import { connectHetzner } from '../../../providers/hetzner/connection.js'
import { plugin } from '../../../providers/hetzner/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change } from '../../../records/rr/rrset.js'
import { FOREIGN_REPLIES } from '../../fakes/foreign-replies.js'
import { TOKEN } from '../../fakes/hetzner/hetzner.js'
import { never, type Story, tellStory, ZONE } from '../../fakes/hetzner/story.js'

let story: Story
afterEach(() => story?.fake.close())

const create: Change = { kind: 'create', after: a('mail', ['192.0.2.10']) }

describe('options', () => {
  test('a token, and the block of octoDNS', () => {
    expect(plugin.options({ token: TOKEN, backend: 'hcloud' })).toEqual({ token: TOKEN })
  })

  test.each([
    [{}, 'token'],
    [{ token: 'Bearer x' }, 'token'],
    [{ token: 'x\ny' }, 'token'],
    [{ token: TOKEN, backend: 'dnsapi' }, 'backend'],
    [{ token: TOKEN, tokens: 1 }, ''],
  ])('%j is told, and no token with it', (input, path) => {
    try {
      plugin.options(input)
      expect.unreachable()
    } catch (error) {
      const { issues } = error as { issues: { path: string[]; message: string }[] }
      expect(issues.map((issue) => issue.path.join('.'))).toEqual([path])
      expect(JSON.stringify(issues)).not.toMatch(/Bearer x|x\\ny/)
    }
  })
})

describe('what the API refuses', () => {
  test('a token that is none, and it is nowhere in what is told', async () => {
    story = tellStory()
    const provider = connectHetzner({ token: 'wrong-token-0123' }, { zones: [ZONE] })
    const error = await provider.read(ZONE, never).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'authentication', apiCode: 'unauthorized', hint: /API tokens/ })
    expect(JSON.stringify(error)).not.toContain('wrong-token')
  })

  test('a token that may only read: reads, and is told at the first write', async () => {
    story = tellStory([a('www', ['192.0.2.80'])])
    story.fake.mayWrite = false
    expect(await story.provider.read(ZONE, never)).toHaveLength(1)
    expect(await story.provider.write(ZONE, [create], never)).toMatchObject({
      applied: [],
      failure: { code: 'permission', apiCode: 'token_readonly', hint: expect.stringMatching(/Read & Write/) },
    })
    expect(story.calls().at(-1)).toBe('POST rrsets')
  })

  test('nothing, as it is not reached', async () => {
    story = tellStory([], { retries: 0 })
    story.fake.faultAt(1, 'refused-connection')
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'the connection to Hetzner failed when asked to list the zones: ECONNREFUSED',
      hint: 'check the network',
    })
  })

  test('a zone of another project', async () => {
    story = tellStory()
    await expect(story.provider.read('example.net.' as Name, never)).rejects.toMatchObject({
      code: 'zone-not-found',
      message: 'the Hetzner project of the API token has no zone example.net',
      where: { zone: 'example.net.' },
    })
  })

  test('a zone that is gone since it was looked up', async () => {
    story = tellStory()
    await story.provider.read(ZONE, never)
    story.fake.zones.length = 0
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ code: 'zone-not-found' })
  })

  test('a secondary zone: told without a call that cannot do', async () => {
    story = tellStory()
    story.zone.shown = { mode: 'secondary' }
    const told = { code: 'rejected', message: /secondary zone/, hint: /primary name servers/, where: { zone: ZONE } }
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject(told)
    expect((await story.provider.write(ZONE, [create], never)).failure?.code).toBe('rejected')
    expect(story.calls()).toEqual(['GET zones'])
  })

  test('a zone that became a secondary one meanwhile', async () => {
    story = tellStory()
    await story.provider.read(ZONE, never)
    story.zone.shown = { mode: 'secondary' }
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({
      code: 'rejected',
      apiCode: 'incorrect_zone_mode',
    })
  })

  test.each([
    [422, 'invalid_input', 'rejected', undefined],
    [409, 'resource_limit_exceeded', 'rejected', /higher limit/],
    [410, 'deprecated_api_endpoint', 'rejected', /newer mailsync/],
    [403, 'forbidden', 'permission', undefined],
    [400, '__proto__', 'rejected', undefined],
    [400, 'constructor', 'rejected', undefined],
  ])('%i %s at a change is %s, and nothing is written', async (status, code, kind, hint) => {
    story = tellStory()
    story.fake.faultAt(3, { status, code, message: `the words for ${code}` })
    const { applied, uncertain, failure } = await story.provider.write(ZONE, [create], never)
    expect([applied, uncertain, failure?.code, failure?.apiCode]).toEqual([[], undefined, kind, code])
    expect(failure?.message).toContain(`the words for ${code}`)
    expect(failure?.where).toEqual({ zone: ZONE, record: 'mail.example.com. A' })
    if (hint) expect(failure?.hint).toMatch(hint)
  })

  test('a record that cannot stand beside a CNAME made meanwhile: stale', async () => {
    story = tellStory()
    story.fake.before = ({ what }) => {
      if (what === 'POST rrsets')
        story.zone.put({ name: 'mail', type: 'CNAME', ttl: 3600, records: [{ value: 'x.example.' }] })
    }
    expect((await story.provider.write(ZONE, [create], never)).failure).toMatchObject({
      code: 'stale',
      apiCode: 'invalid_input',
    })
  })
})

describe.each(Object.entries(FOREIGN_REPLIES))('%s instead of the API’s own reply', (_, reply) => {
  test.each([
    ['the look-up of the zone', 1],
    ['the listing of its RRsets', 2],
  ])('to %s is a failure, never an empty zone', async (_call, number) => {
    story = tellStory([a('www', ['192.0.2.80'])], { retries: 0 })
    story.fake.faultAt(number, { when: 'before', ...reply })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('to the second page is a failure: half a listing is none', async () => {
    story = tellStory(
      Array.from({ length: 101 }, (_, index) => a(`h${index}`, ['192.0.2.1'])),
      { retries: 0 },
    )
    story.fake.faultAt(3, { when: 'before', ...reply })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('to a change is never taken for written', async () => {
    story = tellStory([], { retries: 0 })
    for (const number of [3, 6, 9, 12]) story.fake.faultAt(number, { when: 'before', ...reply })
    const { applied, failure } = await story.provider.write(ZONE, [create], never)
    expect([applied, failure?.code]).toEqual([[], 'unavailable'])
    expect(story.zone.rrsets).toEqual([])
  })

  test('to a look at its end is never taken for its end', async () => {
    story = tellStory([], { retries: 0 })
    story.fake.failing = 'create'
    story.fake.faultAt(4, { when: 'before', ...reply })
    const { applied, uncertain } = await story.provider.write(ZONE, [create], never)
    expect([applied, uncertain]).toEqual([[], [create]])
  })

  test('to a change that was carried out all the same: read back, and applied', async () => {
    story = tellStory([], { retries: 0 })
    story.fake.faultAt(3, { when: 'after', ...reply })
    expect(await story.provider.write(ZONE, [create], never)).toEqual({ applied: [create] })
  })
})

describe('a reply whose form is not what the API documents', () => {
  const listing = (rrsets: unknown, pagination: unknown = { page: 1, per_page: 100, total_entries: 1 }) => ({
    rrsets,
    meta: { pagination },
  })
  const rrset = { name: 'mail', type: 'A', ttl: 300, records: [{ value: '192.0.2.1' }] }

  test.each([
    ['no list', listing({})],
    ['no page numbers', { rrsets: [rrset] }],
    ['another page', listing([rrset], { page: 2, total_entries: 1 })],
    ['a count that is none', listing([rrset], { page: 1, total_entries: 'many' })],
    ['an RRset that is null', listing([null])],
    ['an RRset without a name', listing([{ ...rrset, name: undefined }])],
    ['a TTL that is a text', listing([{ ...rrset, ttl: '300' }])],
    ['records that are none', listing([{ ...rrset, records: 'x' }])],
    ['a record that is null', listing([{ ...rrset, records: [null] }])],
    ['a value that is a number', listing([{ ...rrset, records: [{ value: 7 }] }])],
    ['one RRset twice', listing([rrset, rrset], { page: 1, total_entries: 2 })],
  ])('%s: a failure of the provider, not a bug', async (_, body) => {
    story = tellStory()
    story.fake.faultAt(2, { when: 'before', status: 200, body, headers: { 'content-type': 'application/json' } })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ name: 'MailsyncError', code: 'unavailable' })
  })

  test('a listing that does not say how many there are ends with a page that is not full', async () => {
    story = tellStory()
    const body = listing([rrset], { page: 1, per_page: 100, total_entries: null })
    story.fake.faultAt(2, { when: 'before', status: 200, body, headers: { 'content-type': 'application/json' } })
    expect(await story.provider.read(ZONE, never)).toHaveLength(1)
  })

  test.each([
    ['no action', {}],
    ['an action without an id', { action: { status: 'success' } }],
    ['a status nobody knows', { action: { id: 1, status: 'queued' } }],
  ])('%s: not taken for written', async (_, body) => {
    story = tellStory()
    story.fake.faultAt(3, { when: 'before', status: 201, body, headers: { 'content-type': 'application/json' } })
    expect((await story.provider.write(ZONE, [create], never)).applied).toEqual([])
  })
})

describe('checking a zone, without writing', () => {
  const nameServers = ['hydrogen.ns.hetzner.com.', 'oxygen.ns.hetzner.com.', 'helium.ns.hetzner.de.']

  test('that is as it should be', async () => {
    story = tellStory()
    expect(await story.provider.check?.(ZONE, never)).toEqual({ writable: 'unknown', nameServers, remarks: [] })
    expect(story.calls()).toEqual(['GET zones'])
  })

  test('the name servers that it gave the zone, in one call', async () => {
    story = tellStory()
    expect(await story.provider.nameServers?.(ZONE, never)).toEqual(nameServers)
    expect(story.calls()).toEqual(['GET zones'])
  })

  test.each<[object, string, RegExp]>([
    [{ mode: 'secondary' }, 'no', /filled by zone transfer/],
    [{ status: 'error' }, 'unknown', /could not bring the zone/],
    [{ authoritative_nameservers: { delegation_status: 'invalid' } }, 'unknown', /names other name servers/],
    [{ authoritative_nameservers: { delegation_status: 'lame' } }, 'unknown', /do not answer/],
  ])('with %j', async (shown, writable, remark) => {
    story = tellStory()
    story.zone.shown = shown
    expect(await story.provider.check?.(ZONE, never)).toMatchObject({
      writable,
      remarks: [expect.stringMatching(remark)],
    })
  })

  test.each([{ authoritative_nameservers: null }, { authoritative_nameservers: { delegation_status: 'constructor' } }])(
    'with %j: nothing is remarked',
    async (shown) => {
      story = tellStory()
      story.zone.shown = shown
      expect(await story.provider.check?.(ZONE, never)).toMatchObject({ nameServers: [], remarks: [] })
    },
  )
})
