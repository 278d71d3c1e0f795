import { afterEach, describe, expect, test } from 'vitest'
import { ptrOf, ptrsOf } from '../../../conformance/addresses/addresses.js'
import { never } from '../../../conformance/subject.js'
import { ARPA } from '../../../records/rr/reverse.js'
import type { Change } from '../../../records/rr/rrset.js'
import type { FakeAccount } from '../../fakes/addresses/fake-account.js'
import { FOREIGN_REPLIES } from '../../fakes/foreign-replies.js'
import { JSON_TYPE } from '../../fakes/http-fault.js'
import { OWNERS, type OwnerUnderTest } from './each-owner.js'

const ONE = '192.0.2.10'
const named = ptrOf(ONE, 'mail.example.com.')
const set: Change = { kind: 'create', after: named }
const reset: Change = { kind: 'delete', before: named }

const REPLIES = {
  ...FOREIGN_REPLIES,
  'an error inside a 200': { status: 200, body: '{"error":{"code":"x","message":"no"}}', headers: JSON_TYPE },
  'an error inside a 207': { status: 207, body: '{"errors":[{"reason":"no"}],"message":"no"}', headers: JSON_TYPE },
  'nothing, with 202': { status: 202, body: '', headers: JSON_TYPE },
  'an empty list': { status: 200, body: '[]', headers: JSON_TYPE },
}

/** What an API itself answers a write with, so that nothing tells it from something else's. */
const LIKE_ITS_OWN: Readonly<Record<string, readonly string[]>> = {
  'hetzner-robot reset': ['nothing, with 200'],
  'ovh reset': ['a JSON null'],
  'vultr reset': ['no content, with 204'],
  'vultr set': ['no content, with 204'],
}

let account: FakeAccount
afterEach(() => account.close())

describe.each(OWNERS.map((owner): [string, OwnerUnderTest] => [owner.type, owner]))('%s', (type, owner) => {
  const writes = [
    ['set', set],
    ['reset', reset],
  ] as const
  const each = writes.flatMap(([what, change]) =>
    Object.entries(REPLIES)
      .filter(([reply]) => !LIKE_ITS_OWN[`${type} ${what}`]?.includes(reply))
      .map(([name, reply]) => [`${what}: ${name}`, change, reply] as const),
  )

  test.each(each)('%s instead of the API’s own reply is never taken for written', async (_, change, reply) => {
    account = owner.account()
    if (change.kind === 'delete') account.edit([named])
    account.faultOn(account.isWrite, { when: 'before', ...reply })
    const { applied, failure } = await owner.connect().write(ARPA, [change], never)
    const isWritten = account.ptrs.has(ONE) === (change.kind === 'create')
    // What surely did nothing is sent again.
    expect([applied, failure?.code]).toEqual(isWritten ? [[change], undefined] : [[], 'unavailable'])
    expect(isWritten && reply.status < 400).toBe(false)
  })

  test.each(each)('%s to what was done all the same: read back, and applied', async (_, change, reply) => {
    account = owner.account()
    if (change.kind === 'delete') account.edit([named])
    account.duration = 0
    account.faultOn(account.isWrite, { when: 'after', ...reply })
    expect((await owner.connect().write(ARPA, [change], never)).applied).toEqual([change])
  })
})

describe('a listing that does not say where it goes on', () => {
  const first = (key: string, more: object): string =>
    JSON.stringify({ kind: 'compute#instanceAggregatedList', [key]: [], ...more })

  test.each<[string, string, string]>([
    ['azure', 'no link', first('value', { nextLink: 'page 2' })],
    ['azure', 'a number', first('value', { nextLink: 2 })],
    ['gcp', 'a number', first('items', { nextPageToken: 2 })],
    ['gcp', 'an object', first('items', { nextPageToken: { page: 2 } })],
    ['vultr', 'a number', first('instances', { meta: { links: { next: 2 } } })],
  ])('%s: %s is a failure, never the last page', async (type, _, body) => {
    const owner = OWNERS.find((one) => one.type === type) as OwnerUnderTest
    account = owner.account()
    account.faultOn(({ method }) => method === 'GET', { when: 'before', status: 200, body, headers: JSON_TYPE })
    await expect(ptrsOf(owner.connect(), [ONE])).rejects.toMatchObject({ name: 'MailsyncError', code: 'unavailable' })
  })

  test('vultr: a network whose size is no number is none', async () => {
    const owner = OWNERS.find(({ type }) => type === 'vultr') as OwnerUnderTest
    account = owner.account()
    const one = { id: 'a', v6_network: '2001:db8:0:1::', v6_network_size: { toString: 64 } }
    const body = JSON.stringify({ instances: [one] })
    account.faultOn(() => true, { when: 'before', status: 200, body, headers: JSON_TYPE })
    const [ptr] = await ptrsOf(owner.connect(), ['2001:db8:0:1::10'])
    expect(ptr?.locked).toMatch(/is no address of an instance/)
  })
})
