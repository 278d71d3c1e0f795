import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { encodeRequest, MESSAGE_LIMIT } from '../../../providers/dns/message.js'
import { sign } from '../../../providers/dns/tsig.js'
import type { TsigKey } from '../../../providers/dns/tsig-key.js'
import { batchesOf } from '../../../providers/rfc2136/batches.js'
import { plugin } from '../../../providers/rfc2136/index.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change } from '../../../records/rr/rrset.js'
import { connectTo } from './connect-to.js'
import { freshZone, onEachServer } from './on-each-server.js'
import { type DnsProxy, isUpdate, startProxy } from './proxy.js'
import { a, create, never, remove, txt, update } from './rrsets.js'

const ZONE = 'example.com.' as Name
const key: TsigKey = { name: 'key.example.' as Name, algorithm: 'hmac-sha512', secret: Buffer.alloc(64) }

const value = fc.string({ minLength: 1, maxLength: 2000 })
const values = fc.uniqueArray(value, { minLength: 1, maxLength: 12 })
const changes = fc
  .array(fc.tuple(fc.constantFrom('create', 'update', 'delete'), values, values), { maxLength: 60 })
  .map((list): Change[] =>
    list.map(([kind, before, after], index) => {
      const [old, fresh] = [txt(ZONE, `t${index}`, before), txt(ZONE, `t${index}`, after, index % 2 ? 60 : 3600)]
      return kind === 'create' ? create(fresh) : kind === 'update' ? update(old, fresh) : remove(old)
    }),
  )

describe('batches', () => {
  test('hold every change once and in order, and no signed message is over the limit', () => {
    fc.assert(
      fc.property(changes, (list) => {
        const batches = batchesOf(ZONE, list, key)
        expect(batches.flatMap((batch) => batch.changes)).toEqual(list)
        for (const message of batches.flatMap(({ messages }) => messages)) {
          const { octets } = sign(encodeRequest({ id: 0, ...message }), key, 0)
          expect(octets.length).toBeLessThanOrEqual(MESSAGE_LIMIT)
        }
      }),
      { numRuns: 50 },
    )
  })

  test('are as few as the order allows: none could take the first change of the next', () => {
    const list = Array.from({ length: 2000 }, (_, index) => create(a(ZONE, `host${index}`, ['192.0.2.1'])))
    const batches = batchesOf(ZONE, list, key)
    expect(batches.length).toBeGreaterThan(1)
    for (const [index, batch] of batches.slice(0, -1).entries()) {
      const more = [...batch.changes, ...(batches[index + 1]?.changes ?? []).slice(0, 1)]
      expect(batchesOf(ZONE, more, key).length).toBe(2)
    }
  })

  test('are none for no changes', () => {
    expect(batchesOf(ZONE, [], key)).toEqual([])
  })

  test('of an RRset beyond any message are refused when it is planned', () => {
    const whole = txt(
      ZONE,
      't',
      Array.from({ length: 32 }, (_, index) => `${index}`.padEnd(2040, 'x')),
    )
    expect(plugin.rejects?.(whole)).toMatch(/65,535/)
    expect(plugin.rejects?.({ ...whole, rdata: whole.rdata.slice(0, 30) })).toBeUndefined()
  })
})

onEachServer('a change of more than 65,535 octets', (server) => {
  let proxy: DnsProxy | undefined
  afterEach(() => proxy?.close())

  test('takes two messages, as the plan was told, and arrives whole', async () => {
    const zone = freshZone() as Name
    await server().addZone(zone)
    proxy = await startProxy(server(), {})
    const provider = await connectTo(proxy)
    const list = Array.from({ length: 200 }, (_, index) => create(txt(zone, `t${index}`, [`${index}-`.repeat(100)])))
    expect(provider.batches?.(zone, list)).toBe(2)
    expect(await provider.write(zone, list, never)).toEqual({ applied: list })
    const sent = proxy.requests.filter(isUpdate)
    expect(sent).toHaveLength(2)
    expect((sent[0] as Buffer).length).toBeGreaterThan(MESSAGE_LIMIT - 600)
    const held = (await provider.read(zone, never)).filter(({ type }) => type === 'TXT')
    expect(held).toHaveLength(200)
    expect(held).toContainEqual(txt(zone, 't199', ['199-'.repeat(100)]))
  })

  const many = (zone: Name, prefix: string, ttl = 3600) =>
    txt(
      zone,
      't',
      Array.from({ length: 90 }, (_, index) => `${prefix}${index}`.padEnd(450, 'x')),
      ttl,
    )

  test('in one RRset is made value by value, and the plan is told that it takes several messages', async () => {
    const zone = freshZone() as Name
    const [before, after] = [many(zone, 'old'), many(zone, 'new')]
    const stays = { ...after, rdata: [...after.rdata, ...before.rdata.slice(0, 10)] }
    await server().addZone(zone, [before])
    const provider = await connectTo(server())
    const change = update(before, stays)
    expect(provider.batches?.(zone, [change])).toBe(2)
    expect(await provider.write(zone, [change], never)).toEqual({ applied: [change] })
    const [held] = (await provider.read(zone, never)).filter(({ type }) => type === 'TXT')
    expect(held?.rdata).toEqual([...stays.rdata].sort())
  })

  test('in one RRset is refused where a value is not as planned', async () => {
    const zone = freshZone() as Name
    const before = many(zone, 'old')
    await server().addZone(zone, [{ ...before, rdata: [...before.rdata, 'a stranger’s'] }])
    const provider = await connectTo(server())
    const { applied, failure } = await provider.write(zone, [update(before, many(zone, 'new'))], never)
    expect(applied).toEqual([])
    expect(failure).toMatchObject({ code: 'stale', where: { zone, record: `t.${zone} TXT` } })
  })

  test('in one RRset that fails midway is uncertain', async () => {
    const zone = freshZone() as Name
    const before = many(zone, 'old')
    await server().addZone(zone, [before])
    let updates = 0
    proxy = await startProxy(server(), {
      onRequest: (message) => (isUpdate(message) && ++updates === 2 ? 'close' : message),
    })
    const change = update(before, many(zone, 'new'))
    const { applied, uncertain, failure } = await (await connectTo(proxy)).write(zone, [change], never)
    expect(applied).toEqual([])
    expect(uncertain).toEqual([change])
    expect(failure).toMatchObject({ code: 'unavailable', hint: expect.stringContaining('plan again') })
  })

  test('in one RRset, with a new TTL, cannot be made and says so', async () => {
    const zone = freshZone() as Name
    const before = many(zone, 'old')
    await server().addZone(zone, [before])
    const provider = await connectTo(server())
    const { applied, failure } = await provider.write(zone, [update(before, many(zone, 'new', 60))], never)
    expect(applied).toEqual([])
    expect(failure).toMatchObject({ code: 'rejected', where: { record: `t.${zone} TXT` } })
  })
})
