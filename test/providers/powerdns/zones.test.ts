import { expect, test } from 'vitest'
import { changesBetween } from '../../../conformance/rrsets.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change, RRset } from '../../../records/rr/rrset.js'
import { never } from '../rfc2136/rrsets.js'
import { onEachPowerdns } from './on-each-powerdns.js'

function a(name: string, ...rdata: string[]): RRset {
  return { type: 'A', name: name as Name, ttl: 3600, rdata }
}

onEachPowerdns('the zones of a server', (tell) => {
  test('are all listed by their names, a slash in them or not', async () => {
    const { zone, server, provider } = await tell([])
    await server.addZone('0/25.2.0.192.in-addr.arpa.')
    const zones = await provider.zones(never)
    expect(zones).toEqual(expect.arrayContaining([zone, '0/25.2.0.192.in-addr.arpa.']))
  })
})

onEachPowerdns('a zone that PowerDNS fills itself', (tell) => {
  test.each([
    ['slave', /it is filled by zone transfer from its primary/],
    ['consumer', /it is a catalog/],
    ['producer', /it is a catalog/],
  ])('is read, and never written: %s', async (kind, reason) => {
    const { zone, server, provider, proxy } = await tell([])
    await server.edit([a(`mail.${zone}`, '192.0.2.1')])
    await server.util('set-kind', zone, kind)
    expect(await provider.read(zone, never)).toContainEqual({
      ...a(`mail.${zone}`, '192.0.2.1'),
      locked: expect.stringMatching(reason),
    })
    const changes: Change[] = [{ kind: 'create', after: a(`new.${zone}`, '192.0.2.2') }]
    const rejected = { code: 'rejected', message: expect.stringMatching(reason), hint: expect.stringMatching(/target/) }
    expect(() => provider.batches?.(zone, changes)).toThrow(expect.objectContaining(rejected))
    expect(await provider.write(zone, changes, never)).toMatchObject({ applied: [], failure: rejected })
    expect(await provider.check?.(zone, never)).toMatchObject({
      writable: 'no',
      remarks: [expect.stringMatching(reason)],
    })
    expect(proxy.calls.filter(({ method }) => method !== 'GET')).toEqual([])
  })
})

onEachPowerdns('the serial', (tell) => {
  test.each([
    ['DEFAULT', true, []],
    ['OFF', false, [expect.stringMatching(/leaves the serial as it is.*SOA-EDIT-API DEFAULT/)]],
    ['', false, [expect.stringMatching(/leaves the serial as it is/)]],
  ])('with SOA-EDIT-API %j moves: %j; and a check says where it does not', async (setting, moves, remarks) => {
    const { zone, server, provider } = await tell([])
    await server.util('set-meta', zone, 'SOA-EDIT-API', ...(setting === '' ? [] : [setting]))
    expect(await provider.check?.(zone, never)).toEqual({
      writable: 'yes',
      nameServers: ['ns1.mailsync.test.'],
      remarks,
    })
    const before = await server.dig(zone, 'SOA', '+short')
    await provider.write(zone, [{ kind: 'create', after: a(`mail.${zone}`, '192.0.2.1') }], never)
    expect((await server.dig(zone, 'SOA', '+short')) !== before).toBe(moves)
  })
})

onEachPowerdns('a signed zone', (tell) => {
  test('is put in order for its signer by each write, and its metadata stay', async () => {
    const { zone, server, provider } = await tell([])
    await server.util('secure-zone', zone)
    await server.util('set-meta', zone, 'X-OWNER', 'ada')
    const before = await server.util('get-meta', zone)
    await provider.write(zone, [{ kind: 'create', after: a(`a.b.${zone}`, '192.0.2.1') }], never)
    expect(await server.dig(`a.b.${zone}`, 'A', '+dnssec', '+short')).toMatch(/^A \d+ 4 3600 /m)
    const unordered = `SELECT name FROM records WHERE ordername IS NULL AND type IS NOT NULL AND name LIKE '%${zone.slice(0, -1)}'`
    expect(await server.sql(unordered)).toBe('')
    expect(await server.util('get-meta', zone)).toBe(before)
  })
})

onEachPowerdns('calls', (tell) => {
  test('a plan is one; an apply of 12 changes three more, and two for the next zone', async () => {
    const { zone, provider, proxy } = await tell([])
    const before = await provider.read(zone, never)
    expect(proxy.calls).toHaveLength(1)
    const wanted = Array.from({ length: 12 }, (_, index) => a(`h${index}.${zone}`, '192.0.2.1'))
    const changes = changesBetween([], wanted)
    expect(provider.batches?.(zone, changes)).toBe(1)
    expect(await provider.write(zone, changes, never)).toEqual({ applied: changes })
    const path = `/api/v1/servers/localhost/zones/${zone}`
    expect(proxy.calls.map((call) => `${call.method} ${call.path}`)).toEqual([
      `GET ${path}`,
      'GET /api/v1/servers/localhost',
      `GET ${path}`,
      `PATCH ${path}`,
    ])
    const gone = changesBetween(wanted, [])
    await provider.write(zone, gone, never)
    expect(proxy.calls.slice(4).map(({ method }) => method)).toEqual(['GET', 'PATCH'])
    expect(await provider.read(zone, never)).toEqual(before)
  })

  test('more than a mebibyte is split, and the plan can say so', async () => {
    const { zone, provider, proxy } = await tell([])
    const text = 'x'.repeat(20_000)
    const changes = Array.from({ length: 60 }, (_, index): Change => {
      return { kind: 'create', after: { type: 'TXT', name: `t${index}.${zone}` as Name, ttl: 3600, rdata: [text] } }
    })
    expect(provider.batches?.(zone, changes)).toBe(2)
    expect(await provider.write(zone, changes, never)).toEqual({ applied: changes })
    expect(proxy.calls.filter(({ method }) => method === 'PATCH')).toHaveLength(2)
  })
})
