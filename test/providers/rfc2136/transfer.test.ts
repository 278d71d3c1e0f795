import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connectionsTo } from '../../../providers/dns/connections.js'
import { decodeMessage } from '../../../providers/dns/message.js'
import { tsigOf } from '../../../providers/dns/tsig.js'
import { plugin } from '../../../providers/rfc2136/index.js'
import { readZone, TRANSFER_LIMITS } from '../../../providers/rfc2136/transfer.js'
import type { Name } from '../../../records/rr/name.js'
import { newKey } from '../../servers/dns-server.js'
import { connectTo } from './connect-to.js'
import type { FakeServer } from './fake.js'
import { type Answer, address, type FakeTransfer, SOA, startFakeTransfer } from './fake-transfer.js'
import { freshZone, onEachServer } from './on-each-server.js'
import { type DnsProxy, type ProxyRules, startProxy, withoutTsig } from './proxy.js'
import { a, never, txt } from './rrsets.js'

let proxy: DnsProxy | undefined
let fake: FakeServer | undefined
afterEach(() => {
  proxy?.close()
  fake?.close()
  proxy = fake = undefined
})

onEachServer('a zone transfer of 20,000 records', (server) => {
  const count = 10_000
  const content = (zone: string) =>
    Array.from({ length: count }, (_, index) => [
      a(zone, `h${index}`, [`192.0.${index >> 8}.${index & 255}`]),
      txt(zone, `h${index}`, [`v=spf1 ip4:192.0.${index >> 8}.${index & 255} -all`]),
    ]).flat()
  const zone = freshZone() as Name
  beforeAll(() => server().addZone(zone, content(zone)))
  const readThrough = async (rules: ProxyRules) => {
    proxy = await startProxy(server(), rules)
    return (await connectTo(proxy)).read(zone, never)
  }

  test('is read whole', async () => {
    const rrsets = await (await connectTo(server())).read(zone, never)
    const byKey = new Map(rrsets.map((rrset) => [`${rrset.name} ${rrset.type}`, rrset]))
    expect(rrsets).toHaveLength(2 * count + 1)
    for (const rrset of content(zone)) expect(byKey.get(`${rrset.name} ${rrset.type}`)).toEqual(rrset)
  })

  test('that is cut off throws', async () => {
    await expect(readThrough({ onReply: (reply, index) => (index === 2 ? 'close' : reply) })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('closed the connection'),
      where: { zone },
    })
  })

  test('that is cut off once is asked for again', async () => {
    let cuts = 0
    const onReply = (reply: Buffer, index: number): Buffer | 'close' => (index === 2 && cuts++ === 0 ? 'close' : reply)
    expect(await readThrough({ onReply })).toHaveLength(2 * count + 1)
    expect(cuts).toBeGreaterThan(0)
  })

  test('that loses a message throws', async () => {
    await expect(readThrough({ onReply: (reply, index) => (index === 1 ? 'lose' : reply) })).rejects.toMatchObject({
      code: 'authentication',
      message: expect.stringContaining('its signature is wrong'),
    })
  })

  test('in which one octet is changed throws', async () => {
    const flip = (reply: Buffer): Buffer => {
      const changed = Buffer.from(reply)
      changed.writeUInt8(changed.readUInt8(100) ^ 1, 100)
      return changed
    }
    await expect(readThrough({ onReply: (reply, index) => (index === 1 ? flip(reply) : reply) })).rejects.toMatchObject(
      {
        name: 'MailsyncError',
        code: expect.stringMatching(/^(authentication|unavailable)$/),
      },
    )
  })

  test('without signatures throws', async () => {
    await expect(readThrough({ onReply: (reply) => withoutTsig(reply) })).rejects.toMatchObject({
      code: 'authentication',
      message: expect.stringContaining('it is not signed'),
    })
  })
})

describe('a zone transfer', () => {
  const key = newKey('fake')
  const read = async (transfer: Omit<FakeTransfer, 'key'>) => {
    fake = await startFakeTransfer({ key, ...transfer })
    return (await connectTo({ ...fake, key }, { timeout: 1 })).read('example.com.' as Name, never)
  }
  /** A zone of `count` messages, one record each. */
  const stream = (count: number): Answer[][] =>
    Array.from({ length: count }, (_, index) => (index === 0 || index === count - 1 ? [SOA] : [address(index)]))

  test('may leave 99 messages between two signed ones unsigned (RFC 8945 §5.3.1)', async () => {
    const rrsets = await read({ messages: stream(250), isSigned: (index) => index % 100 === 0 || index === 249 })
    expect(rrsets).toHaveLength(248)
  })

  test('may not leave more of them unsigned', async () => {
    const transfer = { messages: stream(250), isSigned: (index: number) => index % 101 === 0 || index === 249 }
    await expect(read(transfer)).rejects.toMatchObject({ code: 'authentication' })
  })

  test('must begin with a signed message', async () => {
    await expect(read({ messages: stream(5), isSigned: (index) => index > 0 })).rejects.toMatchObject({
      code: 'authentication',
    })
  })

  test('must end with a signed message', async () => {
    await expect(read({ messages: stream(5), isSigned: (index) => index < 4 })).rejects.toMatchObject({
      code: 'authentication',
      message: expect.stringContaining('the end of the zone transfer is not signed'),
    })
  })

  test('whose unsigned messages were changed is found out at the next signature', async () => {
    const transfer: Omit<FakeTransfer, 'key'> = {
      messages: stream(5),
      isSigned: (index) => index === 0 || index === 4,
      tamper: (message, index) => {
        if (index === 2) message.writeUInt8(99, message.length - 1)
        return message
      },
    }
    await expect(read(transfer)).rejects.toMatchObject({ code: 'authentication' })
  })

  test('that was signed long ago is not believed, for it may be a repetition', async () => {
    expect(await read({ messages: stream(3), behind: 290 })).toHaveLength(1)
    fake?.close()
    await expect(read({ messages: stream(3), behind: 3600 })).rejects.toMatchObject({
      code: 'authentication',
      message: expect.stringMatching(/it was signed 36\d\d seconds ago/),
    })
  })

  test('in one message is whole', async () => {
    expect(await read({ messages: [[SOA, address(1), SOA]] })).toEqual([a('example.com.', 'h1', ['192.0.2.1'], 60)])
  })

  for (const [what, messages] of [
    ['does not begin with the SOA', [[address(1), SOA, SOA]]],
    ['has records after its end', [[SOA, address(1), SOA, address(2)]]],
    ['is empty', [[]]],
  ] as const)
    test(`that ${what} throws`, async () => {
      await expect(read({ messages })).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('is not whole'),
      })
    })

  test('whose ends have different serials was changed under way, and throws', async () => {
    const later: Answer = { ...SOA, data: { ...SOA.data, serial: 2 } }
    await expect(read({ messages: [[SOA, address(1)], [later]] })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('begins with the serial 1 and ends with 2'),
    })
  })

  for (const [what, limits] of [
    ['records', { records: 100 }],
    ['octets', { octets: 5000 }],
    ['seconds', { seconds: 0 }],
  ] as const)
    test(`that goes on for more ${what} than any zone is given up`, async () => {
      fake = await startFakeTransfer({ key, messages: stream(250) })
      const server = plugin.options({ host: fake.host, port: fake.port, key_name: key.name, key_secret: key.secret })
      const transfer = readZone({
        server,
        connections: connectionsTo(server),
        zone: 'example.com.' as Name,
        signal: never,
        limits: { ...TRANSFER_LIMITS, ...limits },
      })
      await expect(transfer).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('does not end'),
        where: { zone: 'example.com.' },
      })
    })

  test('that trickles is given up: a message that has begun must come whole in time', async () => {
    let timer: NodeJS.Timeout | undefined
    const trickle = createServer((socket) => {
      socket.on('error', () => {})
      socket.write(Buffer.of(0xff, 0xff))
      timer = setInterval(() => socket.write(Buffer.of(0)), 20)
    })
    trickle.listen(0, '127.0.0.1')
    await once(trickle, 'listening')
    try {
      const provider = await connectTo(
        { host: '127.0.0.1', port: (trickle.address() as AddressInfo).port, key },
        { timeout: 0.3 },
      )
      await expect(provider.read('example.com.' as Name, never)).rejects.toMatchObject({ code: 'timeout' })
    } finally {
      clearInterval(timer)
      trickle.close()
    }
  })

  test('with a shortened signature is not believed', async () => {
    const tamper = (message: Buffer): Buffer => {
      const tsig = tsigOf(decodeMessage(message))
      const at = message.indexOf(tsig?.mac as Buffer)
      const short = Buffer.concat([message.subarray(0, at + 16), message.subarray(at + 32)])
      short.writeUInt16BE(16, at - 2)
      short.writeUInt16BE(
        short.readUInt16BE((tsig?.start as number) + key.name.length + 2 + 8) - 16,
        (tsig?.start as number) + key.name.length + 2 + 8,
      )
      return short
    }
    await expect(read({ messages: stream(3), tamper })).rejects.toMatchObject({
      code: 'authentication',
      message: expect.stringContaining('its signature is wrong'),
    })
  })

  test('whose message comes a second time is not believed', async () => {
    let second: Buffer | undefined
    const tamper = (message: Buffer, index: number): Buffer => {
      if (index === 1) second = message
      return index === 2 ? (second as Buffer) : message
    }
    await expect(read({ messages: stream(4), tamper })).rejects.toMatchObject({
      code: 'authentication',
      message: expect.stringContaining('its signature is wrong'),
    })
  })

  test('with a TTL over 31 bits counts it as 0 (RFC 2181 §8)', async () => {
    const forever: Answer = { name: 'x.example.com', type: 'A', ttl: 2 ** 31, data: '192.0.2.1' }
    expect(await read({ messages: [[SOA, forever, SOA]] })).toEqual([a('example.com.', 'x', ['192.0.2.1'], 0)])
  })

  test('that never ends is given up', async () => {
    await expect(read({ messages: [[SOA, address(1)]] })).rejects.toMatchObject({ code: 'timeout' })
  })

  test('that answers another question is not believed', async () => {
    const transfer: Omit<FakeTransfer, 'key'> = {
      messages: stream(3),
      tamper: (message) => {
        message.writeUInt16BE(message.readUInt16BE(0) ^ 1, 0)
        return message
      },
    }
    await expect(read(transfer)).rejects.toMatchObject({ code: 'authentication' })
  })

  test('whose TTLs differ within an RRset counts the lowest (RFC 2181 §5.2)', async () => {
    const two: Answer[] = [
      { name: 'x.example.com', type: 'A', ttl: 300, data: '192.0.2.2' },
      { name: 'X.example.com', type: 'A', ttl: 60, data: '192.0.2.1' },
    ]
    expect(await read({ messages: [[SOA, ...two, SOA]] })).toEqual([
      a('example.com.', 'x', ['192.0.2.1', '192.0.2.2'], 60),
    ])
  })
})
