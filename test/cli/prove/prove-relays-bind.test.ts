import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

const KEY = 'v=DKIM1; k=ed25519; p=ILzJRdQpYAeqaPJl/e+sOtuB/vv5FSM+2ENo7dQ2yyc='
const OTHER = 'v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='
const TOKENS = ['aaa', 'bbb', 'ccc']
const GOOGLE = `google: { key: "${KEY}", mx: false }`
const SES = `amazon-ses: { region: eu-west-1, tokens: [${TOKENS}]`
const SENDGRID = 'sendgrid: { target: u1.wl1.sendgrid.net, return_path: em1 }'
const RELAYS = `{ ${GOOGLE}, ${SES}, mail_from: bounce }, ${SENDGRID} }`

/** What the relays publish, as far as it is asked for; `keys` of SES that are there. */
const relayZones = (keys: readonly string[] = TOKENS): Readonly<Record<string, string>> => ({
  'google.com.':
    '_spf TXT "v=spf1 include:_netblocks.google.com ~all"\n_netblocks TXT "v=spf1 ip4:203.0.113.0/28 ~all"\n',
  'amazonses.com.': `@ TXT "v=spf1 ip6:2001:db8:5::/48 ip4:203.0.113.64/28 -all"\n${keys.map((token) => `${token}.dkim TXT "${KEY}"\n`).join('')}`,
  'sendgrid.net.': `u1.wl1 TXT "v=spf1 ip4:203.0.113.128/28 -all"\ns1.domainkey.u1.wl1 TXT "${KEY}"\ns2.domainkey.u1.wl1 TXT "${KEY}"\n`,
})

onBind(
  'plan --prove on BIND, of relays',
  (server) => {
    let space: Workspace
    beforeEach(async () => {
      await server.addZone('example.com.', [])
      space = await workspace({})
      await write()
    })
    afterEach(() => space.remove())
    const write = ({ relays = RELAYS, rest = '', more = '' } = {}) => {
      const { host, port, key } = server
      return space.write(
        'mailsync.yaml',
        `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones:
  example.com.: { targets: [dns], servers: ['${host}:${port}'] }
defaults: { ttl: 300, dmarc: { policy: reject } }
domains:
  example.com: { mx: [{ host: mx.relay.example }], ${rest === '' ? '' : `${rest}, `}relays: ${relays} }${more}
`,
      )
    }
    const run = (...args: string[]): Promise<Ran> =>
      space.run([...args, '--resolver', `${server.host}:${server.port}`], { env: { TSIG_SECRET: server.key.secret } })
    const apply = async (...args: string[]): Promise<void> =>
      expect(await run('apply', '--yes', ...args)).toMatchObject({ code: 0 })
    type Verdicts = Readonly<Record<'fcrdns' | 'spf' | 'dkim' | 'dmarc', { readonly result: string }>>
    const plan = async () => {
      const { code, stdout } = await run('plan', '--prove', '--format', 'json')
      const { rows, unproven } = JSON.parse(stdout).proof
      const shown = (rows as { of: string; domain: string; now: Verdicts; after: Verdicts }[]).map(
        ({ of, domain, now, after }) => {
          const results = (verdicts: Verdicts) => Object.values(verdicts).map(({ result }) => result)
          const [was, is] = [results(now), results(after)]
          const cells = is.map((result, index) => (was[index] === result ? result : `${was[index]} → ${result}`))
          return `${domain} ${of}: ${cells.join(', ')}`
        },
      )
      return { code, rows: shown.sort(), unproven }
    }

    test('each relay has a row: an address that its SPF lets in, its envelope, the records of its keys', async () => {
      const first = await run('plan', '--prove')
      expect(first.stdout).toContain(`Proof: mail of each domain from each address, now → after
  domain       from                           FCrDNS  SPF          DKIM        DMARC
  example.com  203.0.113.0 Google Workspace   theirs  none → pass  fail → key  none → pass
  example.com  203.0.113.64 Amazon SES        theirs  none → pass  fail → key  none → pass
  example.com  203.0.113.128 Twilio SendGrid  theirs  none → pass  fail → key  none → pass
  theirs: what a relay has of its own; one address that its SPF lets in is judged, and the records of its keys
`)
      await apply('--prove')
      expect(await plan()).toEqual({
        code: 0,
        unproven: [],
        rows: [
          'example.com. Amazon SES: theirs, pass, key, pass',
          'example.com. Google Workspace: theirs, pass, key, pass',
          'example.com. Twilio SendGrid: theirs, pass, key, pass',
        ],
      })
    })

    test('a relay that leaves the spec is refused, by its include or by its keys', async () => {
      await apply()
      await write({ relays: `{ ${SES}, mail_from: bounce }, ${SENDGRID} }` })
      const { code, rows } = await plan()
      expect(code).toBe(3)
      expect(rows).toContain(
        'example.com. include:_spf.google.com (203.0.113.0/28): theirs, pass → softfail, none, pass → fail',
      )
      expect(rows).toContain('example.com. whoever signs with google: theirs, unknown, key → fail, pass → unknown')
      await write({ relays: `{ ${GOOGLE}, ${SENDGRID} }` })
      expect((await plan()).rows.filter((row) => row.includes('Amazon'))).toEqual(
        TOKENS.map(() => 'example.com. Amazon SES: theirs, unknown, key → fail, pass → unknown'),
      )
      const refused = await run('apply', '--yes', '--prove')
      expect(refused.code).toBe(3)
      expect(refused.stderr).toContain(
        'mail of example.com from Amazon SES, passes DKIM now, and then would not: fail, aaa._domainkey.example.com: no key',
      )
      expect(await run('apply', '--yes', '--prove', '--force')).toMatchObject({ code: 0 })
      expect(await plan()).toMatchObject({ code: 0, rows: [expect.anything(), expect.anything()] })
    })

    test('so are the keys of a domain that leaves the spec with its relay', async () => {
      const more = `\n  news.example.com: { relays: { ${SES} } } }`
      await write({ more })
      await apply()
      await write()
      const { code, rows } = await plan()
      expect(code).toBe(3)
      expect(rows.filter((row) => row.startsWith('news.'))).toEqual(
        TOKENS.map(() => 'news.example.com. Amazon SES: theirs, unknown, key → fail, pass → unknown'),
      )
    })

    test('without a bounce domain the envelope is the relay’s own: DMARC rests on DKIM', async () => {
      await write({ relays: `{ ${SES} } }` })
      await apply()
      expect((await plan()).rows).toEqual(['example.com. Amazon SES: theirs, theirs, key, pass'])
      await server.addZone('amazonses.com.', relayZones(['aaa', 'bbb'])['amazonses.com.'] as string)
      const { stdout } = await run('plan', '--prove')
      await server.addZone('amazonses.com.', relayZones()['amazonses.com.'] as string)
      expect(stdout).toContain('example.com  Amazon SES  theirs  theirs  fail  fail')
      expect(stdout).toContain('DKIM: ccc._domainkey.example.com: no key')
      expect(stdout).toContain('SPF: the sender in the envelope is the relay itself, so it does not align')
    })

    test('strict alignment takes the pass of a bounce domain, and not that of the domain itself', async () => {
      const strict = (aspf: string) => ({ rest: `dmarc: { policy: reject, aspf: ${aspf} }` })
      const relays = `{ ${SENDGRID} }`
      await write({ relays, ...strict('relaxed') })
      await apply()
      await server.nsupdate('update delete s1._domainkey.example.com. CNAME')
      expect((await plan()).rows).toEqual(['example.com. Twilio SendGrid: theirs, pass, fail → key, pass'])
      await server.edit([
        { type: 'TXT', name: '_dmarc.example.com.' as Name, ttl: 300, rdata: ['v=DMARC1; p=reject; aspf=s'] },
      ])
      const { stdout } = await run('plan', '--prove', '--format', 'json')
      expect(JSON.parse(stdout).proof.rows[0].now.dmarc).toEqual({
        result: 'fail',
        why: 'DKIM does not pass, and SPF not for exactly the domain (aspf=s), and example.com says p=reject',
      })
    })

    test('a relay that changes its key is no loss', async () => {
      await apply()
      await write({ relays: RELAYS.replace(KEY, OTHER) })
      expect((await plan()).code).toBe(0)
    })

    test('an include and a key that are written without a relay belong together; a key beside hosts is theirs', async () => {
      const held = `dkim: { keys: { k1: { txt: "${KEY}" } } }`
      await write({ relays: '[]', rest: `spf: { include: [_spf.google.com] }, ${held}` })
      await apply()
      expect((await plan()).rows).toEqual(['example.com. Google Workspace: theirs, pass, key, pass'])
      await write({ relays: '[]', rest: 'spf: { include: [_spf.google.com] }' })
      expect((await plan()).rows).toContain(
        'example.com. whoever signs with k1: theirs, unknown, key → fail, pass → unknown',
      )
      await write({ relays: '[]', rest: `spf: { addresses: [192.0.2.7] }, ${held}` })
      await apply('--force')
      expect((await plan()).rows).toEqual(['example.com. 192.0.2.7: none, pass, key, pass'])
    })

    test('an include without an SPF there, and one that lists no address', async () => {
      await server.addZone('relay.example.', '_macro TXT "v=spf1 exists:%{i}._ip.relay.example -all"\n')
      await write({ relays: '[]', rest: 'spf: { include: [_none.relay.example] }' })
      expect((await plan()).rows).toEqual([
        'example.com. include:_none.relay.example: theirs, permerror, none, none → fail',
      ])
      await write({ relays: '[]', rest: 'spf: { include: [_macro.relay.example] }' })
      expect((await plan()).rows).toEqual([
        'example.com. include:_macro.relay.example: theirs, unknown, none, none → unknown',
      ])
    })

    test('an SPF of the spec that others include is no relay and no domain of mail: those it names are ours', async () => {
      const shared = (rest: string, more = '') =>
        write({ relays: '[]', rest: `dkim: { keys: { k1: { txt: "${KEY}" } } }, ${rest}`, more })
      await shared('spf: { addresses: [192.0.2.7] }')
      await apply()
      await shared('spf: { include: [_spf.example.com] }', '\n  _spf.example.com: { spf: { addresses: [192.0.2.7] } }')
      expect(await plan()).toEqual({ code: 0, unproven: [], rows: ['example.com. 192.0.2.7: none, pass, key, pass'] })
      await apply('--prove')
      await shared('spf: { addresses: [192.0.2.7] }')
      const { code, stdout } = await run('plan', '--prove')
      expect(code).toBe(3)
      expect(stdout).toContain('SPF in between, while example.com. TXT is still as it was: permerror')
    })

    test('verify --message judges relays too', async () => {
      await apply()
      const { stdout } = await run('verify', '--message', '--format', 'json')
      const checks: { id: string; verdict: string; asked: string; seen: string }[] = JSON.parse(stdout).checks
      const of = (relay: string) =>
        checks
          .filter(({ id, asked }) => id.startsWith('message-') && asked.includes(`by ${relay}`))
          .map(({ id, verdict, asked, seen }) => [id, verdict, asked, seen])
      expect(of('Amazon SES')).toEqual([
        [
          'message-dkim',
          'pass',
          'a message of example.com by Amazon SES',
          'the record of the key is sound; its private half is not here to sign with',
        ],
        ['message-dmarc', 'pass', 'a message of example.com by Amazon SES from 203.0.113.64', 'pass'],
        ['message-spf', 'pass', 'a message of example.com by Amazon SES from 203.0.113.64', 'pass'],
      ])
    })
  },
  { recursion: true, zones: { 'com.': '', 'in-addr.arpa.': '', 'net.': '', ...relayZones() } },
)
