import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { never, ZONE } from '../../../conformance/subject.js'
import type { Name } from '../../../records/rr/name.js'
import { connectRoute53 } from '../../fakes/route53/connect.js'
import { awsError, Route53Fake } from '../../fakes/route53/route53.js'

let fake: Route53Fake

beforeEach(() => {
  fake = new Route53Fake()
})
afterEach(() => fake.close())

function many(count: number): Name[] {
  return Array.from({ length: count }, (_, index) => `zone-${String(index).padStart(4, '0')}.example.` as Name)
}

describe('which hosted zone is meant', () => {
  test('the public one, where a private one has its name too', async () => {
    fake.addZone(ZONE, { id: 'ZPRIVATE', isPrivate: true })
    fake.addZone(ZONE, { id: 'ZPUBLIC' })
    await (await connectRoute53()).read(ZONE, never)
    expect(fake.calls.at(-1)?.zoneId).toBe('ZPUBLIC')
  })

  test('of two public ones neither, and both are named', async () => {
    fake.addZone(ZONE, { id: 'ZONE1' })
    fake.addZone(ZONE, { id: 'ZTWO2' })
    await expect((await connectRoute53()).read(ZONE, never)).rejects.toMatchObject({
      code: 'zone-not-found',
      message: '2 public hosted zones are named example.com.: ZONE1, ZTWO2',
      hint: expect.stringContaining('zone_id'),
    })
  })

  test('of private ones alone none, and they are named', async () => {
    fake.addZone(ZONE, { id: 'ZPRIVATE', isPrivate: true })
    await expect((await connectRoute53()).read(ZONE, never)).rejects.toMatchObject({
      code: 'zone-not-found',
      message: 'only private hosted zones are named example.com.: ZPRIVATE',
      hint: expect.stringContaining('zone_id'),
    })
  })

  test.each(['ZPRIVATE', '/hostedzone/ZPRIVATE'])('zone_id %s chooses, without a look-up', async (zone_id) => {
    fake.addZone(ZONE, { id: 'ZPRIVATE', isPrivate: true })
    fake.addZone(ZONE, { id: 'ZPUBLIC' })
    const provider = await connectRoute53({ zone_id })
    await provider.read(ZONE, never)
    expect(fake.calls.map(({ action, zoneId }) => [action, zoneId])).toEqual([['ListResourceRecordSets', 'ZPRIVATE']])
    expect(await provider.zones(never)).toEqual([ZONE])
  })

  test('a zone_id of another zone is never read as this one, nor written', async () => {
    fake.addZone('example.org', { id: 'ZORG' })
    const provider = await connectRoute53({ zone_id: 'ZORG' })
    const mismatch = { code: 'zone-not-found', message: 'the hosted zone ZORG is example.org., not example.com.' }
    await expect(provider.read(ZONE, never)).rejects.toMatchObject(mismatch)
    const change = { kind: 'create', after: { type: 'A', name: ZONE, ttl: 60, rdata: ['192.0.2.1'] } } as const
    expect(await provider.write(ZONE, [change], never)).toMatchObject({ applied: [], failure: mismatch })
    expect(fake.counts()).not.toHaveProperty('ChangeResourceRecordSets')
  })

  test('a zone_id that is gone', async () => {
    await expect((await connectRoute53({ zone_id: 'ZGONE' })).read(ZONE, never)).rejects.toMatchObject({
      code: 'zone-not-found',
      apiCode: 'NoSuchHostedZone',
    })
  })

  test('a neighbour in the order of names is not taken for it', async () => {
    fake.addZone('a.example.com')
    fake.addZone('example.community')
    await expect((await connectRoute53()).read(ZONE, never)).rejects.toMatchObject({
      code: 'zone-not-found',
      message: 'this AWS account has no hosted zone example.com.',
    })
  })

  test('zones of one name are all seen, even where they fill more than a page', async () => {
    for (let index = 0; index < 150; index++) fake.addZone(ZONE, { id: `ZP${index + 100}`, isPrivate: true })
    fake.addZone(ZONE, { id: 'ZZPUBLIC' })
    await (await connectRoute53()).read(ZONE, never)
    expect(fake.calls.at(-1)?.zoneId).toBe('ZZPUBLIC')
  })

  test('a classless reverse zone is found under its escaped name', async () => {
    const zone = '0/25.2.0.192.in-addr.arpa.' as Name
    fake.addZone(zone)
    await (await connectRoute53({}, [zone])).read(zone, never)
    expect(fake.calls[0]?.query.get('dnsname')).toBe('0\\05725.2.0.192.in-addr.arpa.')
  })
})

describe('few calls for many zones', () => {
  test('a look-up serves the zones that follow it, also those asked for at the same time', async () => {
    const zones = many(20)
    for (const zone of zones) fake.addZone(zone)
    const provider = await connectRoute53({}, zones)
    await Promise.all(zones.map((zone) => provider.read(zone, never)))
    expect(fake.counts()).toEqual({ ListHostedZonesByName: 1, ListResourceRecordSets: 20 })
  })

  test('a page that breaks off inside a name says nothing about that name', async () => {
    const zones = many(101)
    for (const zone of zones) fake.addZone(zone)
    fake.addZone(zones[99] as Name, { id: 'ZZZ' })
    const [first, last] = [zones[0] as Name, zones[99] as Name]
    const provider = await connectRoute53({}, [first, last])
    await provider.read(first, never)
    await expect(provider.read(last, never)).rejects.toMatchObject({ message: expect.stringContaining('2 public') })
  })

  test('1,000 zones share ten pages', async () => {
    const zones = many(1000)
    for (const zone of zones) fake.addZone(zone)
    const provider = await connectRoute53({}, zones)
    await provider.read(zones[700] as Name, never)
    await provider.read(zones[3] as Name, never)
    expect(await provider.zones(never)).toHaveLength(1000)
    expect(fake.counts()).toEqual({ ListHostedZonesByName: 10, ListResourceRecordSets: 2 })
  })

  test('a failed look-up is tried again for the next zone', async () => {
    fake.addZone(ZONE)
    const provider = await connectRoute53()
    fake.fault = (_, number) => (number === 1 ? { when: 'before', reply: 'cut' } : undefined)
    await expect(provider.read(ZONE, never)).rejects.toMatchObject({ code: 'unavailable' })
    await expect(provider.read(ZONE, never)).resolves.toHaveLength(1)
  })

  test('the list of zones leaves private ones out', async () => {
    fake.addZone('b.example')
    fake.addZone('a.example')
    fake.addZone('internal.example', { isPrivate: true })
    expect(await (await connectRoute53()).zones(never)).toEqual(['a.example.', 'b.example.'])
  })
})

describe('checking a zone without writing', () => {
  test('tells its name servers', async () => {
    fake.addZone(ZONE)
    const provider = await connectRoute53()
    expect(await provider.check?.(ZONE, never)).toEqual({
      writable: 'unknown',
      nameServers: ['ns-1.awsdns-01.com.', 'ns-2.awsdns-02.net.', 'ns-3.awsdns-03.org.', 'ns-4.awsdns-04.co.uk.'],
    })
    expect(fake.counts()).toEqual({ ListHostedZonesByName: 1, ListResourceRecordSets: 1, GetHostedZone: 1 })
  })

  test('the name servers that it gave the zone, without reading its records', async () => {
    fake.addZone(ZONE)
    const provider = await connectRoute53()
    expect(await provider.nameServers?.(ZONE, never)).toContain('ns-1.awsdns-01.com.')
    expect(fake.counts()).toEqual({ ListHostedZonesByName: 1, GetHostedZone: 1 })
  })

  test('a zone_id of another zone does not serve this one', async () => {
    fake.addZone('example.org', { id: 'ZORG' })
    const provider = await connectRoute53({ zone_id: 'ZORG' })
    await expect(provider.check?.(ZONE, never)).rejects.toMatchObject({
      code: 'zone-not-found',
      message: 'the hosted zone ZORG is example.org., not example.com.',
    })
  })

  test('credentials that may not list the records cannot plan, whatever else they see', async () => {
    fake.addZone(ZONE)
    fake.fault = ({ action }) =>
      action === 'ListResourceRecordSets' ? awsError(403, 'AccessDenied', 'not authorized') : undefined
    const provider = await connectRoute53()
    await expect(provider.check?.(ZONE, never)).rejects.toMatchObject({ code: 'permission', apiCode: 'AccessDenied' })
  })

  test('says that a private zone is private, and that a service keeps its own', async () => {
    fake.addZone(ZONE, { id: 'ZP', isPrivate: true, service: 'servicediscovery.amazonaws.com' })
    const provider = await connectRoute53({ zone_id: 'ZP' })
    expect(await provider.check?.(ZONE, never)).toEqual({
      writable: 'no',
      nameServers: [],
      remarks: [
        'ZP is a private hosted zone: only its VPCs see it',
        'ZP belongs to servicediscovery.amazonaws.com, which alone can change it',
      ],
    })
  })
})
