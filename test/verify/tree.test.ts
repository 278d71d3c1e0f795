import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { missingServer, serverAvailable } from '../servers/dns-server.js'
import { type DnsTree, startDnsTree } from '../servers/dns-tree.js'
import { replyTo, startScriptedDns } from '../servers/scripted-dns.js'
import { RSA_2048 } from './keys.js'
import { outsideOf, runVerify, told, verified } from './run-verify.js'

const [ROOT, ONE, TWO, LAME] = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']
const SERVERS = '@ NS ns1.example.com.\n@ NS ns2.example.com.\n'
const KEY = `s1._domainkey TXT "v=DKIM1; k=rsa; p=${RSA_2048.slice(0, 200)}" "${RSA_2048.slice(200)}"\n`
const MAIL = `@ MX 10 mail.example.com.
@ TXT "v=spf1 ip4:192.0.2.10 -all"
_dmarc TXT "v=DMARC1; p=reject"
${KEY}`

const EXAMPLE = `${SERVERS}${MAIL}
ns1 A ${ONE}
ns2 A ${TWO}
ns3 A ${LAME}
mail A 192.0.2.10
mail TXT "v=spf1 a -all"
@ TXT "stranger=1"
`

const ZONES = {
  [ROOT]: {
    '.': `@ NS ns.root.\nns.root. A ${ROOT}\ncom. NS ns.root.\narpa. NS ns.root.\n`,
    'com.': `@ NS ns.root.
example NS ns1.example.com.
example NS ns2.example.com.
ns1.example A ${ONE}
ns2.example A ${TWO}
ns3.example A ${LAME}
differs NS ns1.example.com.
differs NS ns2.example.com.
lame NS ns1.example.com.
lame NS ns2.example.com.
lame NS ns3.example.com.
dark NS ns3.example.com.
moved NS ns1.example.com.
loops NS ns1.example.com.
loops NS ns2.example.com.
wild NS ns1.example.com.
wild NS ns2.example.com.
away NS ns3.example.com.
`,
    'arpa.': '@ NS ns.root.\n2.0.192.in-addr NS ns1.example.com.\n',
  },
  [ONE]: {
    'example.com.': EXAMPLE,
    'differs.com.': `${SERVERS}${MAIL}`,
    'lame.com.': `${SERVERS}@ NS ns3.example.com.\n${MAIL}`,
    'moved.com.': `${SERVERS}${MAIL}`,
    'away.com.': `${SERVERS}${MAIL}`,
    'loops.com.': `${SERVERS}@ MX 10 mail.example.com.\n@ TXT "v=spf1 include:a.loops.com -all"\na TXT "v=spf1 include:loops.com -all"\n`,
    'wild.com.': `${SERVERS}@ MX 10 mail.example.com.\n@ TXT "v=spf1 ip4:192.0.2.10 -all"\n* TXT "anything"\n* A 192.0.2.80\n* MX 10 mail.example.com.\n`,
    '2.0.192.in-addr.arpa.': `@ NS ns1.example.com.
$GENERATE 0-63 $ CNAME $.0/26.2.0.192.in-addr.arpa.
0/26 NS ns1.example.com.
`,
    '0/26.2.0.192.in-addr.arpa.': '@ NS ns1.example.com.\n10 PTR mail.example.com.\n',
  },
  [TWO]: {
    'example.com.': EXAMPLE,
    'differs.com.': `${SERVERS}${MAIL.replace('p=reject', 'p=none')}`,
    'lame.com.': `${SERVERS}@ NS ns3.example.com.\n${MAIL}`,
    'moved.com.': `${SERVERS}${MAIL}`,
    'loops.com.': `${SERVERS}@ MX 10 mail.example.com.\n@ TXT "v=spf1 include:a.loops.com -all"\na TXT "v=spf1 include:loops.com -all"\n`,
    'wild.com.': `${SERVERS}@ MX 10 mail.example.com.\n@ TXT "v=spf1 ip4:192.0.2.10 -all"\n* TXT "anything"\n* A 192.0.2.80\n* MX 10 mail.example.com.\n`,
  },
  [LAME]: { 'nothing.test.': '@ NS ns3.example.com.\n', 'away.com.': `@ NS ns3.example.com.\n${MAIL}` },
}

const DOMAIN = `    mx: [mail.example.com]
    spf: { all: fail }
    dmarc: { policy: reject }
    dkim: { keys: { s1: { txt: "v=DKIM1; k=rsa; p=${RSA_2048}" } } }
`
const SPEC = `providers: { local: { class: yaml, directory: ./zones } }
zones:
  example.com.: { targets: [local] }
  differs.com.: { targets: [local] }
  lame.com.: { targets: [local] }
  dark.com.: { targets: [local] }
  0/26.2.0.192.in-addr.arpa.: { targets: [local] }
hosts:
  mail.example.com: { addresses: [192.0.2.10] }
domains:
${['example', 'differs', 'lame', 'dark'].map((name) => `  ${name}.com:\n${DOMAIN}`).join('')}`

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('verify against a tree', () => {}))
else
  describe('verify against a delegation tree', () => {
    let tree: DnsTree
    let space: Workspace
    beforeAll(async () => {
      ;[tree, space] = await Promise.all([startDnsTree(ZONES), workspace({ 'mailsync.yaml': SPEC })])
    })
    afterAll(async () => {
      await Promise.all([tree.stop(), space.remove()])
    })
    const ofSpec = (...domains: string[]) => verified({ config: space.path('mailsync.yaml'), domains }, outsideOf(tree))
    const foreign = (...domain: string[]) => verified({ domain }, outsideOf(tree))

    test('a sound domain passes everything, by way of an RFC 2317 delegation too', async () => {
      const { code, checks, domains } = await ofSpec('example.com')
      expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
      expect(code).toBe(0)
      expect(told(checks, 'fcrdns')).toEqual([
        'pass 192.0.2.10: mail.example.com leads there and back (a CNAME leads there: 10.2.0.192.in-addr.arpa.)',
      ])
      expect(domains[0]?.receivers.map(({ receiver, takes }) => `${receiver} ${takes}`)).toEqual([
        'Gmail yes',
        'Outlook yes',
        'Yahoo yes',
        'Naver yes',
      ])
    })

    test('two servers that disagree: the record fails, and the one that is wrong is named', async () => {
      const { code, checks } = await ofSpec('differs.com')
      expect(code).toBe(1)
      expect(
        told(
          checks.filter(({ verdict }) => verdict === 'fail'),
          'record-served',
        ),
      ).toEqual(['fail differs.com.: ns2.example.com.: v=DMARC1; p=none in place of v=DMARC1; p=reject'])
    })

    test('one lame server of three is a warning, and nothing fails for it', async () => {
      const { code, checks } = await ofSpec('lame.com')
      expect(code).toBe(0)
      expect(told(checks, 'delegation-answers').filter((line) => line.includes('lame.com'))).toEqual([
        expect.stringMatching(
          /^warn lame\.com\.: ns3\.example\.com\. \(.*\) answers REFUSED for lame\.com\.; .* answer$/,
        ),
      ])
      expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([])
    })

    test('a zone that no server answers for fails, and what is in it is not said to be missing', async () => {
      const { code, checks } = await ofSpec('dark.com')
      expect(code).toBe(1)
      expect(told(checks, 'delegation-answers')[0]).toMatch(/^fail dark\.com\.: the resolver .* answers SERVFAIL/)
      expect(
        new Set(checks.filter(({ subject }) => subject.name === 'dark.com.').map(({ verdict }) => verdict)),
      ).toEqual(new Set(['fail', 'unknown']))
    })

    test('the same without a resolver: why its servers do not answer', async () => {
      const config = space.path('mailsync.yaml')
      const { checks } = await verified({ config, domains: ['dark.com'], resolver: ['root'] }, outsideOf(tree))
      expect(told(checks, 'delegation-answers')[0]).toMatch(
        /^fail dark\.com\.: no name server answers for dark\.com\.: ns3\.example\.com\. .* answers REFUSED/,
      )
    })

    test('parent and child that name other servers: a warning that says which', async () => {
      const { checks } = await foreign('moved.com')
      expect(told(checks, 'delegation-agrees')).toEqual([
        'warn moved.com.: only the zone itself names ns2.example.com.',
      ])
    })

    describe('servers that the spec names', () => {
      const agreement = async (zone: string, ...servers: string[]) => {
        const text = SPEC.replace(
          'zones:\n',
          `zones:\n  ${zone}.: { targets: [local], servers: [${servers.map((server) => `"${server}"`).join(', ')}] }\n`,
        )
        const named = await workspace({ 'mailsync.yaml': `${text}  ${zone}:\n${DOMAIN}` })
        const options = { config: named.path('mailsync.yaml'), domains: [zone] }
        const { code, checks } = await verified(options, outsideOf(tree))
        await named.remove()
        return { code, agrees: told(checks, 'delegation-agrees').filter((line) => line.includes(zone)) }
      }

      test('a parent that delegates to another provider fails', async () => {
        const to = `${ONE}:${tree.port}`
        expect(await agreement('away.com', to)).toEqual({
          code: 1,
          agrees: [
            `fail away.com.: it is delegated to ns3.example.com., and not to ${to}, where the spec says that it is served: nobody asks there`,
          ],
        })
        expect((await agreement('away.com', `ns1.example.com:${tree.port}`)).agrees[0]).toMatch(/^fail away/)
      })

      test('one of them in the delegation, by its address or its name, or a hidden primary: no failure', async () => {
        const warned = ['warn moved.com.: only the zone itself names ns2.example.com.']
        for (const server of [ONE, 'ns1.example.com', TWO])
          expect(await agreement('moved.com', `${server}:${tree.port}`)).toEqual({ code: 0, agrees: warned })
      })
    })

    test('an MX that is in DNS, and that the spec leaves to somebody else: its hosts are looked at', async () => {
      const text = SPEC.replace(/domains:[\s\S]*/, `domains:\n  example.com:\n${DOMAIN.replace(/ *mx: .*\n/, '')}`)
      const without = await workspace({ 'mailsync.yaml': text })
      const { checks } = await verified({ config: without.path('mailsync.yaml') }, outsideOf(tree))
      await without.remove()
      expect(told(checks, 'mx', 'mx-target').sort()).toEqual([
        'pass example.com.: 10 mail.example.com',
        'pass mail.example.com.: 192.0.2.10',
      ])
    })

    test('an SPF that loops is a permerror, which is said once', async () => {
      const { code, checks } = await foreign('loops.com')
      expect(code).toBe(1)
      const spf = told(checks, 'spf-record', 'spf-sender')
      expect(spf).toHaveLength(1)
      expect(spf[0]).toMatch(/^fail loops\.com\.: it .*circle|loop/)
    })

    test('wildcards that answer for every name make neither a key, nor a policy, nor a leftover', async () => {
      const { code, checks } = await foreign('wild.com')
      expect(code).toBe(0)
      expect(told(checks, 'dkim-key', 'dmarc', 'leftover', 'tls-rpt', 'mta-sts')).toEqual([])
      expect(told(checks, 'dmarc-present')).toHaveLength(1)
    })

    test('a domain of no spec: what DNS shows of it', async () => {
      const { code, stdout } = await runVerify({ domain: ['example.com'], verbose: true }, outsideOf(tree))
      expect(code).toBe(0)
      expect(stdout).toContain('example.com       dkim-key: RSA, 2048 bits at s1')
      expect(stdout).toContain('Gmail, Outlook, Yahoo and Naver would take mail of example.com, as far as DNS tells.')
    })

    test('from the root down, without any resolver', async () => {
      const { code, checks } = await verified({ domain: ['example.com'], resolver: ['root'] }, outsideOf(tree))
      expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([])
      expect(code).toBe(0)
    })

    test('a resolver that has an older answer: a warning, with how long it remembers it', async () => {
      const { port } = tree
      const old = await startScriptedDns((query) =>
        replyTo(query, {
          answers:
            query.type === 'MX'
              ? [{ type: 'MX', name: query.name, ttl: 77, data: { preference: 5, exchange: 'old.example.com' } }]
              : [],
        }),
      )
      const config = space.path('mailsync.yaml')
      const resolver = [`127.0.0.1:${port}`, `127.0.0.1:${old.port}`]
      const { checks } = await verified({ config, domains: ['example.com'], resolver }, outsideOf(tree))
      old.close()
      const mx = checks.filter(({ id, asked }) => id === 'record-at-resolver' && asked.startsWith('example.com. MX'))
      expect(mx.map(({ verdict, seen }) => `${verdict} ${seen}`)).toEqual([
        'warn 5 old.example.com. in place of 10 mail.example.com.; it remembers that for 77 s',
        'pass as the spec wants it',
      ])
    })

    test('a resolver that is not reached: nothing is known, which is said once a check, and the run fails', async () => {
      const { code, checks } = await verified({ domain: ['example.com'], resolver: ['127.0.0.1:9'] }, outsideOf(tree))
      expect(code).toBe(1)
      expect(new Set(checks.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']))
      expect(told(checks, 'delegation-answers')[0]).toContain('the resolver is not reached')
      expect(told(checks, 'dkim-key')).toEqual([])
      expect(checks.length).toBeLessThan(12)
    })

    test('a progress line on a terminal, and on no pipe', async () => {
      const options = { config: space.path('mailsync.yaml'), domains: ['example.com'] }
      expect((await runVerify(options, outsideOf(tree), { isTerminal: true })).stderr).toMatch(
        /checking \d+\/\d+ \(\d+ %\)/,
      )
      expect((await runVerify(options, outsideOf(tree))).stderr).toBe('')
    })

    test('a domain that is not in the spec is told from one that is', async () => {
      const options = { config: space.path('mailsync.yaml'), domains: ['exmple.com'] }
      await expect(runVerify(options, outsideOf(tree))).rejects.toMatchObject({
        code: 'usage',
        hint: expect.stringContaining('example.com'),
      })
    })
  })
