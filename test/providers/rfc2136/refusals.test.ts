import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { type DnsServer, newKey, type ServerKind } from '../../servers/dns-server.js'
import { freePort } from '../../servers/server-process.js'
import { connectTo } from './connect-to.js'
import { startFake } from './fake.js'
import { freshZone, onEachServer } from './on-each-server.js'
import { a, create, never, txt, update } from './rrsets.js'

afterEach(() => {
  vi.useRealTimers()
})

/** The failure of reading, which throws, and of writing, which does not. */
async function failuresOf(provider: Provider, zone: string) {
  const read = await provider.read(zone as Name, never).then(
    () => undefined,
    (error: unknown) => error,
  )
  const written = await provider.write(zone as Name, [create(a(zone, 'mail', ['192.0.2.1']))], never)
  expect(written.applied).toEqual([])
  expect(written.uncertain).toBeUndefined()
  return { read, write: written.failure }
}

function setClock(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

async function servedZone(server: DnsServer, settings?: string): Promise<string> {
  const zone = freshZone()
  await server.addZone(zone, [], settings)
  return zone
}

const settings = {
  transferOnly: {
    bind: 'allow-transfer { key "mailsync-test"; }; allow-update { none; };',
    knot: 'acl: transfer-only',
    powerdns: 'TSIG-ALLOW-AXFR=mailsync-test TSIG-ALLOW-DNSUPDATE=another-key',
  },
  updateOnly: {
    bind: 'allow-transfer { none; }; allow-update { key "mailsync-test"; };',
    knot: 'acl: update-only',
    powerdns: 'TSIG-ALLOW-DNSUPDATE=mailsync-test',
  },
} satisfies Record<string, Record<ServerKind, string>>

// Knot answers BADKEY where its acl does not let a key do this.
const deniedCode = { bind: 'permission', knot: 'authentication', powerdns: 'permission' }

onEachServer('refusals', (server, kind) => {
  // PowerDNS has no word for what is wrong with a key.
  const keyCode = (code: RegExp): RegExp => (kind === 'powerdns' ? /^(NOTAUTH|REFUSED)$/ : code)
  test('a wrong secret is told as such, without showing it', async () => {
    const zone = await servedZone(server())
    const secret = newKey().secret
    const { read, write } = await failuresOf(await connectTo(server(), { key_secret: secret }), zone)
    for (const failure of [read, write]) {
      expect(failure).toMatchObject({
        name: 'MailsyncError',
        code: 'authentication',
        apiCode: expect.stringMatching(keyCode(/^BADSIG$/)),
        where: { zone },
        hint: expect.stringContaining('key_secret'),
      })
      expect(JSON.stringify(failure) + String(failure)).not.toContain(secret)
      expect(JSON.stringify(failure) + String(failure)).not.toContain(server().key.secret)
    }
  })

  test('a key the server does not know is named', async () => {
    const zone = await servedZone(server())
    const { read, write } = await failuresOf(await connectTo(server(), { key_name: 'nobodys-key' }), zone)
    for (const failure of [read, write])
      expect(failure).toMatchObject({
        code: 'authentication',
        apiCode: expect.stringMatching(keyCode(/^BADKEY$/)),
        message: expect.stringContaining('nobodys-key'),
        hint: expect.stringContaining('key_name'),
      })
  })

  test('the wrong algorithm for a key is a key the server does not know', async () => {
    const zone = await servedZone(server())
    const { read, write } = await failuresOf(await connectTo(server(), { key_algorithm: 'hmac-sha512' }), zone)
    for (const failure of [read, write])
      expect(failure).toMatchObject({
        code: 'authentication',
        apiCode: expect.stringMatching(keyCode(/^BAD(KEY|SIG)$/)),
        message: expect.stringContaining('hmac-sha512'),
      })
  })

  for (const [seconds, words] of [
    [3600, 'ahead of'],
    [-7200, 'behind'],
  ] as const)
    test(`a clock ${seconds} seconds off is told with the difference`, async () => {
      const zone = await servedZone(server())
      setClock(seconds)
      const { read, write } = await failuresOf(await connectTo(server()), zone)
      for (const failure of [read, write]) {
        expect(failure).toMatchObject({
          code: 'authentication',
          apiCode: expect.stringMatching(keyCode(/^BADTIME$/)),
          hint: expect.stringContaining('clocks'),
        })
        if (kind === 'powerdns') continue
        const told = /clock is (\d+) seconds (ahead of|behind)/.exec((failure as Error).message)
        expect(told?.[2]).toBe(words)
        expect(Math.abs(Number(told?.[1]) - Math.abs(seconds))).toBeLessThan(30)
      }
    })

  test('a clock four minutes off is within what TSIG allows', async () => {
    const zone = await servedZone(server())
    setClock(240)
    const provider = await connectTo(server())
    const change = create(a(zone, 'mail', ['192.0.2.1']))
    expect(await provider.write(zone as Name, [change], never)).toEqual({ applied: [change] })
    expect(await provider.read(zone as Name, never)).toContainEqual(change.kind === 'create' && change.after)
  })

  test('a zone that is not served is told apart from a wrong key', async () => {
    const { read, write } = await failuresOf(await connectTo(server()), 'not-served.example.')
    for (const failure of [read, write])
      expect(failure).toMatchObject({ code: 'zone-not-found', message: expect.stringContaining('not-served.example.') })
  })

  test('a transfer that is refused says how to allow it', async () => {
    const zone = await servedZone(server(), settings.updateOnly[kind])
    await expect((await connectTo(server())).read(zone as Name, never)).rejects.toMatchObject({
      code: deniedCode[kind],
      hint: expect.stringContaining('allow-transfer { key "mailsync-test"; }'),
    })
  })

  test('an update that is refused says how to allow it', async () => {
    const zone = await servedZone(server(), settings.transferOnly[kind])
    const provider = await connectTo(server())
    await expect(provider.read(zone as Name, never)).resolves.toHaveLength(1)
    const { failure } = await provider.write(zone as Name, [create(a(zone, 'mail', ['192.0.2.1']))], never)
    expect(failure).toMatchObject({ code: deniedCode[kind], hint: expect.stringContaining('allow-update') })
  })

  test('no key at all is told where the server wants one', async () => {
    const zone = await servedZone(server())
    const { host, port } = server()
    const provider = await connectTo(server(), { host, port, key_name: undefined, key_secret: undefined })
    const { read, write } = await failuresOf(provider, zone)
    for (const failure of [read, write])
      expect(failure).toMatchObject({ hint: expect.stringContaining('no TSIG key is configured') })
  })

  test('a name outside the zone is not written', async () => {
    const zone = await servedZone(server())
    const outside = create(a('elsewhere.example.', 'mail', ['192.0.2.1']))
    const { applied, failure } = await (await connectTo(server())).write(zone as Name, [outside], never)
    expect(applied).toEqual([])
    expect(failure).toMatchObject({ code: 'rejected', apiCode: 'NOTZONE' })
  })
})

onEachServer(
  'PowerDNS',
  (server) => {
    test('takes TXT values that differ only in case for one, and is told so', async () => {
      const zone = await servedZone(server())
      await server().addZone(zone, '@ 3600 TXT "Token"\n@ 3600 TXT "token"')
      const provider = await connectTo(server())
      const before = txt(zone, '@', ['Token', 'token'])
      const change = update(before, txt(zone, '@', [...before.rdata, 'v=spf1 -all']))
      const { applied, failure } = await provider.write(zone as Name, [change], never)
      expect(applied).toEqual([])
      expect(failure).toMatchObject({
        code: 'rejected',
        message: expect.stringContaining('differ only in case'),
        hint: expect.stringContaining('6914'),
        where: { zone, record: `${zone} TXT` },
      })
    })

    test('has an ALIAS in the way of addresses, which the plan says', async () => {
      const zone = await servedZone(server())
      await server().addZone(zone, '@ 300 ALIAS www.example.net.')
      const held = zoneWith(zone as Name, await (await connectTo(server())).read(zone as Name, never))
      expect(held.inTheWay(zone as Name, 'A')).toEqual([{ kind: 'alias', type: 'ALIAS' }])
      expect(held.inTheWay(zone as Name, 'MX')).toEqual([])
    })
  },
  ['powerdns'],
)

onEachServer(
  'update-policy',
  (server) => {
    test('a name that the policy does not grant takes the whole message with it', async () => {
      const policy = 'update-policy { grant mailsync-test zonesub TXT; }; allow-transfer { key "mailsync-test"; };'
      const zone = await servedZone(server(), policy)
      const { applied, failure } = await (await connectTo(server())).write(
        zone as Name,
        [create({ type: 'TXT', name: zone as Name, ttl: 60, rdata: ['x'] }), create(a(zone, 'mail', ['192.0.2.1']))],
        never,
      )
      expect(applied).toEqual([])
      expect(failure).toMatchObject({ code: 'permission', hint: expect.stringContaining('update-policy') })
      expect(await server().dig('+short', zone, 'TXT')).toBe('')
    })

    test('an MX whose target in the zone has no address is refused, and the hint knows why', async () => {
      const zone = await servedZone(server())
      const mx = create({
        type: 'MX',
        name: zone as Name,
        ttl: 60,
        rdata: [{ preference: 10, exchange: `mail.${zone}` as Name }],
      })
      const provider = await connectTo(server())
      const { failure } = await provider.write(zone as Name, [mx], never)
      expect(failure).toMatchObject({ code: 'permission', hint: expect.stringContaining('check-integrity') })
      const together = [mx, create(a(zone, 'mail', ['192.0.2.1']))]
      expect(await provider.write(zone as Name, together, never)).toEqual({ applied: together })
    })
  },
  ['bind'],
)

describe('a server that cannot be talked to', () => {
  const key = newKey()
  const zone = 'example.com.'

  test('is told apart: nothing listens there', async () => {
    const provider = await connectTo({ host: '127.0.0.1', port: await freePort(), key })
    const { read, write } = await failuresOf(provider, zone)
    for (const failure of [read, write])
      expect(failure).toMatchObject({ code: 'unavailable', apiCode: 'ECONNREFUSED', where: { zone } })
  })

  test('is told apart: the host name does not resolve', async () => {
    const provider = await connectTo({ host: 'no-such-host.invalid', port: 53, key })
    await expect(provider.read(zone as Name, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('no-such-host.invalid'),
    })
  })

  test('is told apart: silence', async () => {
    const fake = await startFake(() => [])
    try {
      const provider = await connectTo({ ...fake, key }, { timeout: 0.2 })
      await expect(provider.read(zone as Name, never)).rejects.toMatchObject({
        code: 'timeout',
        message: expect.stringContaining('silent for 0.2 seconds'),
      })
    } finally {
      fake.close()
    }
  })

  test('is told apart: TLS', async () => {
    const fake = await startFake(() => [Buffer.of(0x15, 3, 1, 0, 2, 2, 22), 'close'])
    try {
      await expect((await connectTo({ ...fake, key })).read(zone as Name, never)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('TLS'),
      })
    } finally {
      fake.close()
    }
  })

  test('is told apart: something that is no DNS', async () => {
    const fake = await startFake(() => [Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'close'])
    try {
      await expect((await connectTo({ ...fake, key })).read(zone as Name, never)).rejects.toMatchObject({
        code: 'unavailable',
      })
    } finally {
      fake.close()
    }
  })

  test('is not asked for its zones', async () => {
    const provider = await connectTo({ host: '127.0.0.1', port: 53, key })
    await expect(provider.zones(never)).rejects.toMatchObject({
      code: 'rejected',
      hint: expect.stringContaining('name the zones in the spec'),
    })
  })
})
