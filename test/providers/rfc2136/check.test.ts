import { expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { connectTo } from './connect-to.js'
import { freshZone, onEachServer } from './on-each-server.js'
import { never } from './rrsets.js'

onEachServer('check', (server, kind) => {
  test('says that the zone can be written, names its servers, and writes nothing', async () => {
    const zone = freshZone()
    await server().addZone(zone, '@ NS ns0.mailsync.test.')
    const before = await server().dig('+short', zone, 'SOA')
    const check = await (await connectTo(server())).check?.(zone as Name, never)
    expect(check).toEqual({
      writable: 'yes',
      nameServers: ['ns0.mailsync.test.', 'ns1.mailsync.test.'],
      remarks: [],
    })
    expect(await server().dig('+short', zone, 'SOA')).toBe(before)
    expect(await server().dig('+noall', '+comments', `_mailsync.${zone}`, 'TXT')).toContain('NXDOMAIN')
  })

  test('fails where the zone is not served', async () => {
    const provider = await connectTo(server())
    await expect(provider.check?.('not-served.example.' as Name, never)).rejects.toMatchObject({
      code: 'zone-not-found',
    })
  })

  test('fails where a name inside a zone is taken for a zone', async () => {
    const zone = freshZone()
    await server().addZone(zone, 'sub 3600 A 192.0.2.1')
    await expect((await connectTo(server())).check?.(`sub.${zone}` as Name, never)).rejects.toMatchObject({
      code: 'zone-not-found',
    })
  })

  test('fails where the secret is wrong', async () => {
    const zone = freshZone()
    await server().addZone(zone)
    const provider = await connectTo(server(), { key_secret: Buffer.from('another secret').toString('base64') })
    await expect(provider.check?.(zone as Name, never)).rejects.toMatchObject({
      code: 'authentication',
      apiCode: kind === 'powerdns' ? 'NOTAUTH' : 'BADSIG',
    })
  })

  if (kind === 'knot')
    test('fails where the key may only transfer, which Knot calls BADKEY', async () => {
      const zone = freshZone()
      await server().addZone(zone, [], 'acl: transfer-only')
      await expect((await connectTo(server())).check?.(zone as Name, never)).rejects.toMatchObject({
        apiCode: 'BADKEY',
        hint: expect.stringContaining('acl'),
      })
    })
})

onEachServer(
  'check',
  (server) => {
    const settings = {
      'the key may only transfer': 'allow-transfer { key "mailsync-test"; }; allow-update { none; };',
      'the policy does not grant mailsync’s own name': 'update-policy { grant mailsync-test name www.x. A; };',
    }
    for (const [title, setting] of Object.entries(settings))
      test(`says that the zone cannot be written where ${title}`, async () => {
        const zone = freshZone()
        await server().addZone(zone, [], setting)
        expect(await (await connectTo(server())).check?.(zone as Name, never)).toEqual({
          writable: 'no',
          nameServers: ['ns1.mailsync.test.'],
          remarks: [expect.stringContaining('update-policy')],
        })
      })

    test('says that the zone can be written where the policy grants it', async () => {
      const zone = freshZone()
      await server().addZone(zone, [], 'update-policy { grant mailsync-test zonesub TXT A AAAA MX PTR; };')
      expect(await (await connectTo(server())).check?.(zone as Name, never)).toMatchObject({ writable: 'yes' })
    })

    test('remarks that nothing is signed', async () => {
      const zone = freshZone()
      await server().addZone(zone, [], 'allow-update { 127.0.0.1; };')
      const provider = await connectTo(server(), { key_name: undefined, key_secret: undefined })
      expect(await provider.check?.(zone as Name, never)).toMatchObject({
        writable: 'yes',
        remarks: [expect.stringContaining('no TSIG key')],
      })
    })
  },
  ['bind'],
)
