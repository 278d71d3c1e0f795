import { afterEach, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { Change } from '../../../records/rr/rrset.js'
import { connectTo } from './connect-to.js'
import { freshZone, onEachServer } from './on-each-server.js'
import { type DnsProxy, isUpdate, type ProxyRules, rcodeOf, startProxy, withAnotherKey, withoutTsig } from './proxy.js'
import { a, create, never, txt } from './rrsets.js'

let proxy: DnsProxy | undefined
afterEach(() => {
  proxy?.close()
  proxy = undefined
})

/** So many octets of changes that they take two UPDATE messages. */
function twoMessages(zone: string): Change[] {
  return Array.from({ length: 200 }, (_, index) =>
    create(txt(zone, `t${index}`, [`${index}`.repeat(150).slice(0, 400)])),
  )
}

onEachServer('a lost reply', (server) => {
  const open = async (rules: ProxyRules, options = {}) => {
    proxy = await startProxy(server(), rules)
    return connectTo(proxy, options)
  }
  const served = async (): Promise<Name> => {
    const zone = freshZone()
    await server().addZone(zone)
    return zone as Name
  }
  const mail = (zone: string): Change => create(a(zone, 'mail', ['192.0.2.1']))

  test('of an UPDATE that was carried out is made good by looking', async () => {
    const zone = await served()
    const provider = await open({ onReply: (reply) => (isUpdate(reply) ? 'close' : reply) })
    expect(await provider.write(zone, [mail(zone)], never)).toEqual({ applied: [mail(zone)] })
  })

  test('that never comes is waited for as long as `timeout` says, then looked for', async () => {
    const zone = await served()
    const provider = await open({ onReply: (reply) => (isUpdate(reply) ? 'lose' : reply) }, { timeout: 0.3 })
    expect(await provider.write(zone, [mail(zone)], never)).toEqual({ applied: [mail(zone)] })
  })

  test('of an UPDATE that never arrived leaves the change uncertain', async () => {
    const zone = await served()
    const provider = await open({ onRequest: (request) => (isUpdate(request) ? 'close' : request) })
    expect(await provider.write(zone, [mail(zone)], never)).toMatchObject({
      applied: [],
      uncertain: [mail(zone)],
      failure: { code: 'unavailable', where: { zone }, hint: expect.stringContaining('plan again') },
    })
  })

  test('leaves the change uncertain where the server cannot be asked any more', async () => {
    const zone = await served()
    const provider = await open({
      onReply: (reply) => {
        if (!isUpdate(reply)) return reply
        proxy?.refuse()
        return 'close'
      },
    })
    expect(await provider.write(zone, [mail(zone)], never)).toMatchObject({
      applied: [],
      uncertain: [mail(zone)],
      failure: { code: 'unavailable' },
    })
  })

  /** Success, said by somebody who does not know the secret, of an UPDATE that the server refused. */
  const forgeries: Record<string, (refusal: Buffer) => Buffer> = {
    'without a signature': (refusal) => withoutTsig(refusal),
    'beside the words that the key is not known': (refusal) => refusal,
  }
  for (const [how, forge] of Object.entries(forgeries))
    test(`that is forged is not believed: success ${how}`, async () => {
      const zone = await served()
      const provider = await open({
        onRequest: (request) => (isUpdate(request) ? withAnotherKey(request) : request),
        onReply: (reply) => {
          if (!isUpdate(reply)) return reply
          const forged = Buffer.from(forge(reply))
          forged.writeUInt8(forged.readUInt8(3) & 0xf0, 3)
          return forged
        },
      })
      expect(await provider.write(zone, [mail(zone)], never)).toMatchObject({
        applied: [],
        uncertain: [mail(zone)],
        failure: { code: 'authentication', message: expect.stringContaining('is not believed') },
      })
    })

  test('that is tampered with is not believed, and looking finds what was done', async () => {
    const zone = await served()
    const provider = await open({
      onReply: (reply) => {
        if (!isUpdate(reply)) return reply
        const tampered = Buffer.from(reply)
        tampered.writeUInt8(tampered.readUInt8(tampered.length - 20) ^ 1, tampered.length - 20)
        return tampered
      },
    })
    expect(await provider.write(zone, [mail(zone)], never)).toEqual({ applied: [mail(zone)] })
  })

  test('of the second of two messages leaves only that one uncertain', async () => {
    const zone = await served()
    let updates = 0
    const provider = await open({
      onRequest: (request) => (isUpdate(request) && ++updates === 2 ? 'close' : request),
    })
    const changes = twoMessages(zone)
    expect(provider.batches?.(zone, changes)).toBe(2)
    const { applied, uncertain, failure } = await provider.write(zone, changes, never)
    expect(failure).toMatchObject({ code: 'unavailable' })
    expect([...applied, ...(uncertain ?? [])]).toEqual(changes)
    const now = await (await connectTo(server())).read(zone, never)
    expect(now.filter(({ type }) => type === 'TXT')).toHaveLength(applied.length)
  })
})

onEachServer('a connection that was used before', (server) => {
  const zoneRead = async (rules: ProxyRules) => {
    const zone = freshZone() as Name
    await server().addZone(zone)
    proxy = await startProxy(server(), rules)
    const provider = await connectTo(proxy)
    await provider.read(zone, never)
    return { zone, provider, change: create(a(zone, 'mail', ['192.0.2.1'])) }
  }

  test('takes the UPDATE too', async () => {
    const { zone, provider, change } = await zoneRead({})
    expect(await provider.write(zone, [change], never)).toEqual({ applied: [change] })
    expect(proxy?.connections()).toBe(1)
  })

  test('and takes the answer to a done UPDATE with it: the UPDATE is sent again, and nothing is done twice', async () => {
    let updates = 0
    const { zone, provider, change } = await zoneRead({
      onReply: (reply) => (isUpdate(reply) && ++updates === 1 ? 'close' : reply),
    })
    expect(await provider.write(zone, [change], never)).toEqual({ applied: [change] })
    expect(proxy?.requests.filter(isUpdate)).toHaveLength(2)
    const [first, second] = (proxy?.replies ?? []).filter(isUpdate).map(rcodeOf)
    expect(first).toBe(0)
    expect(second).not.toBe(0)
  })

  test('and is closed before the UPDATE arrives: it is made over another', async () => {
    let updates = 0
    const { zone, provider, change } = await zoneRead({
      onRequest: (request) => (isUpdate(request) && ++updates === 1 ? 'close' : request),
    })
    expect(await provider.write(zone, [change], never)).toEqual({ applied: [change] })
    expect(proxy?.connections()).toBe(2)
  })

  test('and fails where somebody is quicker than the second attempt: uncertain, as the first may have been done', async () => {
    let updates = 0
    const { zone, provider, change } = await zoneRead({
      onRequest: async (request) => {
        if (!isUpdate(request) || ++updates > 1) return request
        await server().edit([a(zone, 'mail', ['192.0.2.9'])])
        return 'close'
      },
    })
    expect(await provider.write(zone, [change], never)).toMatchObject({
      applied: [],
      uncertain: [change],
      failure: { code: 'stale' },
    })
  })
})

onEachServer('a server that dies', (server) => {
  test('with our UPDATE on its way leaves it uncertain, and the next run goes on from there', async () => {
    const zone = freshZone() as Name
    await server().addZone(zone)
    proxy = await startProxy(server(), {
      onRequest: async (request) => {
        if (isUpdate(request)) await server().kill('SIGKILL')
        return request
      },
    })
    const change = create(a(zone, 'mail', ['192.0.2.1']))
    const provider = await connectTo(proxy)
    expect(await provider.write(zone, [change], never)).toMatchObject({
      applied: [],
      uncertain: [change],
      failure: { code: 'unavailable' },
    })
    await server().restart()
    const again = await connectTo(server())
    expect((await again.read(zone, never)).filter(({ type }) => type === 'A')).toEqual([])
    expect(await again.write(zone, [change], never)).toEqual({ applied: [change] })
  })

  test('between two messages leaves the first one done and the second one uncertain', async () => {
    const zone = freshZone() as Name
    await server().addZone(zone)
    let updates = 0
    proxy = await startProxy(server(), {
      onRequest: async (request) => {
        if (isUpdate(request) && ++updates === 2) await server().kill('SIGKILL')
        return request
      },
    })
    const changes = twoMessages(zone)
    const { applied, uncertain, failure } = await (await connectTo(proxy)).write(zone, changes, never)
    expect(applied.length).toBeGreaterThan(0)
    expect(applied.length).toBeLessThan(changes.length)
    expect([...applied, ...(uncertain ?? [])]).toEqual(changes)
    expect(failure).toMatchObject({ code: 'unavailable' })
    await server().restart()
    const now = await (await connectTo(server())).read(zone, never)
    expect(now.filter(({ type }) => type === 'TXT')).toHaveLength(applied.length)
  })
})

onEachServer('Ctrl-C', (server) => {
  test('lets the message in flight finish and starts no other', async () => {
    const zone = freshZone() as Name
    await server().addZone(zone)
    const stop = new AbortController()
    proxy = await startProxy(server(), {
      onRequest: (request) => {
        if (isUpdate(request)) stop.abort()
        return request
      },
    })
    const changes = twoMessages(zone)
    const { applied, uncertain, failure } = await (await connectTo(proxy)).write(zone, changes, stop.signal)
    expect(applied.length).toBeGreaterThan(0)
    expect(applied.length).toBeLessThan(changes.length)
    expect(uncertain).toBeUndefined()
    expect(failure).toMatchObject({ code: 'cancelled' })
    expect(proxy.requests.filter(isUpdate)).toHaveLength(1)
    const now = await (await connectTo(server())).read(zone, never)
    expect(now.filter(({ type }) => type === 'TXT')).toHaveLength(applied.length)
  })

  test('ends a read at once', async () => {
    const zone = freshZone() as Name
    await server().addZone(zone)
    const stop = new AbortController()
    proxy = await startProxy(server(), {
      onReply: () => {
        stop.abort()
        return 'lose'
      },
    })
    await expect((await connectTo(proxy)).read(zone, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  })
})
