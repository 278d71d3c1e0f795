import { afterEach, expect, test } from 'vitest'
import { publicDns } from '../../providers/dns/client/public-dns.js'
import type { Name } from '../../records/rr/name.js'
import { zoneAsker } from '../../src/observe/zone-asker.js'
import { replyTo, type ScriptedDns, type ScriptedQuery, startScriptedDns } from '../servers/scripted-dns.js'

const zone = 'example.com.' as Name
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const SOA = { mname: 'a', rname: 'b', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 }

/** A server of example.com that answers what it is told, SERVFAIL where that is undefined. */
async function server(records: (query: ScriptedQuery) => readonly string[] | undefined): Promise<ScriptedDns> {
  const started = await startScriptedDns((query) => {
    if (query.type === 'SOA') return replyTo(query, { answers: [{ type: 'SOA', name: 'example.com', data: SOA }] })
    const found = records(query)
    if (found === undefined) return replyTo(query, { rcode: 2 })
    return replyTo(query, { answers: found.map((data) => ({ type: 'TXT', name: query.name, ttl: 60, data })) })
  })
  closing.push(started.close)
  return started
}

async function askerAt(...servers: readonly ScriptedDns[]) {
  const dns = publicDns({ resolver: '127.0.0.1:9' })
  closing.push(dns.close)
  const nameServers = servers.map(({ host, port }, index) => ({
    name: `ns${index + 1}.example.net.` as Name,
    addresses: [{ host, port }],
  }))
  return zoneAsker(dns, { zone, nameServers }, new AbortController().signal)
}

const txt = (prefix: string) => ({ name: `${prefix}${zone}` as Name, type: 'TXT' })
const withoutProbes = (queries: readonly ScriptedQuery[]): string[] =>
  queries.filter(({ name, type }) => type !== 'SOA' && !name.startsWith('mailsync-')).map(({ name }) => name)

test('what all servers fail to answer is an error, for it may be there', async () => {
  const asker = await askerAt(await server(() => undefined), await server(() => undefined))
  await expect(asker.ask([txt('')])).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(
      /^no name server of example\.com\. answers for example\.com\. TXT: ns1\..* SERVFAIL/,
    ),
  })
})

test('what one server fails to answer is told, and read from the other', async () => {
  const asker = await askerAt(await server(() => undefined), await server(() => ['v=spf1 -all']))
  await asker.ask([txt('')])
  expect(asker.rrsets()).toEqual([{ type: 'TXT', name: zone, ttl: 60, rdata: ['v=spf1 -all'] }])
  expect(asker.remarks()).toEqual([expect.stringMatching(/^example\.com\.: ns1\.example\.net\. .* answers SERVFAIL/)])
})

test('a guess costs one question where nothing is there, and what is there is asked of all', async () => {
  const [one, two] = [await server(({ name }) => (name.startsWith('s1') ? ['key'] : [])), await server(() => ['other'])]
  const asker = await askerAt(one, two)
  await asker.guess([txt('s1._domainkey.'), txt('s2._domainkey.')])
  expect(withoutProbes(two.queries)).toEqual(['s1._domainkey.example.com'])
  expect(asker.remarks()).toEqual([expect.stringContaining('of s1._domainkey.example.com. TXT ns2.example.net.')])
})

test('a guess that no server answers is a remark', async () => {
  const asker = await askerAt(await server(() => undefined))
  await asker.guess([txt('_mta-sts.')])
  expect(asker.remarks()).toEqual([expect.stringContaining('(asked for _mta-sts.example.com. TXT)')])
})

test('nothing is asked twice', async () => {
  const one = await server(() => [])
  const asker = await askerAt(one)
  await asker.ask([txt('')])
  await asker.ask([txt(''), txt('_dmarc.')])
  await asker.guess([txt('_dmarc.')])
  expect(withoutProbes(one.queries)).toEqual(['example.com', '_dmarc.example.com'])
})
