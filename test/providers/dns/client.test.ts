import type { Answer } from 'dns-packet'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type AskOptions,
  type DnsClient,
  type DnsClientOptions,
  dnsClient,
} from '../../../providers/dns/client/client.js'
import { publicDns } from '../../../providers/dns/client/public-dns.js'
import type { ServerAddress } from '../../../providers/dns/server.js'
import { parseServer } from '../../../providers/dns/server.js'
import type { Name } from '../../../records/rr/name.js'
import {
  replyTo,
  type Script,
  type ScriptedDns,
  type ScriptedQuery,
  startScriptedDns,
} from '../../servers/scripted-dns.js'

const NAME = 'example.com.' as Name
const MX = { name: NAME, type: 'MX' }
/** Long enough for a machine with much to do. */
const PATIENT: DnsClientOptions = { timeout: 10, tries: 3 }
/** For servers that are to be silent once. */
const ONE_SECOND: DnsClientOptions = { timeout: 1, tries: 3 }

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function given(script: Script, options = PATIENT): Promise<{ server: ScriptedDns; client: DnsClient }> {
  const server = await startScriptedDns(script)
  const client = dnsClient(options)
  closing.push(client.close, server.close)
  return { server, client }
}

const rightAnswer = (query: ScriptedQuery): Buffer =>
  replyTo(query, {
    answers: [{ type: 'MX', name: 'EXAMPLE.com', ttl: 60, data: { preference: 10, exchange: 'Mail.example.com' } }],
  })
const forgedAnswer = (query: ScriptedQuery, more = {}): Buffer =>
  replyTo(query, {
    answers: [{ type: 'MX', name: 'example.com', ttl: 60, data: { preference: 0, exchange: 'evil.example' } }],
    ...more,
  })
const SOA = { mname: 'a', rname: 'b', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 }
const RIGHT = [{ type: 'MX', name: NAME, ttl: 60, rdata: [{ preference: 10, exchange: 'mail.example.com.' }] }]

function asking(client: DnsClient, server: ServerAddress, options?: AskOptions) {
  return client.ask({ host: server.host, port: server.port }, MX, options)
}

describe('an answer', () => {
  test('is told in the words of mailsync, with what the server says of itself', async () => {
    const { server, client } = await given((query) =>
      replyTo(query, {
        answers: [{ type: 'MX', name: 'example.com', ttl: 60, data: { preference: 10, exchange: 'mail.example.com' } }],
        authorities: [{ type: 'NS', name: 'example.com', ttl: 60, data: 'ns1.example.com' }],
        additionals: [
          { type: 'A', name: 'mail.example.com', ttl: 60, data: '192.0.2.10' },
          {
            type: 'SSHFP',
            name: 'mail.example.com',
            ttl: 60,
            data: { algorithm: 4, hash: 2, fingerprint: 'ab'.repeat(32) },
          },
        ],
      }),
    )
    expect(await asking(client, server)).toEqual({
      question: MX,
      server: { host: '127.0.0.1', port: server.port },
      rcode: 0,
      authoritative: true,
      authentic: false,
      answer: RIGHT,
      authority: [{ type: 'NS', name: NAME, ttl: 60, rdata: ['ns1.example.com.'] }],
      additional: [
        { type: 'A', name: 'mail.example.com.', ttl: 60, rdata: ['192.0.2.10'] },
        expect.objectContaining({ type: 'SSHFP', locked: expect.any(String) }),
      ],
    })
  })

  test.each([
    ['another id', (query: ScriptedQuery) => forgedAnswer(query, { id: (query.id + 1) & 0xffff })],
    ['another question', (query: ScriptedQuery) => forgedAnswer(query, { name: 'example.net' })],
    ['another source', (query: ScriptedQuery) => ({ octets: forgedAnswer(query), fromElsewhere: true })],
    ['no DNS message', (query: ScriptedQuery) => Buffer.concat([forgedAnswer(query).subarray(0, 30), Buffer.alloc(3)])],
    ['two octets', () => Buffer.from('hi')],
  ])('of %s is ignored, and the right one waited for', async (_, forged) => {
    const { server, client } = await given((query) => [forged(query), { octets: rightAnswer(query), after: 20 }])
    expect(await asking(client, server)).toMatchObject({ answer: RIGHT })
    expect(server.queries).toHaveLength(1)
  })

  test('that does not fit into UDP is asked for over TCP, over one connection', async () => {
    const { server, client } = await given((query) =>
      query.over === 'udp' ? replyTo(query, { truncated: true }) : rightAnswer(query),
    )
    expect(await asking(client, server)).toMatchObject({ answer: RIGHT })
    expect(server.queries.map(({ over }) => over)).toEqual(['udp', 'tcp'])
  })

  test('that is cut within a record is asked for over TCP', async () => {
    const { server, client } = await given((query) => {
      if (query.over === 'tcp') return rightAnswer(query)
      const cut = Buffer.from(rightAnswer(query).subarray(0, -5))
      cut.writeUInt8(cut.readUInt8(2) | 0x02, 2)
      return cut
    })
    expect(await asking(client, server)).toMatchObject({ answer: RIGHT })
  })

  test.each([
    ['is cut short over TCP too', (query: ScriptedQuery) => replyTo(query, { truncated: true }), /cut short there too/],
    ['is not given over TCP', () => Buffer.alloc(0), /closed the connection/],
    [
      'is forged over TCP',
      (query: ScriptedQuery) => forgedAnswer(query, { id: query.id ^ 1 }),
      /no answer to the question/,
    ],
  ])('that %s is an error that says so', async (_, overTcp, message) => {
    const { server, client } = await given((query) =>
      query.over === 'udp' ? replyTo(query, { truncated: true }) : overTcp(query),
    )
    await expect(asking(client, server)).rejects.toMatchObject({
      code: 'unavailable',
      apiCode: 'TC',
      message: expect.stringMatching(message),
    })
  })
})

describe('a server', () => {
  test('that is slow once is asked again', async () => {
    let asked = 0
    const { server, client } = await given((query) => (asked++ === 0 ? undefined : rightAnswer(query)), ONE_SECOND)
    expect(await asking(client, server)).toMatchObject({ answer: RIGHT })
  })

  test('that is silent is given up, and not asked further questions for a while', async () => {
    const { server, client } = await given(() => undefined, { timeout: 0.02, tries: 2 })
    for (let question = 0; question < 4; question++)
      await expect(asking(client, server)).rejects.toMatchObject({
        code: 'timeout',
        message: expect.stringContaining(`127.0.0.1 port ${server.port} does not answer`),
      })
    expect(server.queries).toHaveLength(6)
  })

  test('that sends rubbish only is called silent, and the rubbish counted', async () => {
    const { server, client } = await given((query) => forgedAnswer(query, { name: 'example.net' }), ONE_SECOND)
    await expect(asking(client, server)).rejects.toThrow(/3 messages that are no answer to it were ignored/)
  })

  test('that nobody runs is told at once', async () => {
    const { server, client } = await given(() => undefined, { timeout: 60 })
    server.close()
    closing.pop()
    await expect(asking(client, server)).rejects.toMatchObject({ code: 'unavailable', apiCode: 'ECONNREFUSED' })
  })

  test.each([
    ['FORMERR', 1],
    ['NOTIMP', 4],
  ])('that answers EDNS with %s is asked without it, from then on', async (_, rcode) => {
    const { server, client } = await given((query) => (query.edns ? replyTo(query, { rcode }) : rightAnswer(query)))
    for (let question = 0; question < 2; question++)
      expect(await asking(client, server)).toMatchObject({ answer: RIGHT })
    expect(server.queries.map(({ edns }) => edns)).toEqual([true, false, false])
  })

  test('that drops EDNS is asked without it, from then on', async () => {
    const { server, client } = await given((query) => (query.edns ? undefined : rightAnswer(query)), ONE_SECOND)
    for (let question = 0; question < 2; question++)
      expect(await asking(client, server)).toMatchObject({ answer: RIGHT })
    expect(server.queries.map(({ edns }) => edns)).toEqual([true, false, false])
  })

  test('that knows EDNS is told how much UDP may carry', async () => {
    const { server, client } = await given((query) => rightAnswer(query))
    await asking(client, server)
    expect(server.queries[0]).toMatchObject({ edns: true })
  })

  test.each([
    ['REFUSED', 5],
    ['SERVFAIL', 2],
  ])('that says %s has answered', async (_, rcode) => {
    const { server, client } = await given((query) => replyTo(query, { rcode, authoritative: false }))
    expect(await asking(client, server)).toMatchObject({ rcode, authoritative: false, answer: [] })
  })
})

describe('many questions', () => {
  test('share a few sockets, no more of them on their way than allowed, and each gets its own answer', async () => {
    let [underway, most] = [0, 0]
    const { server, client } = await given(
      (query) => {
        most = Math.max(most, ++underway)
        queueMicrotask(() => underway--)
        return replyTo(query, { answers: [{ type: 'TXT', name: query.name, ttl: 1, data: query.name }] })
      },
      { ...PATIENT, parallel: 10 },
    )
    const names = Array.from({ length: 500 }, (_, index) => `n${index}.example.com.` as Name)
    const answers = await Promise.all(
      names.map((name) => client.ask({ host: server.host, port: server.port }, { name, type: 'TXT' })),
    )
    expect(answers.map(({ answer }) => answer[0]?.rdata[0])).toEqual(names.map((name) => name.slice(0, -1)))
    expect(server.clientPorts.size).toBeLessThanOrEqual(4)
    expect(most).toBeLessThanOrEqual(10)
  })

  test('end at once when the run is stopped', async () => {
    const { server, client } = await given(() => undefined, { timeout: 60 })
    const stop = new AbortController()
    const answers = Promise.allSettled([asking(client, server, stop), asking(client, server, stop)])
    stop.abort()
    for (const answer of await answers) expect(answer).toMatchObject({ reason: { code: 'cancelled' } })
  })

  test('end when the client is closed', async () => {
    const { server, client } = await given(() => undefined, { timeout: 60 })
    const answer = asking(client, server)
    while (server.queries.length === 0) await new Promise(setImmediate)
    client.close()
    closing.shift()
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
    await expect(asking(client, server)).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('the address of a server', () => {
  test.each([
    ['192.0.2.53', { host: '192.0.2.53', port: 53 }],
    ['192.0.2.53:5353', { host: '192.0.2.53', port: 5353 }],
    ['2001:DB8:0::53', { host: '2001:db8::53', port: 53 }],
    ['[2001:db8::53]:5353', { host: '2001:db8::53', port: 5353 }],
    ['fe80::1%eth0', { host: 'fe80::1%eth0', port: 53 }],
  ])('%s is understood', (text, server) => expect(parseServer(text)).toEqual(server))

  test.each(['', 'dns.example', '192.0.2.53:', '192.0.2.53:0', '192.0.2.53:70000', '[192.0.2.53', '2001:db8::53::1'])(
    '%j is refused, with an example',
    (text) => expect(() => parseServer(text)).toThrow(/no address of a DNS server/),
  )
})

test('a resolver that gives no SOA is told, for nobody knows the zone then', async () => {
  const { server } = await given((query) => replyTo(query, { rcode: 3 }))
  const dns = publicDns({ resolver: `127.0.0.1:${server.port}` })
  closing.push(dns.close)
  await expect(dns.zones.find(NAME)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'the resolver does not tell which zone example.com. is in: it gives no SOA',
  })
})

test('a name server has its addresses of one family where the resolver fails for the other, and is looked for again', async () => {
  let isBroken = true
  const { server } = await given((query) => {
    const answers: Readonly<Record<string, Answer>> = {
      SOA: { type: 'SOA', name: 'example.com', data: SOA },
      NS: { type: 'NS', name: 'example.com', data: 'ns1.example.net' },
      A: { type: 'A', name: 'ns1.example.net', data: '192.0.2.53' },
      AAAA: { type: 'AAAA', name: 'ns1.example.net', data: '2001:db8::53' },
    }
    if (query.type === 'AAAA' && isBroken) return replyTo(query, { rcode: 2 })
    return replyTo(query, { answers: [answers[query.type] ?? []].flat() })
  })
  const dns = publicDns({ resolver: `127.0.0.1:${server.port}` })
  closing.push(dns.close)
  const addresses = async () => (await dns.zones.find(NAME)).nameServers[0]?.addresses.map(({ host }) => host)
  expect(await addresses()).toEqual(['192.0.2.53'])
  isBroken = false
  expect(await addresses()).toEqual(['192.0.2.53', '2001:db8::53'])
})
