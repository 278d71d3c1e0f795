import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DnsClient, dnsClient } from '../../../providers/dns/client/client.js'
import { observeZone, rrsetsSaid, type ZoneObservation } from '../../../providers/dns/client/observe-zone.js'
import { type Resolver, resolverAt } from '../../../providers/dns/client/resolver.js'
import { walkFromRoot } from '../../../providers/dns/client/root-walk.js'
import { type DelegatedZone, resolvedZones, type ZoneFinder } from '../../../providers/dns/client/zone-finder.js'
import type { Name } from '../../../records/rr/name.js'
import { missingServer, serverAvailable } from '../../servers/dns-server.js'
import { type DnsTree, startDnsTree } from '../../servers/dns-tree.js'
import { replyTo, type Script, startScriptedDns } from '../../servers/scripted-dns.js'

const [ROOT_HOST, TLD_HOST, ONE, TWO] = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']

const TWO_SERVERS = `
@ NS ns1.example.com.
@ NS ns2.example.net.
`
const EXAMPLE = `${TWO_SERVERS}
ns1 A ${ONE}
@ MX 10 mail
mail A 192.0.2.10
alias CNAME mail
old DNAME new.example.com.
*.wild TXT "from the wildcard"
own.wild TXT "its own"
below.empty TXT "x"
sub NS ns.elsewhere.example.
big TXT "${'a'.repeat(255)}" "${'b'.repeat(255)}" "${'c'.repeat(255)}" "${'d'.repeat(255)}" "${'e'.repeat(255)}" "${'f'.repeat(255)}"
_dmarc TXT "v=DMARC1; p=none"
20.rev PTR out.example.com.
`

const ZONES = {
  [ROOT_HOST]: {
    '.': `@ NS ns.root.
ns.root. A ${ROOT_HOST}
com. NS ns.tld.com.
net. NS ns.tld.com.
arpa. NS ns.tld.com.
ns.tld.com. A ${TLD_HOST}
loop. NS ns.knot.
knot. NS ns.loop.
`,
  },
  [TLD_HOST]: {
    'com.': `@ NS ns.tld.com.
ns.tld A ${TLD_HOST}
example NS ns1.example.com.
example NS ns2.example.net.
ns1.example A ${ONE}
`,
    // Both zones on one server: no referral leads from one to the other.
    'net.': `@ NS ns.tld.com.\nexample NS ns.tld.com.\n`,
    'example.net.': `@ NS ns.tld.com.\nns2 A ${TWO}\n`,
    'arpa.': `@ NS ns.tld.com.\n2.0.192.in-addr NS ns1.example.com.\n`,
  },
  [ONE]: {
    'example.com.': EXAMPLE,
    '2.0.192.in-addr.arpa.': `${TWO_SERVERS}10 PTR mail.example.com.\n20 CNAME 20.rev.example.com.\n`,
  },
  [TWO]: { 'example.com.': EXAMPLE.replace('p=none', 'p=reject') },
}

const name = (text: string): Name => text as Name

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('delegations on BIND', () => {}))
else
  describe('with a tree of BIND servers', () => {
    let tree: DnsTree
    let client: DnsClient
    let finders: Readonly<Record<'resolver' | 'root', ZoneFinder & Resolver>>
    beforeAll(async () => {
      tree = await startDnsTree(ZONES)
      client = dnsClient({ timeout: 10 })
      finders = {
        resolver: {
          ...resolvedZones(resolverAt(client, [tree.resolver]), tree.port),
          ...resolverAt(client, [tree.resolver]),
        },
        root: walkFromRoot(client, tree),
      }
    })
    afterAll(async () => {
      client.close()
      await tree.stop()
    })

    const at = (host: string) => [{ host, port: tree.port }]
    const exampleCom = (): DelegatedZone => ({
      zone: name('example.com.'),
      nameServers: [
        { name: name('ns1.example.com.'), addresses: at(ONE) },
        { name: name('ns2.example.net.'), addresses: at(TWO) },
      ],
    })

    describe.each(['resolver', 'root'] as const)('by the %s, the zone of', (way) => {
      test.each([
        'example.com.',
        'mail.example.com.',
        'none.such.example.com.',
        'below.empty.example.com.',
        'alias.example.com.',
        'x.old.example.com.',
      ])('%s is found, with the addresses of its servers', async (text) =>
        expect(await finders[way].find(name(text))).toEqual(exampleCom()),
      )

      test.each([
        ['a name of a reverse zone', '10.2.0.192.in-addr.arpa.', '2.0.192.in-addr.arpa.'],
        ['a name that no domain has', 'www.nobody.com.', 'com.'],
        ['a zone whose servers have its parent too', 'ns2.example.net.', 'example.net.'],
        ['a top-level name that does not exist', 'nowhere.', '.'],
      ])('%s is found', async (_, text, zone) => expect(await finders[way].find(name(text))).toMatchObject({ zone }))
    })

    describe.each(['resolver', 'root'] as const)('by the %s, the answer', (way) => {
      test.each([
        ['of a name', 'mail.example.com.', 'A', ['mail.example.com. A 192.0.2.10']],
        [
          'where a CNAME leads',
          'alias.example.com.',
          'A',
          ['alias.example.com. CNAME mail.example.com.', 'mail.example.com. A 192.0.2.10'],
        ],
        [
          'where a CNAME leads into another zone',
          '20.2.0.192.in-addr.arpa.',
          'PTR',
          ['20.2.0.192.in-addr.arpa. CNAME 20.rev.example.com.', '20.rev.example.com. PTR out.example.com.'],
        ],
        ['of a name that is not there', 'none.example.com.', 'A', []],
      ])('%s is found', async (_, owner, type, records) => {
        const { answer, rcode } = await finders[way].resolve({ name: name(owner), type })
        expect(answer.flatMap((rrset) => rrset.rdata.map((rdata) => `${rrset.name} ${rrset.type} ${rdata}`))).toEqual(
          records,
        )
        expect(rcode).toBe(records.length === 0 ? 3 : 0)
      })
    })

    test('many names at once are found with a question for each label', async () => {
      const asked: string[] = []
      const counting: DnsClient = {
        ...client,
        ask: (server, question, options) => {
          asked.push(`${question.name} ${question.type}`)
          return client.ask(server, question, options)
        },
      }
      const finder = walkFromRoot(counting, tree)
      const names = ['example.com.', 'mail.example.com.', 'www.example.com.'].map(name)
      await Promise.all(names.map((one) => finder.find(one)))
      expect(asked.filter((question) => question.endsWith('SOA')).sort()).toEqual(
        expect.arrayContaining(['com. SOA', 'example.com. SOA', 'mail.example.com. SOA', 'www.example.com. SOA']),
      )
      expect(new Set(asked.filter((question) => /^(?:com|example\.com)\. SOA$/.test(question))).size).toBe(2)
      expect(asked.filter((question) => question === 'com. SOA')).toHaveLength(1)
    })

    test('name servers that lead to each other only are an error, and no endless walk', async () => {
      const found = await Promise.allSettled(
        ['a.loop.', 'b.knot.', 'c.loop.'].map((one) => finders.root.find(name(one))),
      )
      for (const { status } of found) expect(status).toBe('rejected')
      await expect(finders.root.find(name('a.loop.'))).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringMatching(/no name server of loop\. answers: ns\.knot\. has no address/),
      })
    })

    describe('asking all servers of a zone', () => {
      const questions = [
        ['example.com.', 'MX'],
        ['_dmarc.example.com.', 'TXT'],
        ['alias.example.com.', 'A'],
        ['x.old.example.com.', 'A'],
        ['mail.example.com.', 'TXT'],
        ['none.example.com.', 'A'],
        ['empty.example.com.', 'TXT'],
        ['any.wild.example.com.', 'TXT'],
        ['own.wild.example.com.', 'TXT'],
        ['*.wild.example.com.', 'TXT'],
        ['*.deep.wild.example.com.', 'TXT'],
        ['www.sub.example.com.', 'A'],
        ['big.example.com.', 'TXT'],
      ].map(([owner = '', type = '']) => ({ name: name(owner), type }))
      let seen: ZoneObservation
      beforeAll(async () => {
        seen = await observeZone(client, await finders.root.find(name('example.com.')), questions)
      })

      const outcomes = (question: string) => (seen.said.get(question) ?? []).map(({ outcome }) => outcome)

      test('names each of them, with the serial it has', () => {
        expect(seen.servers).toEqual([
          { nameServer: 'ns1.example.com.', address: { host: ONE, port: tree.port }, serial: 1, negativeTtl: 60 },
          { nameServer: 'ns2.example.net.', address: { host: TWO, port: tree.port }, serial: 1, negativeTtl: 60 },
        ])
        expect(seen.faults).toEqual([])
      })

      test.each([
        ['records', 'example.com. MX', { kind: 'rrset', synthesized: false, rrset: { ttl: 3600 } }],
        ['a CNAME in the way', 'alias.example.com. A', { kind: 'cname', rrset: { rdata: ['mail.example.com.'] } }],
        [
          'a DNAME above',
          'x.old.example.com. A',
          { kind: 'dname', rrset: { name: 'old.example.com.', rdata: ['new.example.com.'] } },
        ],
        ['a name without this type', 'mail.example.com. TXT', { kind: 'nodata' }],
        ['a name with names below it only', 'empty.example.com. TXT', { kind: 'nodata' }],
        ['no name', 'none.example.com. A', { kind: 'nxdomain' }],
        ['what a wildcard made', 'any.wild.example.com. TXT', { kind: 'rrset', synthesized: true }],
        ['what stands beside a wildcard', 'own.wild.example.com. TXT', { kind: 'rrset', synthesized: false }],
        ['the wildcard itself', '*.wild.example.com. TXT', { kind: 'rrset', synthesized: false }],
        ['what a wildcard made of another', '*.deep.wild.example.com. TXT', { kind: 'rrset', synthesized: true }],
        ['a delegation above', 'www.sub.example.com. A', { kind: 'delegation', rrset: { name: 'sub.example.com.' } }],
        ['an answer too large for UDP', 'big.example.com. TXT', { kind: 'rrset' }],
      ])('tells %s', (_, question, outcome) =>
        expect(outcomes(question)).toEqual([
          expect.objectContaining({
            ...outcome,
            ...('rrset' in outcome ? { rrset: expect.objectContaining(outcome.rrset) } : {}),
          }),
        ]),
      )

      test('keeps apart what they do not agree about', () => {
        const said = seen.said.get('_dmarc.example.com. TXT')
        expect(said).toEqual([
          {
            outcome: expect.objectContaining({ rrset: expect.objectContaining({ rdata: ['v=DMARC1; p=none'] }) }),
            servers: [expect.objectContaining({ nameServer: 'ns1.example.com.' })],
          },
          {
            outcome: expect.objectContaining({ rrset: expect.objectContaining({ rdata: ['v=DMARC1; p=reject'] }) }),
            servers: [expect.objectContaining({ nameServer: 'ns2.example.net.' })],
          },
        ])
      })

      test('gives what is in the zone, without what a wildcard made', () => {
        expect(
          rrsetsSaid(seen)
            .map((rrset) => `${rrset.name} ${rrset.type}`)
            .sort(),
        ).toEqual([
          '*.wild.example.com. TXT',
          '_dmarc.example.com. TXT',
          'alias.example.com. CNAME',
          'big.example.com. TXT',
          'example.com. MX',
          'old.example.com. DNAME',
          'own.wild.example.com. TXT',
          'sub.example.com. NS',
        ])
      })
    })

    test.each([
      [
        'lame',
        'is no authority for example.com., though the zone is delegated to it',
        (query) =>
          replyTo(query, { authoritative: false, authorities: [{ type: 'NS', name: '.', ttl: 1, data: 'ns.root' }] }),
      ],
      ['lame', 'is no authority for example.com.', (query) => replyTo(query, { rcode: 3, authorities: [] })],
      ['refused', 'answers REFUSED for example.com.', (query) => replyTo(query, { rcode: 5 })],
      ['servfail', 'answers SERVFAIL for example.com.', (query) => replyTo(query, { rcode: 2 })],
      ['silent', 'does not answer', () => undefined],
      ['silent', 'does not answer', () => Buffer.alloc(40, 0xff)],
      [
        'truncated',
        'has an answer too large for UDP, and does not give it over TCP',
        (query) => replyTo(query, { truncated: true }),
      ],
    ] satisfies [string, string, Script][])(
      'a server that is %s is told beside the one that answers: %s',
      async (kind, message, script) => {
        const odd = await startScriptedDns(script)
        const quick = dnsClient({ timeout: 1, tries: 2 })
        try {
          const zone = {
            zone: name('example.com.'),
            nameServers: [
              { name: name('odd.example.net.'), addresses: [{ host: odd.host, port: odd.port }] },
              { name: name('ns1.example.com.'), addresses: at(ONE) },
            ],
          }
          const { faults, servers, said } = await observeZone(quick, zone, [{ name: zone.zone, type: 'MX' }])
          expect(faults).toEqual([
            expect.objectContaining({
              kind,
              nameServer: 'odd.example.net.',
              message: expect.stringContaining(message),
            }),
          ])
          expect(servers.map(({ nameServer }) => nameServer)).toEqual(['ns1.example.com.'])
          expect(said.get('example.com. MX')).toHaveLength(1)
        } finally {
          quick.close()
          odd.close()
        }
      },
    )

    test('a server that refuses one question only is told with the question', async () => {
      const odd = await startScriptedDns((query) =>
        query.type === 'SOA'
          ? replyTo(query, {
              answers: [
                {
                  type: 'SOA',
                  name: 'example.com',
                  ttl: 1,
                  data: { mname: 'a', rname: 'b', serial: 7, refresh: 1, retry: 1, expire: 1, minimum: 1 },
                },
              ],
            })
          : replyTo(query, { rcode: 5 }),
      )
      const question = { name: name('example.com.'), type: 'MX' }
      const nameServers = [
        { name: name('odd.example.net.'), addresses: [{ host: odd.host, port: odd.port }] },
        { name: name('gone.example.net.'), addresses: [] },
      ]
      expect(await observeZone(client, { zone: question.name, nameServers }, [question])).toMatchObject({
        servers: [{ serial: 7 }],
        faults: [
          { kind: 'refused', question },
          { kind: 'no-address', message: 'gone.example.net. has no address that can be found' },
        ],
        said: new Map([['example.com. MX', []]]),
      })
      odd.close()
    })

    test('an address where nothing runs is told, though another of the same name server answers', async () => {
      const [gone, ...others] = [{ host: ONE, port: 1 }, ...at(ONE)]
      const nameServers = [{ name: name('ns1.example.com.'), addresses: [gone, ...others] }]
      expect((await observeZone(client, { zone: name('example.com.'), nameServers }, [])).faults).toMatchObject([
        { kind: 'refused', address: gone, message: expect.stringContaining('cannot be reached: ECONNREFUSED') },
      ])
    })

    test('a zone that no server answers for is an error that tells of each', async () => {
      const zone = { zone: name('example.org.'), nameServers: exampleCom().nameServers }
      await expect(observeZone(client, zone, [])).rejects.toMatchObject({
        code: 'unavailable',
        where: { zone: 'example.org.' },
        message: `no name server answers for example.org.: ns1.example.com. (${ONE} port ${tree.port}) answers REFUSED for example.org.; ns2.example.net. (${TWO} port ${tree.port}) answers REFUSED for example.org.`,
      })
    })
  })
