import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { never } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/manual/index.js'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import type { Place } from '../../../records/rr/zone.js'
import { missingServer, serverAvailable } from '../../servers/dns-server.js'
import { type DnsTree, startDnsTree } from '../../servers/dns-tree.js'
import { replyTo, type Script, startScriptedDns } from '../../servers/scripted-dns.js'

const ZONE = 'example.com.' as Name
const [TLD, ONE, TWO] = ['127.0.0.6', '127.0.0.7', '127.0.0.8']
const place = (name: string, type: Place['type']): Place => ({ name: `${name}.${ZONE}` as Name, type })

async function connected(options: object): Promise<Provider> {
  return plugin.connect(plugin.options(options), { directory: '/', zones: [ZONE] })
}

describe('the options', () => {
  test.each([
    [
      { servers: '192.0.2.1, ns1.example.net:5353' },
      [
        ['192.0.2.1', 53],
        ['ns1.example.net.', 5353],
      ],
    ],
    [{ servers: ['[2001:db8::1]:54'] }, [['2001:db8::1', 54]]],
  ])('take servers as %j', (input, expected) => {
    expect(plugin.options(input)).toMatchObject({ servers: expected.map(([host, port]) => ({ host, port })) })
  })

  test('say everything that is wrong', () => {
    const wrong = { servers: ['https://dns.example', '192.0.2.1:0'], resolver: 'x', port: 70_000, token: 't' }
    expect(() => plugin.options(wrong)).toThrow(
      expect.objectContaining({ issues: Array.from({ length: 5 }, () => expect.anything()) }),
    )
  })
})

if (!serverAvailable('bind')) {
  describe.skip(missingServer('bind'), () => test('delegations on BIND', () => {}))
} else {
  describe('the servers that a zone is delegated to', () => {
    const NS = '@ NS ns1\n@ NS ns2\nns1 A 127.0.0.7\nns2 A 127.0.0.8\n'
    let tree: DnsTree
    beforeAll(async () => {
      tree = await startDnsTree({
        [TLD]: {
          'com.': `@ NS ns.tld\nns.tld A ${TLD}\nexample NS ns1.example\nexample NS ns2.example\nns1.example A ${ONE}\nns2.example A ${TWO}\nlame NS ns1.example\n`,
        },
        [ONE]: {
          'example.com.': `${NS}mail A 192.0.2.1\nalias CNAME mail\nsub NS ns.elsewhere.example.\n*.wild A 192.0.2.9\n`,
        },
        [TWO]: {
          'example.com.': `${NS}mail A 192.0.2.2\nalias CNAME mail\nsub NS ns.elsewhere.example.\n*.wild A 192.0.2.9\n`,
        },
      })
    })
    afterAll(() => tree.stop())
    const manual = (): Promise<Provider> =>
      connected({ resolver: `${tree.resolver.host}:${tree.resolver.port}`, port: tree.port })

    test('are each asked for what is wanted, and for nothing else', async () => {
      const provider = await manual()
      const views = await provider.views?.(ZONE, never, [place('mail', 'A'), place('none', 'MX')])
      expect(views).toMatchObject([
        { server: expect.stringMatching(/^ns1\.example\.com \(127\.0\.0\.7 /), negativeTtl: 60 },
        { server: expect.stringMatching(/^ns2\.example\.com \(127\.0\.0\.8 /), negativeTtl: 60 },
      ])
      expect(views?.map(({ rrsets }) => rrsets.map(({ rdata }) => rdata))).toEqual([[['192.0.2.1']], [['192.0.2.2']]])
      await provider.close?.()
    })

    test('show what is in the way, and a wildcard apart from records', async () => {
      const provider = await manual()
      const places = [place('alias', 'A'), place('host.sub', 'A'), place('x.wild', 'A')]
      const [view] = (await provider.views?.(ZONE, never, places)) ?? []
      expect(view?.rrsets.map(({ name, type }) => `${name} ${type}`)).toEqual([
        'alias.example.com. CNAME',
        'sub.example.com. NS',
      ])
      expect(view?.synthesized).toMatchObject([{ name: 'x.wild.example.com.', rdata: ['192.0.2.9'] }])
      expect(await provider.read(ZONE, never, places)).toHaveLength(2)
      await provider.close?.()
    })

    test('are none where the zone is no zone', async () => {
      const provider = await manual()
      await expect(provider.read('mail.example.com.' as Name, never)).rejects.toMatchObject({
        code: 'zone-not-found',
        message: 'mail.example.com. is no zone: no name server has it, and its name lies in example.com.',
      })
      await provider.close?.()
    })

    test('are named by a check', async () => {
      const provider = await manual()
      expect(await provider.check?.(ZONE, never)).toEqual({
        writable: 'by-hand',
        nameServers: ['ns1.example.com.', 'ns2.example.com.'],
        remarks: [],
      })
      await provider.close?.()
    })
  })
}

describe('a server that does not answer as it should', () => {
  const soa = {
    type: 'SOA',
    name: 'example.com',
    ttl: 60,
    data: { mname: 'a.example', rname: 'b.example', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60 },
  } as const
  const good: Script = (query) =>
    replyTo(query, query.type === 'SOA' ? { answers: [soa] } : { rcode: 3, authorities: [soa] })

  test.concurrent.each([
    [
      'refuses one question',
      (query) => (query.type === 'A' ? replyTo(query, { rcode: 5 }) : good(query)),
      'unavailable',
      'answers REFUSED',
    ],
    [
      'is no authority for the zone',
      (query) => replyTo(query, { authoritative: false }),
      'zone-not-found',
      'is no authority for example.com.',
    ],
    ['fails', (query) => replyTo(query, { rcode: 2 }), 'unavailable', 'answers SERVFAIL'],
    ['answers another question', (query) => replyTo(query, { name: 'evil.example' }), 'unavailable', 'does not answer'],
    ['answers with another id', (query) => replyTo(query, { id: query.id ^ 1 }), 'unavailable', 'does not answer'],
    ['is silent', () => undefined, 'unavailable', 'does not answer'],
    [
      'is silent once it has shown its zone',
      (query) => (query.type === 'SOA' ? good(query) : undefined),
      'timeout',
      'does not answer',
    ],
    [
      'cuts its answers off, over TCP too',
      (query) => (query.type === 'SOA' ? good(query) : replyTo(query, { truncated: true })),
      'unavailable',
      'TCP',
    ],
    [
      'cuts its answers off, and ends the connection over TCP',
      (query) =>
        query.type === 'SOA'
          ? good(query)
          : query.over === 'tcp'
            ? Buffer.alloc(0)
            : replyTo(query, { truncated: true }),
      'unavailable',
      'TCP',
    ],
  ] as readonly [string, Script, string, string][])('%s: nothing is planned', async (_, script, code, message) => {
    const server = await startScriptedDns(script)
    const provider = await connected({ servers: [`${server.host}:${server.port}`] })
    const failure = await provider.read(ZONE, never, [place('mail', 'A')]).catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'MailsyncError', code, message: expect.stringContaining(message) })
    expect(failure).toMatchObject({ hint: expect.stringMatching(/./) })
    await provider.close?.()
    server.close()
  })

  test('whose port is closed: nothing is planned', async () => {
    const server = await startScriptedDns(good)
    server.close()
    const provider = await connected({ servers: [`${server.host}:${server.port}`] })
    await expect(provider.read(ZONE, never, [place('mail', 'A')])).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`port ${server.port}`),
      hint: expect.stringMatching(/./),
    })
    await provider.close?.()
  })

  const held = { type: 'A', name: 'mail.example.com', ttl: 300, data: '192.0.2.10' } as const
  const evil = { ...held, data: '192.0.2.66' } as const
  const whole: Script = (query) => (query.type === 'A' ? replyTo(query, { answers: [held] }) : good(query))
  test.concurrent.each([
    ['answers only after a second', (query) => ({ octets: whole(query) as Buffer, after: 1000 })],
    ['loses every first question', losing(whole)],
    [
      'cuts off what does not fit, and says it over TCP',
      (query) =>
        query.type === 'A' && query.over === 'udp' ? replyTo(query, { answers: [], truncated: true }) : whole(query),
    ],
    [
      'is outrun by an answer with another id',
      (query) =>
        query.type === 'A'
          ? [replyTo(query, { id: query.id ^ 1, answers: [evil] }), whole(query) as Buffer]
          : whole(query),
    ],
    [
      'is outrun by an answer to another question',
      (query) =>
        query.type === 'A'
          ? [replyTo(query, { name: 'evil.example', answers: [evil] }), whole(query) as Buffer]
          : whole(query),
    ],
    [
      'is outrun by an answer from another port',
      (query) =>
        query.type === 'A'
          ? [{ octets: replyTo(query, { answers: [evil] }), fromElsewhere: true }, whole(query) as Buffer]
          : whole(query),
    ],
  ] as readonly [string, Script][])('and %s, is read as it is', async (_, script) => {
    const server = await startScriptedDns(script)
    const provider = await connected({ servers: [`${server.host}:${server.port}`] })
    const rrsets = await provider.read(ZONE, never, [place('mail', 'A')])
    expect(rrsets).toMatchObject([{ name: 'mail.example.com.', type: 'A', rdata: ['192.0.2.10'] }])
    await provider.close?.()
    server.close()
  })

  test('that is one of two has the zone fail, by its name', async () => {
    const [right, wrong] = [
      await startScriptedDns(good),
      await startScriptedDns((query) => replyTo(query, { rcode: 5 })),
    ]
    const provider = await connected({ servers: [right, wrong].map(({ host, port }) => `${host}:${port}`) })
    await expect(provider.read(ZONE, never, [place('mail', 'A')])).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        new RegExp(`^not every server of example.com. answers: .*port ${wrong.port}.* answers REFUSED`),
      ),
      hint: expect.stringContaining('name those that count under servers:'),
    })
    await provider.close?.()
    right.close()
    wrong.close()
  })
})

/** Drops a question when it comes for the first time. */
function losing(script: Script): Script {
  const seen = new Set<string>()
  return (query) => {
    const key = `${query.name} ${query.type}`
    if (seen.has(key)) return script(query)
    seen.add(key)
    return undefined
  }
}
