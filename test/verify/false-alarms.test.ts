import { afterEach, describe, expect, test } from 'vitest'
import { dnsClient } from '../../providers/dns/client/client.js'
import { publicDns } from '../../providers/dns/client/public-dns.js'
import type { Outside } from '../../src/verify/ask/outside.js'
import { rememberingClient } from '../../src/verify/view/remembering-client.js'
import { type Workspace, workspace } from '../cli/workspace.js'
import {
  replyTo,
  type ScriptedDns,
  type ScriptedQuery,
  type ScriptedReply,
  type Sent,
  startScriptedDns,
} from '../servers/scripted-dns.js'
import { RSA_2048 } from './keys.js'
import { outsideOf, told, verified } from './run-verify.js'

/** The zone as a server has it: what stands at `name type`, each value as dns-packet takes it. */
const KEY = `v=DKIM1; k=rsa; p=${RSA_2048}`
const ZONE: Readonly<Record<string, readonly unknown[]>> = {
  'example.com SOA': [
    { mname: 'ns1.example.com', rname: 'h.example.com', serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 60 },
  ],
  'example.com NS': ['ns1.example.com'],
  'example.com MX': [{ preference: 10, exchange: 'mail.example.com' }],
  'example.com TXT': [['v=spf1 ip4:192.0.2.10 -all']],
  'mail.example.com A': ['192.0.2.10'],
  'mail.example.com TXT': [['v=spf1 a -all']],
  '_dmarc.example.com TXT': [['v=DMARC1; p=reject']],
  's1._domainkey.example.com TXT': [[KEY.slice(0, 255), KEY.slice(255)]],
  '10.2.0.192.in-addr.arpa PTR': ['mail.example.com'],
}
const SPEC = (port: number): string => `providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local], servers: ["127.0.0.1:${port}"] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains:
  example.com:
    mx: [mail.example.com]
    spf: { all: fail }
    dmarc: { policy: reject }
    dkim: { keys: { s1: { txt: "${KEY}" } } }
`

type Zone = typeof ZONE
type Answering = (query: ScriptedQuery, usual: ScriptedReply) => ScriptedReply | Sent | undefined

function answerFrom(zone: Zone, { name, type }: ScriptedQuery): ScriptedReply {
  const soa = { type: 'SOA', name: 'example.com', ttl: 60, data: zone['example.com SOA']?.[0] }
  const at = (key: string) => zone[key]?.map((data) => ({ type: key.split(' ')[1], name, ttl: 3600, data }))
  const answers = at(`${name} ${type}`) ?? at(`${name} CNAME`)
  const isThere = Object.keys(zone).some((key) => key.startsWith(`${name} `) || key.split(' ')[0]?.endsWith(`.${name}`))
  return {
    answers: (answers ?? []) as never,
    ...(answers ? {} : { authorities: [soa] as never, rcode: isThere ? 0 : 3 }),
  }
}

let server: ScriptedDns | undefined
let space: Workspace | undefined
afterEach(async () => {
  server?.close()
  await space?.remove()
  server = space = undefined
})

/** Verifies example.com at one server, which is its resolver as well. */
async function verify(answering: Answering = (_, usual) => usual, zone: Zone = ZONE, timeout = 0.1) {
  server = await startScriptedDns((query) => {
    const said = answering(query, answerFrom(zone, query))
    return said === undefined || Buffer.isBuffer(said) || 'octets' in said ? said : replyTo(query, said)
  })
  space = await workspace({ 'mailsync.yaml': SPEC(server.port) })
  const { port } = server
  const client = () => dnsClient({ timeout, tries: 2 })
  const outside: Outside = {
    ...outsideOf({ port, resolver: server, roots: [] }),
    openDns: () => publicDns({ resolver: `127.0.0.1:${port}`, port, client: rememberingClient(client(), client()) }),
  }
  return verified({ config: space.path('mailsync.yaml') }, outside)
}

const failures = ({ checks }: Awaited<ReturnType<typeof verify>>): string[] =>
  checks.filter(({ verdict }) => verdict === 'fail').map(({ id, seen }) => `${id}: ${seen}`)

describe('what is no failure', () => {
  test('a sound zone at one server', async () => {
    const found = await verify()
    expect(failures(found)).toEqual([])
    expect(found.code).toBe(0)
  })

  test('a key of more than 255 octets, in strings cut elsewhere than mailsync cuts', async () => {
    const cut = [KEY.slice(0, 100), KEY.slice(100, 300), KEY.slice(300)]
    expect(failures(await verify(undefined, { ...ZONE, 's1._domainkey.example.com TXT': [cut] }))).toEqual([])
  })

  test('a CNAME at _dmarc, and at a selector', async () => {
    const { '_dmarc.example.com TXT': policy = [], 's1._domainkey.example.com TXT': key = [], ...rest } = ZONE
    const zone = {
      ...rest,
      '_dmarc.example.com CNAME': ['policy.example.com'],
      'policy.example.com TXT': policy,
      's1._domainkey.example.com CNAME': ['key.example.com'],
      'key.example.com TXT': key,
    }
    const found = await verify(undefined, zone)
    expect(failures(found)).toEqual([])
    expect(told(found.checks, 'dkim-key')[0]).toContain('a CNAME leads there')
  })

  test('a DNAME that the names of mail lie below', async () => {
    const { 's1._domainkey.example.com TXT': key = [], ...rest } = ZONE
    const zone = { ...rest, 's1.keys.example.com TXT': key }
    const below = '_domainkey.example.com'
    const found = await verify((query, usual) => {
      if (!query.name.endsWith(`.${below}`)) return usual
      const target = query.name.replace(below, 'keys.example.com')
      return {
        answers: [
          { type: 'DNAME', name: below, ttl: 3600, data: 'keys.example.com' },
          { type: 'CNAME', name: query.name, ttl: 3600, data: target },
        ] as never,
      }
    }, zone)
    expect(failures(found)).toEqual([])
    expect(told(found.checks, 'dkim-key')).toEqual([expect.stringMatching(/^pass .*2048 bits/)])
  })

  test('wildcard answers for the names of services', async () => {
    const found = await verify((query, usual) =>
      usual.rcode === 3 && ['A', 'AAAA', 'CNAME', 'TXT'].includes(query.type)
        ? { answers: [{ type: 'CNAME', name: query.name, ttl: 60, data: 'gone.example.net' }] as never }
        : usual,
    )
    expect(told(found.checks, 'leftover')).toEqual([])
    expect(failures(found)).toEqual([])
  })

  test('NXDOMAIN for types that a server does not know', async () => {
    const unknown = ['CAA', 'TLSA', 'SRV']
    expect(failures(await verify((query, usual) => (unknown.includes(query.type) ? { rcode: 3 } : usual)))).toEqual([])
  })

  test('silence for types that a server does not know, at a domain after another', async () => {
    const known = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'TXT']
    const found = await verify((query, usual) => (known.includes(query.type) ? usual : undefined))
    expect(failures(found)).toEqual([])
    expect(found.code).toBe(0)
  })

  test('a parent with types that nobody knows, beside its delegations and in all that it says', async () => {
    const unknown = { type: 'UNKNOWN_65280', name: 'example.com', ttl: 60, data: Buffer.from([1, 2, 3]) } as never
    const found = await verify((query, usual) => ({
      ...usual,
      ...(query.type === 'NS' && { answers: [unknown, ...(usual.answers ?? [])] }),
      authorities: [unknown, ...(usual.authorities ?? [])],
      additionals: [unknown],
    }))
    expect(failures(found)).toEqual([])
    expect(found.checks.filter(({ verdict }) => verdict === 'unknown')).toEqual(
      (await verify()).checks.filter(({ verdict }) => verdict === 'unknown'),
    )
  })

  test('a slow server, whose answers take as long as most of the time that they have', async () => {
    const slow = await verify((query, usual) => ({ octets: replyTo(query, usual), after: 300 }), ZONE, 1.5)
    expect(failures(slow)).toEqual([])
    expect(slow.code).toBe(0)
  })

  test('a server that is too slow for the first try', async () => {
    const asked = new Set<string>()
    const found = await verify((query, usual) => {
      const key = `${query.name} ${query.type}`
      if (asked.has(key)) return usual
      asked.add(key)
      return { octets: replyTo(query, usual), after: 5000 }
    })
    expect(failures(found)).toEqual([])
    expect(found.code).toBe(0)
  })

  test('a server that drops what has EDNS', async () => {
    expect(failures(await verify((query, usual) => (query.edns ? undefined : usual)))).toEqual([])
  })

  test('a server that answers FORMERR to EDNS', async () => {
    expect(failures(await verify((query, usual) => (query.edns ? { rcode: 1 } : usual)))).toEqual([])
  })

  test('names in the letters that the server likes better', async () => {
    const loud = (query: ScriptedQuery, usual: ScriptedReply): ScriptedReply => ({
      ...usual,
      name: query.name.toUpperCase(),
      ...(usual.answers && { answers: usual.answers.map((one) => ({ ...one, name: one.name.toUpperCase() })) }),
    })
    expect(failures(await verify(loud))).toEqual([])
  })

  test('an answer too large for UDP', async () => {
    const found = await verify((query, usual) =>
      query.over === 'udp' && query.type === 'TXT' ? { truncated: true } : usual,
    )
    expect(failures(found)).toEqual([])
  })
})

describe('what is not known', () => {
  test('SERVFAIL for one question: unknown, and no other check says more', async () => {
    const found = await verify((query, usual) => (query.name === '_dmarc.example.com' ? { rcode: 2 } : usual))
    expect(failures(found)).toEqual([])
    expect(told(found.checks, 'dmarc').map((line) => line.split(' ')[0])).toEqual(['unknown'])
    expect(found.domains[0]?.receivers.map(({ takes }) => takes)).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
  })
})

test('what does fail: a record that is not there, and one that is another', async () => {
  const { '_dmarc.example.com TXT': _, ...rest } = ZONE
  const found = await verify(undefined, { ...rest, 'example.com TXT': [['v=spf1 ip4:192.0.2.99 -all']] })
  expect(failures(found)).toEqual([
    'record-served: ns1: v=spf1 ip4:192.0.2.99 -all in place of v=spf1 ip4:192.0.2.10 -all'.replace(
      'ns1',
      `127.0.0.1 port ${server?.port}`,
    ),
    'record-served: not there'.replace('not', `127.0.0.1 port ${server?.port}: not`),
    'spf-sender: fail',
  ])
})
