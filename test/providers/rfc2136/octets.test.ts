import { expect, test } from 'vitest'
import { diffZone } from '../../../records/diff.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import type { Name } from '../../../records/rr/name.js'
import { type AnyRRset, isKnown, type RRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { connectTo } from './connect-to.js'
import { freshZone, onEachServer } from './on-each-server.js'
import { isUpdate, startProxy } from './proxy.js'
import { a, create, nameIn, never, remove, txt, update } from './rrsets.js'

const withoutNs = (rrsets: readonly AnyRRset[]): RRset[] =>
  rrsets.filter((rrset) => isKnown(rrset)).filter(({ type }) => type !== 'NS')

onEachServer('octets', (server, kind) => {
  const dig = async (name: string, type: string): Promise<string[]> =>
    (await server().dig('+short', '+tcp', name, type)).trim().split('\n').filter(Boolean).sort()

  test('a TXT that is cut into odd strings is read with its cuts, and our change leaves them as they are', async () => {
    const zone = freshZone()
    await server().addZone(zone, '@ 3600 TXT "ver" "ify=" "" "1"\n@ 3600 TXT "v=spf1 " "-all"')
    const provider = await connectTo(server())
    const stranger = ['ver', 'ify=', '', '1']
    const before = txt(zone, '@', [['v=spf1 ', '-all'], stranger])
    expect(withoutNs(await provider.read(zone as Name, never))).toEqual([before])

    const change = update(before, txt(zone, '@', ['v=spf1 ~all', stranger]))
    expect(await provider.write(zone as Name, [change], never)).toEqual({ applied: [change] })
    expect(await dig(zone, 'TXT')).toEqual(['"v=spf1 ~all"', '"ver" "ify=" "" "1"'])
  })

  test('a new TTL and a removal reach values that are cut oddly', async () => {
    const zone = freshZone()
    await server().addZone(zone, 'k1._domainkey 3600 TXT "v=DKIM1; k=rsa; " "p=MIIB"\nk2 3600 TXT "a" "b"')
    const provider = await connectTo(server())
    const key = txt(zone, 'k1._domainkey', [['v=DKIM1; k=rsa; ', 'p=MIIB']])
    const other = txt(zone, 'k2', [['a', 'b']])
    const changes = [update(key, { ...key, ttl: 60 }), remove(other)]
    expect(await provider.write(zone as Name, changes, never)).toEqual({ applied: changes })
    expect(withoutNs(await provider.read(zone as Name, never))).toEqual([{ ...key, ttl: 60 }])
    expect(await dig(`k1._domainkey.${zone}`, 'TXT')).toEqual(['"v=DKIM1; k=rsa; " "p=MIIB"'])
  })

  test('the same text cut in two ways is two values, and each goes alone', async () => {
    const zone = freshZone()
    await server().addZone(zone, '@ 3600 TXT "same"\n@ 3600 TXT "sa" "me"\n@ 3600 TXT "kept"')
    const provider = await connectTo(server())
    const before = txt(zone, '@', ['kept', 'same', ['sa', 'me']])
    expect(withoutNs(await provider.read(zone as Name, never))).toEqual([before])
    const change = update(before, txt(zone, '@', ['kept', ['sa', 'me']]))
    expect(await provider.write(zone as Name, [change], never)).toEqual({ applied: [change] })
    expect(await dig(zone, 'TXT')).toEqual(['"kept"', '"sa" "me"'])
  })

  test('a stranger’s binary value keeps every octet beside our change', async () => {
    const zone = freshZone()
    await server().addZone(zone, '@ 3600 TXT "\\000\\255\\254\\200 \\195( \\"\\\\"\n@ 3600 TXT "v=spf1 -all"')
    const before = await dig(zone, 'TXT')
    const provider = await connectTo(server())
    const [held] = withoutNs(await provider.read(zone as Name, never)) as [RRset & { type: 'TXT' }]
    const after = { ...held, rdata: held.rdata.map((value) => (value === 'v=spf1 -all' ? 'v=spf1 ~all' : value)) }
    const change = update(held, after)
    expect(await provider.write(zone as Name, [change], never)).toEqual({ applied: [change] })
    expect(await dig(zone, 'TXT')).toEqual(before.map((line) => line.replace('-all', '~all')))
    expect(withoutNs(await provider.read(zone as Name, never))).toEqual([after])
  })

  test('strangers’ values are in the prerequisites of the UPDATE, and nowhere in what it writes', async () => {
    const zone = freshZone()
    const before = txt(zone, '@', ['stranger-one', 'stranger-two', 'v=spf1 -all'])
    await server().addZone(zone, [before])
    const proxy = await startProxy(server(), {})
    try {
      const change = update(before, txt(zone, '@', ['stranger-one', 'stranger-two', 'v=spf1 ~all']))
      await (await connectTo(proxy)).write(zone as Name, [change], never)
      expect(proxy.requests).toHaveLength(1)
      const [message] = proxy.requests as [Buffer]
      expect(isUpdate(message)).toBe(true)
      expect(message.readUInt16BE(6)).toBe(3)
      expect(message.readUInt16BE(8)).toBe(2)
      expect(message.toString('latin1').split('stranger-one')).toHaveLength(2)
    } finally {
      proxy.close()
    }
  })

  test('a dot, a backslash, a space and a high octet inside a label stay apart from label borders', async () => {
    const zone = freshZone()
    const names = ['dotted\\.label', 'sp\\032ace\\\\.x', '\\255']
    await server().addZone(zone, names.map((label) => `${label} 3600 TXT "old"`).join('\n'))
    const provider = await connectTo(server())
    const held = withoutNs(await provider.read(zone as Name, never))
    expect(held.map(({ name }) => name).sort()).toEqual(names.map((label) => nameIn(zone, label)).sort())

    const [dotted, spaced, high] = names.map((label) => txt(zone, label, ['old'])) as [RRset, RRset, RRset]
    const changes = [
      update(dotted, txt(zone, 'dotted\\.label', ['new'])),
      remove(spaced),
      create(txt(zone, 'dotted.label', ['another name'])),
    ]
    expect(await provider.write(zone as Name, changes, never)).toEqual({ applied: changes })
    expect(await dig(`dotted\\.label.${zone}`, 'TXT')).toEqual(['"new"'])
    expect(await dig(`dotted.label.${zone}`, 'TXT')).toEqual(['"another name"'])
    expect(withoutNs(await provider.read(zone as Name, never))).toContainEqual(high)
  })

  test('upper case in owners and targets is the same name', async () => {
    const zone = freshZone()
    await server().addZone(zone, 'MAIL 3600 MX 10 MX.Example.NET.\nPtr 3600 PTR Host.Example.NET.')
    const provider = await connectTo(server())
    const mx: RRset = {
      type: 'MX',
      name: nameIn(zone, 'mail'),
      ttl: 3600,
      rdata: [{ preference: 10, exchange: 'mx.example.net.' as Name }],
    }
    const ptr: RRset = { type: 'PTR', name: nameIn(zone, 'ptr'), ttl: 3600, rdata: ['host.example.net.' as Name] }
    expect(withoutNs(await provider.read(zone as Name, never))).toEqual([mx, ptr])
    const other: RRset = { ...mx, rdata: [...mx.rdata, { preference: 20, exchange: 'mx2.example.net.' as Name }] }
    const changes = [update(mx, other), remove(ptr)]
    expect(await provider.write(zone as Name, changes, never)).toEqual({ applied: changes })
    expect(withoutNs(await provider.read(zone as Name, never))).toEqual([other])
    const replaced = update(other, { ...mx, rdata: other.rdata.slice(1) })
    expect(await provider.write(zone as Name, [replaced], never)).toEqual({ applied: [replaced] })
    expect(await dig(`mail.${zone}`, 'MX')).toEqual(['20 mx2.example.net.'])
  })

  test('types that mailsync does not write are seen, and stay', async () => {
    const zone = freshZone()
    const strangers = [
      'www 300 RP www .',
      '@ 3600 SSHFP 4 2 abcd',
      'old 600 DNAME New.Example.NET.',
      'host 3600 TYPE65280 \\# 3 010203',
    ]
    await server().addZone(zone, `${strangers.join('\n')}\nhost 3600 A 192.0.2.1`)
    const provider = await connectTo(server())
    const host = a(zone, 'host', ['192.0.2.1'])
    const held = await provider.read(zone as Name, never)
    expect(withoutNs(held)).toEqual([host])
    expect(
      held.filter((rrset) => !isKnown(rrset)).map(({ name, type, ttl, rdata }) => [name, type, ttl, rdata]),
    ).toEqual(
      expect.arrayContaining([
        [zone, 'SSHFP', 3600, ['\\# 4 0402abcd']],
        [nameIn(zone, 'host'), 'TYPE65280', 3600, ['\\# 3 010203']],
        [nameIn(zone, 'old'), 'DNAME', 600, ['new.example.net.']],
        [nameIn(zone, 'www'), 'RP', 300, [expect.stringMatching(/^\\# \d+ 03777777/)]],
      ]),
    )
    expect(held.map(({ type }) => type)).not.toContain('SOA')
    expect((await provider.write(zone as Name, [remove(host)], never)).failure).toBeUndefined()
    expect(await dig(`host.${zone}`, 'TYPE65280')).toEqual(['\\# 3 010203'])
    expect(await dig(zone, 'SSHFP')).toEqual(['4 2 ABCD'])
  })

  test('a record below a DNAME is refused by the plan', async () => {
    const zone = freshZone() as Name
    await server().addZone(zone, 'sub 600 DNAME elsewhere.example.')
    const provider = await connectTo(server())
    const key: MailRecord = {
      rrset: txt(zone, 's1._domainkey.sub', ['v=DKIM1; p=MIIB']),
      purpose: 'dkim',
      from: ['domains', `sub.${zone}`],
    }
    const { collisions } = diffZone({
      zone: zoneWith(zone, await provider.read(zone, never)),
      desired: [key],
      owner: 'default',
      manifestTtl: 3600,
    })
    expect(collisions).toMatchObject([
      { rule: 'below-dname', message: expect.stringContaining(`the DNAME at sub.${zone}`) },
    ])
  })

  // Knot itself refuses such a record; BIND and PowerDNS take it, so there only the plan tells.
  test('a record into whose way a DNAME has come meanwhile is stale where the server refuses it', async () => {
    const zone = freshZone() as Name
    await server().addZone(zone, 'sub 600 DNAME elsewhere.example.')
    const { applied, failure } = await (await connectTo(server())).write(
      zone,
      [create(a(zone, 'mail.sub', ['192.0.2.1']))],
      never,
    )
    expect(failure?.code).toBe(kind === 'knot' ? 'stale' : undefined)
    expect(applied).toHaveLength(kind === 'knot' ? 0 : 1)
  })

  test('an IPv4 address in an AAAA of a stranger keeps its sixteen octets', async () => {
    const zone = freshZone()
    await server().addZone(zone, 'odd 3600 AAAA ::ffff:192.0.2.1\nodd 3600 AAAA 2001:db8::1')
    const provider = await connectTo(server())
    const before: RRset = {
      type: 'AAAA',
      name: nameIn(zone, 'odd'),
      ttl: 3600,
      rdata: ['2001:db8::1', '::ffff:192.0.2.1'],
    }
    expect(withoutNs(await provider.read(zone as Name, never))).toEqual([before])
    const change = update(before, { ...before, rdata: ['2001:db8::2', '::ffff:192.0.2.1'] })
    expect(await provider.write(zone as Name, [change], never)).toEqual({ applied: [change] })
    expect(await dig(`odd.${zone}`, 'AAAA')).toEqual(['2001:db8::2', '::ffff:192.0.2.1'])
  })
})
