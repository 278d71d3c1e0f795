import { afterEach, describe, expect, test } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import type { Change } from '../../../records/rr/rrset.js'
import { never, type Story, tellStory, ZONE } from '../../fakes/cloudflare/story.js'
import { FOREIGN_REPLIES } from '../../fakes/foreign-replies.js'

const create: Change = { kind: 'create', after: a('mail', ['192.0.2.10']) }

let story: Story
afterEach(() => story.fake.close())

describe.each(Object.entries(FOREIGN_REPLIES))('%s instead of the API’s own reply', (_, reply) => {
  test.each([
    ['the look-up of the zone', 1],
    ['the listing of its records', 2],
  ])('to %s is a failure, never an empty zone', async (_call, number) => {
    story = tellStory([a('www', ['192.0.2.80'])])
    story.fake.faultAt(number, { when: 'before', ...reply })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({
      name: 'MailsyncError',
      code: 'unavailable',
      hint: expect.stringMatching(/proxy|try again/),
    })
  })

  test('to the second page is a failure: half a listing is none', async () => {
    story = tellStory([1, 2, 3].map((number) => a(`h${number}`, ['192.0.2.1'])))
    story.fake.pageLimit = 2
    story.fake.faultAt(3, { when: 'before', ...reply })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('to the listing of all zones is a failure', async () => {
    story = tellStory()
    story.fake.faultAt(1, { when: 'before', ...reply })
    await expect(story.provider.zones(never)).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('to the batch is never taken for written', async () => {
    story = tellStory()
    story.fake.faultAt(3, { when: 'before', ...reply })
    const { applied, failure } = await story.provider.write(ZONE, [create], never)
    expect([applied, failure?.code]).toEqual([[], 'unavailable'])
    expect(story.zone.records).toEqual([])
  })

  test('to the batch that was carried out all the same: read back, and applied', async () => {
    story = tellStory()
    story.fake.faultAt(3, { when: 'after', ...reply })
    expect(await story.provider.write(ZONE, [create], never)).toEqual({ applied: [create] })
  })
})

describe('a listing whose form is not what the API documents', () => {
  const envelope = (result: unknown, info: object = { page: 1, per_page: 100, total_count: 1 }) => ({
    success: true,
    errors: [],
    messages: [],
    result,
    result_info: info,
  })
  const record = { id: 'x', type: 'A', name: 'mail.example.com', content: '192.0.2.1', ttl: 300 }

  test.each([
    ['no list', envelope({})],
    ['no page numbers', { ...envelope([record]), result_info: undefined }],
    ['another page', envelope([record], { page: 2, per_page: 100, total_count: 1 })],
    ['a count that is none', envelope([record], { page: 1, per_page: 100, total_count: 'many' })],
    ['a record that is null', envelope([null])],
    ['a record without a name', envelope([{ ...record, name: undefined }])],
    ['a name that is a number', envelope([{ ...record, name: 7 }])],
    ['a content that is a list', envelope([{ ...record, content: ['192.0.2.1'] }])],
    ['a priority that is a text', envelope([{ ...record, type: 'MX', priority: 'ten' }])],
    ['a priority that is too large', envelope([{ ...record, type: 'MX', priority: 70_000 }])],
  ])('%s: a failure of the provider, not a bug', async (_, body) => {
    story = tellStory()
    story.fake.faultAt(2, { when: 'before', status: 200, body, headers: { 'content-type': 'application/json' } })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ name: 'MailsyncError', code: 'unavailable' })
  })

  test.each([4294967296, -1, null, 'soon'])('a TTL of %j is 0 (RFC 2181 §8)', async (ttl) => {
    story = tellStory()
    const body = envelope([{ ...record, ttl }])
    story.fake.faultAt(2, { when: 'before', status: 200, body, headers: { 'content-type': 'application/json' } })
    expect(await story.provider.read(ZONE, never)).toEqual([a('mail', ['192.0.2.1'], 0)])
  })

  test.each([
    ['a billion announced', { page: 1, per_page: 1, total_count: 1e9 }],
    ['more than a number can count', { page: 1, per_page: 1, total_count: 1e308 }],
  ])('%s: given up at once', async (_, info) => {
    story = tellStory()
    story.fake.faultAt(2, {
      when: 'before',
      status: 200,
      body: envelope([record], info),
      headers: { 'content-type': 'application/json' },
    })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: /more than 200000/,
    })
    expect(story.calls()).toHaveLength(2)
  })

  test('more records than any zone has are given up, announced or not', async () => {
    story = tellStory()
    const body = envelope(Array(200_001).fill(record), { page: 1 })
    story.fake.faultAt(2, { when: 'before', status: 200, body, headers: { 'content-type': 'application/json' } })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ message: /more than 200000/ })
  })

  test('an error text without end is cut', async () => {
    story = tellStory()
    story.fake.faultAt(1, { status: 400, code: 9207, message: 'x'.repeat(100_000) })
    const error = await story.provider.read(ZONE, never).catch((thrown: Error) => thrown)
    expect((error as Error).message.length).toBeLessThan(500)
  })

  test.each([
    ['CAA', { flags: 0, tag: 'issue', value: { toString: 1 } }],
    ['SRV', { priority: 1, weight: 1, port: 25, target: { name: 'x' } }],
    ['TLSA', { usage: 3, selector: 1, matching_type: { valueOf: 1, toString: 1 }, certificate: '00' }],
  ])('the parts of a %s that are objects are no value: it is locked', async (type, data) => {
    story = tellStory()
    const body = envelope([{ ...record, type, data }])
    story.fake.faultAt(2, { when: 'before', status: 200, body, headers: { 'content-type': 'application/json' } })
    expect(await story.provider.read(ZONE, never)).toMatchObject([
      { type, rdata: [], locked: `one of its values is no ${type} record` },
    ])
  })

  test.each([
    ['a code that is an object', { code: { toString: 1 }, message: 'no' }],
    ['a message that is a list', { code: 9207, message: ['no'] }],
  ])('%s is no error of the API', async (_, error) => {
    story = tellStory()
    const body = { success: false, errors: [error] }
    story.fake.faultAt(1, { when: 'before', status: 400, body, headers: { 'content-type': 'application/json' } })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({
      name: 'MailsyncError',
      message: 'what answered is not the Cloudflare API (HTTP 400)',
    })
  })

  test.each(['constructor', '__proto__', 'toString'])('an error code %s is no hint of ours', async (code) => {
    story = tellStory()
    story.fake.faultAt(1, { status: 400, code: code as unknown as number, message: 'no' })
    await expect(story.provider.read(ZONE, never)).rejects.toMatchObject({ code: 'rejected', hint: undefined })
  })
})
