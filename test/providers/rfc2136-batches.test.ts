import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { encodeRequest, MESSAGE_LIMIT } from '../../providers/dns/message.js'
import { sign } from '../../providers/dns/tsig.js'
import type { TsigKey } from '../../providers/dns/tsig-key.js'
import { batchesOf, updateRequest } from '../../providers/rfc2136/batches.js'
import { plugin } from '../../providers/rfc2136/index.js'
import type { Name } from '../../records/rr/name.js'
import type { Change } from '../../records/rr/rrset.js'
import { connectTo } from './rfc2136/connect-to.js'
import { freshZone, onEachServer } from './rfc2136/on-each-server.js'
import { type DnsProxy, isUpdate, startProxy } from './rfc2136/proxy.js'
import { a, create, never, remove, txt, update } from './rfc2136/rrsets.js'

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
        expect(batches.flat()).toEqual(list)
        for (const batch of batches) {
          const { octets } = sign(encodeRequest({ id: 0, ...updateRequest(ZONE, batch) }), key, 0)
          expect(octets.length <= MESSAGE_LIMIT || batch.length === 1).toBe(true)
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
      const more = [...batch, ...(batches[index + 1] ?? []).slice(0, 1)]
      const { octets } = sign(encodeRequest({ id: 0, ...updateRequest(ZONE, more) }), key, 0)
      expect(octets.length).toBeGreaterThan(MESSAGE_LIMIT)
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

  test('in one RRset cannot be replaced, and says so', async () => {
    const zone = freshZone() as Name
    const many = (prefix: string) =>
      txt(
        zone,
        't',
        Array.from({ length: 90 }, (_, index) => `${prefix}${index}`.padEnd(450, 'x')),
      )
    const before = many('old')
    await server().addZone(zone, [before])
    const provider = await connectTo(server())
    const { applied, failure } = await provider.write(zone, [update(before, many('new'))], never)
    expect(applied).toEqual([])
    expect(failure).toMatchObject({ code: 'rejected', where: { record: `t.${zone} TXT` } })
  })
})
