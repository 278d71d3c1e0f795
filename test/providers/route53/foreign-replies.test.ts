import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import { contents, never, ZONE } from '../../../conformance/subject.js'
import type { Change } from '../../../records/rr/rrset.js'
import { FOREIGN_REPLIES } from '../../fakes/foreign-replies.js'
import { connectRoute53 } from '../../fakes/route53/connect.js'
import { Route53Fake } from '../../fakes/route53/route53.js'
import { document, element, text } from '../../fakes/route53/xml.js'
import type { FakeZone } from '../../fakes/route53/zone.js'

const create: Change = { kind: 'create', after: a('mail', ['192.0.2.10']) }
const failed = { name: 'MailsyncError', code: 'unavailable', hint: expect.stringMatching(/proxy|again/) }

let fake: Route53Fake
let zone: FakeZone
beforeEach(() => {
  fake = new Route53Fake()
  zone = fake.addZone(ZONE)
})
afterEach(() => fake.close())

describe.each(Object.entries(FOREIGN_REPLIES))('%s instead of Route 53’s own reply', (_, reply) => {
  const instead = (of: string, when: 'before' | 'after' = 'before') => {
    fake.fault = ({ action }) => (action === of ? { when, reply } : undefined)
  }

  test.each(['ListHostedZonesByName', 'ListResourceRecordSets'])(
    'to %s is a failure, never an empty zone',
    async (action) => {
      instead(action)
      await expect((await connectRoute53()).read(ZONE, never)).rejects.toMatchObject(failed)
    },
  )

  test('to the second page is a failure: half a listing is none', async () => {
    for (let number = 0; number < 400; number++)
      zone.sets.push({ name: `h${number}.${ZONE}`, type: 'A', ttl: 60, values: ['192.0.2.1'] })
    fake.fault = ({ query }) => (query.has('name') ? { when: 'before', reply } : undefined)
    await expect((await connectRoute53()).read(ZONE, never)).rejects.toMatchObject(failed)
  })

  test('to the listing of all zones is a failure', async () => {
    instead('ListHostedZonesByName')
    await expect((await connectRoute53()).zones(never)).rejects.toMatchObject(failed)
  })

  test('to a check is a failure', async () => {
    instead('GetHostedZone')
    await expect((await connectRoute53()).check?.(ZONE, never)).rejects.toMatchObject(failed)
  })

  test('to a change is never taken for written', async () => {
    instead('ChangeResourceRecordSets')
    const provider = await connectRoute53()
    const { applied, failure } = await provider.write(ZONE, [create], never)
    expect([applied, failure]).toMatchObject([[], failed])
    expect(await contents(provider, ZONE)).toEqual([])
  })

  test('to a change that was carried out all the same: read back, and applied', async () => {
    instead('ChangeResourceRecordSets', 'after')
    expect(await (await connectRoute53()).write(ZONE, [create], never)).toEqual({ applied: [create] })
  })

  test('to the question whether a change is served is a failure', async () => {
    const provider = await connectRoute53()
    await provider.write(ZONE, [create], never)
    instead('GetChange')
    await expect(provider.waitUntilServed?.(never, () => {})).rejects.toMatchObject(failed)
  })
})

describe('a reply whose form is not what the API documents', () => {
  test('a change without an id is not written', async () => {
    const body = document('ChangeResourceRecordSetsResponse', element('ChangeInfo', text('Status', 'PENDING')))
    fake.fault = ({ action }) =>
      action === 'ChangeResourceRecordSets' ? { when: 'before', reply: { status: 200, body } } : undefined
    const result = await (await connectRoute53()).write(ZONE, [create], never)
    expect(result).toMatchObject({ applied: [], uncertain: [create], failure: failed })
  })

  test.each([
    ['ListHostedZonesByName', element('HostedZones', element('HostedZone', text('Name', ZONE)))],
    ['ListHostedZonesByName', element('HostedZones', element('HostedZone', text('Id', '/hostedzone/Z1')))],
    ['ListResourceRecordSets', element('ResourceRecordSets', element('ResourceRecordSet', text('Type', 'A')))],
    ['ListResourceRecordSets', element('ResourceRecordSets', element('ResourceRecordSet', text('Name', ZONE)))],
    ['GetHostedZone', ''],
  ])('%s of what has no name, type or id is a failure, not a bug: %s', async (of, content) => {
    const body = document(`${of}Response`, content)
    fake.fault = ({ action }) => (action === of ? { when: 'before', reply: { status: 200, body } } : undefined)
    await expect((await connectRoute53()).check?.(ZONE, never)).rejects.toMatchObject(failed)
  })

  test('a page that is followed by itself ends the listing, and not well', async () => {
    const body = document(
      'ListResourceRecordSetsResponse',
      `${element('ResourceRecordSets', '')}${element('IsTruncated', true)}${text('NextRecordName', 'x.')}${text('NextRecordType', 'A')}`,
    )
    fake.fault = ({ action }) =>
      action === 'ListResourceRecordSets' ? { when: 'before', reply: { status: 200, body } } : undefined
    await expect((await connectRoute53()).read(ZONE, never)).rejects.toMatchObject(failed)
    expect(fake.counts()).toMatchObject({ ListResourceRecordSets: 2 })
  })

  test('more record sets than any zone has are given up', async () => {
    const sets = '<ResourceRecordSet></ResourceRecordSet>'.repeat(200_001)
    const body = document(
      'ListResourceRecordSetsResponse',
      `${element('ResourceRecordSets', sets)}${element('IsTruncated', false)}`,
    )
    fake.fault = ({ action }) =>
      action === 'ListResourceRecordSets' ? { when: 'before', reply: { status: 200, body } } : undefined
    await expect((await connectRoute53()).read(ZONE, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Route 53 lists more than 200000 entries',
    })
  })
})
