import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import { never, ZONE } from '../../../conformance/subject.js'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import { encodeOctets } from '../../../records/rr/octets.js'
import type { AnyRRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { connectRoute53 } from '../../fakes/route53/connect.js'
import { Route53Fake } from '../../fakes/route53/route53.js'
import { typed } from '../../fakes/route53/typed.js'
import type { FakeSet, FakeZone } from '../../fakes/route53/zone.js'

let fake: Route53Fake
let zone: FakeZone
let provider: Provider

beforeEach(async () => {
  fake = new Route53Fake()
  zone = fake.addZone(ZONE)
  provider = await connectRoute53()
})
afterEach(() => fake.close())

async function readSet(name: string, type: string): Promise<AnyRRset | undefined> {
  return (await provider.read(ZONE, never)).find((rrset) => rrset.name === name && rrset.type === type)
}

const alias =
  '<AliasTarget><HostedZoneId>Z2FDTNDATAQYW2</HostedZoneId><DNSName>d111111abcdef8.cloudfront.net.</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget>'

function weighted(identifier: string, value: string): FakeSet {
  return { name: `w.${ZONE}`, type: 'A', ttl: 60, values: [value], identifier, routing: '<Weight>10</Weight>' }
}

describe('record sets that mailsync must never write', () => {
  test('an alias says what it is an alias of', async () => {
    zone.sets.push({ name: ZONE, type: 'A', values: [], routing: alias })
    expect(await readSet(ZONE, 'A')).toMatchObject({
      rdata: [],
      locked: 'an alias of d111111abcdef8.cloudfront.net.',
    })
  })

  test('weighted sets of one name are one entry that names them all', async () => {
    zone.sets.push(weighted('blue', '192.0.2.1'), weighted('green', '192.0.2.2'))
    expect(await readSet(`w.${ZONE}`, 'A')).toMatchObject({
      rdata: ['192.0.2.1', '192.0.2.2'],
      locked: '2 weighted sets (SetIdentifier "blue", "green")',
    })
  })

  test.each([
    ['<Region>eu-west-1</Region>', 'a latency-routed set (SetIdentifier "one")'],
    ['<GeoLocation><CountryCode>DE</CountryCode></GeoLocation>', 'a geolocation-routed set (SetIdentifier "one")'],
    ['<Failover>PRIMARY</Failover>', 'a failover set (SetIdentifier "one")'],
    ['<MultiValueAnswer>true</MultiValueAnswer>', 'a multivalue-answer set (SetIdentifier "one")'],
    ['<Weight>0</Weight>', 'a weighted set (SetIdentifier "one")'],
  ])('%s is %s', async (routing, locked) => {
    zone.sets.push({ ...typed(a('r', ['192.0.2.1'])), identifier: 'one', routing })
    expect(await readSet(`r.${ZONE}`, 'A')).toMatchObject({ locked })
  })

  test('a traffic policy and a health check', async () => {
    const policy = '<TrafficPolicyInstanceId>tp-1</TrafficPolicyInstanceId>'
    zone.sets.push({ ...typed(a('p', ['192.0.2.1'])), routing: policy })
    zone.sets.push({ ...typed(a('h', ['192.0.2.1'])), routing: '<HealthCheckId>hc-1</HealthCheckId>' })
    expect(await readSet(`p.${ZONE}`, 'A')).toMatchObject({ locked: 'made by the traffic policy instance tp-1' })
    expect(await readSet(`h.${ZONE}`, 'A')).toMatchObject({ locked: 'served only while the health check hc-1 passes' })
  })
})

describe('a listing', () => {
  test('shows the types mailsync does not write, locked, and no SOA', async () => {
    zone.sets.push({ name: `s.${ZONE}`, type: 'SSHFP', ttl: 60, values: ['4 2 abcd'] })
    zone.sets.push({ name: `w.${ZONE}`, type: 'HTTPS', values: [], identifier: 'one', routing: '<Weight>1</Weight>' })
    const rrsets = await provider.read(ZONE, never)
    expect(rrsets.map(({ name, type, locked }) => [name, type, locked])).toEqual([
      [ZONE, 'NS', undefined],
      [`s.${ZONE}`, 'SSHFP', 'mailsync does not write SSHFP records'],
      [`w.${ZONE}`, 'HTTPS', 'mailsync does not write HTTPS records'],
    ])
    const blocked = zoneWith(ZONE, rrsets).inTheWay(`w.${ZONE}` as Name, 'CNAME')
    expect(blocked).toEqual([{ kind: 'not-alone', types: ['HTTPS'] }])
  })

  test.each([4294967295, -1, 1e300])('a TTL of %d is 0 (RFC 2181 §8)', async (ttl) => {
    zone.sets.push({ name: `t.${ZONE}`, type: 'A', ttl, values: ['192.0.2.1'] })
    expect(await readSet(`t.${ZONE}`, 'A')).toMatchObject({ ttl: 0 })
  })

  test.each([
    ['MX', 'mail.example.com'],
    ['MX', '99999 mail.example.com'],
    ['A', ''],
    ['CNAME', ' '],
  ])('a %s of %j is locked, not guessed at', async (type, value) => {
    zone.sets.push({ name: `t.${ZONE}`, type, ttl: 60, values: [value] })
    expect(await readSet(`t.${ZONE}`, type)).toMatchObject({
      rdata: [],
      locked: `one of its values is no ${type} record`,
    })
  })

  test('keeps octets that are no UTF-8', async () => {
    zone.sets.push({ name: `t.${ZONE}`, type: 'TXT', ttl: 60, values: ['"\\377\\000a"'] })
    const rrset = await readSet(`t.${ZONE}`, 'TXT')
    expect([...encodeOctets(rrset?.rdata[0] as string)]).toEqual([255, 0, 97])
  })

  test.each([298, 299, 300])(
    'is read to its end when %i plain sets stand before three weighted ones',
    async (count) => {
      const plain = Array.from({ length: count - 2 }, (_, index) => typed(a(`a${index}`, ['192.0.2.1'])))
      zone.sets.push(...plain, weighted('a', '192.0.2.1'), weighted('b', '192.0.2.2'), weighted('c', '192.0.2.3'))
      const rrsets = await provider.read(ZONE, never)
      expect(rrsets).toHaveLength(count)
      expect(rrsets.find(({ name }) => name === `w.${ZONE}`)).toMatchObject({
        rdata: ['192.0.2.1', '192.0.2.2', '192.0.2.3'],
        locked: '3 weighted sets (SetIdentifier "a", "b", "c")',
      })
      expect(fake.counts()).toEqual({ ListHostedZonesByName: 1, ListResourceRecordSets: 2 })
    },
  )

  test('that breaks off throws: an incomplete zone is no zone', async () => {
    zone.sets.push(...Array.from({ length: 400 }, (_, index) => typed(a(`a${index}`, ['192.0.2.1']))))
    fake.fault = (_, number) => (number === 3 ? { when: 'before', reply: 'cut' } : undefined)
    await expect(provider.read(ZONE, never)).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('stops when the user stops', async () => {
    await expect(provider.read(ZONE, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    expect(fake.calls).toEqual([])
  })
})

test('a TTL of more than 31 bits is read as 0, and a mapped address as what it is', async () => {
  zone.sets.push({ name: `w.${ZONE}`, type: 'A', ttl: 2 ** 31, values: ['192.0.2.1'] })
  zone.sets.push({ name: `w.${ZONE}`, type: 'AAAA', ttl: 60, values: ['::ffff:c000:201'] })
  expect(await readSet(`w.${ZONE}`, 'A')).toMatchObject({ ttl: 0 })
  expect(await readSet(`w.${ZONE}`, 'AAAA')).toMatchObject({ rdata: ['::ffff:192.0.2.1'] })
})
