import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Plan } from '../../src/plan/plan.js'
import { type Ran, type Workspace, workspace } from '../cli/workspace.js'
import { changesOf, comments } from '../import/imported.js'
import { missingServer, serverAvailable } from '../servers/dns-server.js'
import { type DnsTree, startDnsTree } from '../servers/dns-tree.js'
import { KEY, person, type Script } from './person.js'

const [PARENT, OWN] = ['127.0.0.2', '127.0.0.3']
const NS = '@ NS ns.own.org.\n'
const KEY_RECORD = 'TXT "v=DKIM1; k=rsa; p=AAAA"'

const ZONES = {
  [PARENT]: {
    '.': `@ NS ns.root.\nns.root. A ${PARENT}\n`,
    'own.org.': `@ NS ns.root.\nns A ${OWN}\n`,
    'cloudflare.com.': `@ NS ns.root.\nada.ns A ${OWN}\nbob.ns A ${OWN}\n`,
    '2.0.192.in-addr.arpa.': '@ NS ns.root.\n10 PTR mail.right.org.\n20 PTR elsewhere.example.net.\n',
  },
  [OWN]: {
    'right.org.': `${NS}@ MX 10 mail
@ TXT "v=spf1 mx -all"
@ TXT "google-site-verification=abc"
_dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@right.org"
s1._domainkey ${KEY_RECORD}
mail A 192.0.2.10
mail TXT "v=spf1 a -all"
www A 192.0.2.11
`,
    'lacking.org.': `${NS}@ MX 10 mail\n@ TXT "v=spf1 ip4:192.0.2.20 -all"\nmail A 192.0.2.20\n`,
    'hidden.org.': `${NS}@ MX 10 mail\n@ TXT "v=spf1 mx -all"\nmail A 192.0.2.30\nunguessable._domainkey ${KEY_RECORD}\n_dmarc TXT "v=DMARC1; p=none"\n`,
    'empty.org.': NS,
    'parked.org.': `${NS}@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n*._domainkey TXT "v=DKIM1; p="\n`,
    'strange.org.': `${NS}@ MX 10 mx.example.net.\n@ TXT "v=spf1 ip4:192.0.2.999 -all"\n_dmarc TXT "v=DMARC1; p=none"\n`,
    'google.org.':
      '@ NS ada.ns.cloudflare.com.\n@ NS bob.ns.cloudflare.com.\n@ MX 1 aspmx.l.google.com.\n@ MX 5 alt1.aspmx.l.google.com.\n@ TXT "v=spf1 include:_spf.google.com ~all"\n',
  },
}

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('init from DNS', () => {}))
else
  describe('init, with what DNS shows', () => {
    let tree: DnsTree
    let space: Workspace
    beforeAll(async () => {
      tree = await startDnsTree(ZONES)
    })
    afterAll(() => tree.stop())
    beforeEach(async () => {
      space = await workspace({})
    })
    afterEach(() => space.remove())

    const resolver = (): string => `${tree.resolver.host}:${tree.resolver.port}`
    const init = (...args: readonly string[]): Promise<Ran> => space.run(['init', ...args, '--resolver', resolver()])
    /** The provider that really has the zones. */
    const own = (): string[] => {
      const { host, port, key } = tree.server(OWN as string)
      const options = [`host=${host}`, `port=${port}`, `key_name=${key.name}`, `key_algorithm=${key.algorithm}`]
      return ['--class', 'rfc2136', ...options.flatMap((option) => ['--option', option])]
    }
    const spec = async (): Promise<string> =>
      (await space.read('mailsync.yaml')).replace(/^\s*(#.*)?\n/gm, '').split('\nzones:')[1] as string

    /** What `mailsync plan` says of what was written, with the real servers. */
    async function planned(): Promise<{ changes: string[]; plan: Plan }> {
      const env = { TSIG_SECRET: tree.server(OWN as string).key.secret }
      const { code, stdout, stderr } = await space.run(['plan', '--format', 'json'], { env })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const plan = JSON.parse(stdout) as Plan
      return { changes: changesOf(plan), plan }
    }

    test('shows it, and of a domain that is right says that there is nothing to do', async () => {
      const { code, stderr } = await init('right.org', ...own())
      expect(code).toBe(0)
      for (const line of [
        'MX      10 mail.right.org (192.0.2.10)',
        'SPF     v=spf1 mx -all',
        'DKIM    s1',
        'DMARC   v=DMARC1; p=quarantine',
      ])
        expect(stderr).toContain(line)
      expect(stderr).not.toContain('still lacks')
      expect(await spec()).toBe(`
  right.org.: { targets: [rfc2136] }
hosts:
  mail.right.org:
    addresses: [192.0.2.10]
    reverse: false
domains:
  right.org:
    mx: [mail.right.org]
    spf: { all: fail }
    dkim: false
    dmarc: { policy: quarantine, rua: [dmarc@right.org] }
`)
      const { changes, plan } = await planned()
      expect(changes.filter((change) => !change.endsWith('(adopts)'))).toEqual([])
      expect(plan.keys).toEqual([])
    })

    test('adds what is lacking, and nothing else', async () => {
      const { stderr } = await init('lacking.org', ...own())
      expect(stderr).toContain('What DNS still lacks:\n  _dmarc.lacking.org. TXT')
      const { changes, plan } = await planned()
      expect(changes).toEqual(['create _dmarc.lacking.org. TXT', 'create mail.lacking.org. TXT'])
      expect(plan.keys).toHaveLength(2)
      expect(comments(await space.read('mailsync.yaml'))).toContain('Today: 192.0.2.20 has elsewhere.example.net.')
    })

    test('makes no keys where there is one whose selector cannot be guessed', async () => {
      const { stderr } = await init('hidden.org', ...own())
      expect(stderr).toContain('DKIM    keys with selectors that cannot be guessed')
      expect(await spec()).toContain('dkim: false')
      expect((await planned()).plan.keys).toEqual([])
    })

    test('says what is missing of a domain that has no mail yet', async () => {
      const { code, stderr } = await init('empty.org')
      expect(code).toBe(1)
      expect(stderr).toContain('what receives mail for empty.org is missing, and DNS has no MX')
      expect(stderr).toContain('what sends mail from empty.org is missing, and DNS has no SPF')
      expect(stderr).toContain('--class ')
    })

    test('of a parked domain is that it is parked', async () => {
      expect((await init('parked.org', ...own())).code).toBe(0)
      expect(await spec()).toContain('mail: none')
      expect((await planned()).changes).toEqual([])
    })

    test('leaves an SPF alone that is a permanent error', async () => {
      expect((await init('strange.org', ...own())).code).toBe(0)
      expect(await spec()).toContain('spf: false')
      expect((await planned()).changes).toEqual([])
    })

    test('keeps the MX of Google that are there, and knows by the name servers who holds the zone', async () => {
      const { code, stderr } = await init('google.org', '--receives', 'google')
      expect(code).toBe(0)
      expect(stderr).toContain('Cloudflare, class cloudflare')
      const text = await space.read('mailsync.yaml')
      expect(text).toContain('token: env/CLOUDFLARE_API_TOKEN')
      expect(text).toContain('{ host: aspmx.l.google.com, preference: 1 }')
    })

    test('keeps who may send already, when another is told', async () => {
      await init('right.org', '--sends', 'sendgrid', ...own())
      expect(await spec()).toContain('spf: { include: [sendgrid.net], all: fail }')
      expect((await planned()).changes).toEqual(['update right.org. TXT (adopts)'])
    })

    test('gives the host the addresses that it has in DNS', async () => {
      expect(
        (await init('empty.org', '--receives', 'here', '--host', 'mail.right.org', '--sends', 'here', ...own())).code,
      ).toBe(1)
      const { code } = await init('right.org', '--receives', 'here', '--sends', 'here', ...own())
      expect(code).toBe(0)
      expect(await spec()).toContain('addresses: [192.0.2.10]')
    })

    test('does not write a spec for a domain that is not there', async () => {
      const { code, stderr } = await init('absent.right.org', ...own())
      expect(code).toBe(1)
      expect(stderr).toContain('there is no such name')
      expect(stderr).toContain('--no-dns')
      await expect(space.read('mailsync.yaml')).rejects.toThrow()
    })

    test('is told where a flag names another zone', async () => {
      const { code, stderr } = await init('right.org', '--zone', 'org', ...own())
      expect(code).toBe(1)
      expect(stderr).toContain('right.org is in the zone right.org. in DNS, not in org.')
    })

    test('is the first answer to each question', async () => {
      const script: Script = [
        ['What receives mail for right.org?', KEY.enter],
        ['What sends mail from right.org?', KEY.enter],
        ['the three GitHub workflows', KEY.enter],
      ]
      const { terminal, shown, unasked } = person(script)
      const args = ['init', 'right.org', ...own(), '--resolver', resolver()]
      expect((await space.run(args, { terminal })).code).toBe(0)
      expect(unasked()).toEqual([])
      expect(shown()).toContain('as DNS has it: mail.right.org')
      expect(await spec()).toContain('mx: [mail.right.org]')
    })
  })
