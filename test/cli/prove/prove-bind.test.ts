import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Name } from '../../../records/rr/name.js'
import type { RRset } from '../../../records/rr/rrset.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { onBind } from '../../servers/on-bind.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'

interface Wanted {
  readonly hosts?: string
  readonly domain?: string
  readonly more?: string
}

const HOST = 'mail.example.com: { addresses: [192.0.2.10] }'

function spec({ host, port, key }: DnsServer, { hosts = HOST, domain = '', more = '' }: Wanted = {}): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones:
  example.com.: { targets: [dns] }
  2.0.192.in-addr.arpa.: { targets: [dns] }
defaults: { ttl: 300, dmarc: { policy: reject } }
hosts:
  ${hosts}
domains:
  example.com: { mx: [mail.example.com], dkim: { algorithms: [ed25519] }${domain} }
${more}`
}

onBind(
  'plan --prove on BIND',
  (server) => {
    let space: Workspace
    let now: number
    beforeEach(async () => {
      for (const zone of ['example.com.', '2.0.192.in-addr.arpa.'])
        await server.addZone(zone, [{ type: 'TXT', name: zone as never, ttl: 300, rdata: ['site=abc'] }])
      await server.addZone('relay.example.', [elsewhere('192.0.2.10')])
      space = await workspace({})
      await write()
      now = Date.parse('2026-11-22T12:00:00Z') / 1000
    })
    afterEach(() => space.remove())
    const write = (wanted: Wanted = {}) => space.write('mailsync.yaml', spec(server, wanted))
    const run = (...args: string[]): Promise<Ran> =>
      space.run([...args, '--resolver', `${server.host}:${server.port}`], {
        env: { TSIG_SECRET: server.key.secret },
        now: () => now,
      })
    const proof = async (...args: string[]) =>
      JSON.parse((await run('plan', '--prove', '--format', 'json', ...args)).stdout).proof
    const elsewhere = (address: string): RRset => ({
      type: 'A',
      name: 'mx.relay.example.' as Name,
      ttl: 300,
      rdata: [address],
    })
    /** The address gets a PTR that leads to a name of somebody else, who says what that has. */
    const renamed = (name: string): Wanted => ({
      hosts: `mail.example.com: { addresses: [192.0.2.10], reverse: false }
  ${name}: { addresses: [192.0.2.10] }`,
    })
    const results = (verdicts: Record<string, { result: string }>) =>
      Object.fromEntries(Object.entries(verdicts).map(([check, { result }]) => [check, result]))

    /** A domain whose mail passes everything. */
    async function passing(): Promise<void> {
      expect(await run('apply', '--yes')).toMatchObject({ code: 0 })
      now += 600
      await run('dkim', 'rotate')
      now += 600
      expect(await run('dkim', 'use', 's202611', '--force')).toMatchObject({ code: 0 })
    }

    test('a first plan: nothing passes now, and what will', async () => {
      await run('dkim', 'generate')
      const { code, stdout } = await run('plan', '--prove')
      expect(stdout).toContain(`Proof: mail of each domain from each address, now → after
  domain       from                         FCrDNS       SPF          DKIM  DMARC
  example.com  192.0.2.10 mail.example.com  none → pass  none → pass  none  none → pass
      DKIM: no key of the spec signs yet
`)
      expect(code).toBe(0)
    })

    test('as Markdown and as a page too', async () => {
      await run('dkim', 'generate')
      const markdown = await run('plan', '--prove', '--format', 'markdown')
      expect(markdown.stdout).toContain('| domain | from | FCrDNS | SPF | DKIM | DMARC |')
      expect(markdown.stdout).toContain('| none → pass | none → pass | none | none → pass |')
      const page = await run('plan', '--prove', '--format', 'html')
      expect(page.stdout).toContain('<span class="unit">SPF </span>none → pass')
    })

    test('a message is signed with the key that signs, and verified by its record', async () => {
      await passing()
      const { rows, unproven } = await proof()
      expect(rows.map((row: { domain: string; address: string }) => [row.domain, row.address])).toEqual([
        ['example.com.', '192.0.2.10'],
      ])
      expect(results(rows[0].now)).toEqual({ fcrdns: 'pass', spf: 'pass', dkim: 'pass', dmarc: 'pass' })
      expect(unproven).toEqual([])
    })

    test('where the private key is elsewhere, its record is compared', async () => {
      await passing()
      await rm(space.path('keys/example.com/s202611.pem'))
      const { stdout } = await run('plan', '--prove')
      expect(stdout).toContain('192.0.2.10 mail.example.com  pass    pass  key   pass')
      expect(stdout).toContain('key: the DKIM record is the right one; the private key is not here to sign with')
      await server.edit([
        { type: 'TXT', name: 's202611._domainkey.example.com.' as Name, ttl: 300, rdata: ['v=DKIM1; p='] },
      ])
      expect(results((await proof()).rows[0].now)).toMatchObject({ dkim: 'fail', dmarc: 'pass' })
    })

    test('a plan that takes what passes now is refused with 3, by apply too, until --force', async () => {
      await passing()
      await space.write('mailsync.yaml', spec(server).replace('dkim: { algorithms: [ed25519] }', 'dkim: false'))
      const { code, stdout } = await run('plan', '--prove')
      expect(code).toBe(3)
      expect(stdout).toContain('pass    pass  pass → fail  pass')
      expect(stdout).toContain('Apply will want --force, to break what passes now.')
      const applied = await run('apply', '--yes', '--prove')
      expect(applied).toMatchObject({ code: 3 })
      expect(applied.stderr).toContain(
        'mail of example.com from 192.0.2.10 passes DKIM now, and then would not: fail, s202611._domainkey.example.com: no key',
      )
      expect(await run('apply', '--yes', '--prove', '--force')).toMatchObject({ code: 0 })
    })

    test('a saved plan is proven again when it is carried out', async () => {
      await passing()
      await write(renamed('mx.relay.example'))
      const file = space.path('plan.json')
      expect(await run('plan', '--prove', '--out', file)).toMatchObject({ code: 0 })
      await server.edit([elsewhere('198.51.100.1')])
      const refused = await run('apply', file, '--yes', '--format', 'json')
      expect(refused.code).toBe(3)
      expect(JSON.parse(refused.stdout).refusals).toMatchObject([
        {
          guard: 'proof',
          message: expect.stringContaining('the PTR leads to mx.relay.example, which has only 198.51.100.1'),
        },
      ])
      await server.edit([elsewhere('192.0.2.10')])
      expect(await run('apply', file, '--yes')).toMatchObject({ code: 0 })
    })

    test('a host that gets another name: caches have the old PTR while its address is gone', async () => {
      await passing()
      await space.write(
        'mailsync.yaml',
        spec(server, { hosts: 'mx1.example.com: { addresses: [192.0.2.10] }' }).replace('mx: [mail', 'mx: [mx1'),
      )
      const { code, stdout } = await run('plan', '--prove')
      expect(code).toBe(3)
      expect(stdout).toContain(
        'FCrDNS in between, while 10.2.0.192.in-addr.arpa. PTR is still as it was: fail, the PTR leads to mail.example.com, which has no address',
      )
    })

    test('a name that is new takes a wildcard away from those above it: BIND answers as the proof says', async () => {
      await run('dkim', 'generate')
      const reverse: RRset = {
        type: 'PTR',
        name: '10.2.0.192.in-addr.arpa.' as Name,
        ttl: 300,
        rdata: ['out.example.com.' as Name],
      }
      await server.edit([{ type: 'A', name: '*.example.com.' as Name, ttl: 300, rdata: ['192.0.2.10'] }])
      await server.edit([reverse])
      await write({
        hosts: 'mail.example.com: { addresses: [192.0.2.10], reverse: false }',
        more: '  shop.out.example.com: { mail: none }',
      })
      const { code, stdout } = await run('plan', '--prove')
      expect(code).toBe(3)
      expect(stdout).toContain('FCrDNS: the PTR leads to out.example.com, which has no address')
      expect(await run('apply', '--yes', '--force')).toMatchObject({ code: 0 })
      const { rows } = await proof()
      expect(rows[0].now.fcrdns).toEqual({
        result: 'fail',
        why: 'the PTR leads to out.example.com, which has no address',
      })
    })

    test('only the domains asked for are proven; those that send from elsewhere are named', async () => {
      await write({
        more: '  news.example.com: { spf: { terms: ["exists:%{i}.relay.example"] }, dkim: false, dmarc: false }',
      })
      const { stdout } = await run('plan', '--prove', '--domain', 'news.example.com')
      expect(stdout).toContain(`Proof: mail of each domain from each address, now → after
  not proven, because the spec names nobody who sends for it whose address could be told: news.example.com
`)
    })

    test('verify --message judges a message by DNS as it is', async () => {
      await passing()
      const { host, port } = server
      const servers = spec(server).replaceAll('{ targets: [dns] }', `{ targets: [dns], servers: ['${host}:${port}'] }`)
      await space.write('mailsync.yaml', servers)
      const messages = async (...args: string[]) => {
        const { stdout } = await run('verify', '--format', 'json', ...args)
        const checks: { id: string; verdict: string; seen: string }[] = JSON.parse(stdout).checks
        return checks.filter(({ id }) => id.startsWith('message-')).map(({ id, verdict, seen }) => [id, verdict, seen])
      }
      expect(await messages()).toEqual([])
      expect(await messages('--message')).toEqual([
        ['message-dkim', 'pass', 'pass'],
        ['message-dmarc', 'pass', 'pass'],
        ['message-spf', 'pass', 'pass'],
      ])
      await server.nsupdate('update delete s202611._domainkey.example.com. TXT')
      await server.edit([{ type: 'TXT', name: 'example.com.' as Name, ttl: 300, rdata: ['v=spf1 ~all'] }])
      expect(await messages('--message')).toEqual([
        ['message-dkim', 'fail', 'fail: s202611._domainkey.example.com: no key'],
        ['message-dmarc', 'fail', 'fail: neither SPF nor DKIM passes, and example.com says p=reject'],
        ['message-spf', 'fail', 'softfail: example.com: v=spf1 ~all'],
      ])
    })

    test('verify --message where the private key is not here says that a throw-away message was judged, and is no failure for it', async () => {
      await passing()
      const { host, port } = server
      const servers = spec(server).replaceAll('{ targets: [dns] }', `{ targets: [dns], servers: ['${host}:${port}'] }`)
      await space.write('mailsync.yaml', servers)
      const whole = await run('verify', '--message')
      await rm(space.path('keys/example.com/s202611.pem'))
      const { code, stdout } = await run('verify', '--message')
      expect(code).toBe(whole.code)
      expect(stdout).toMatch(
        /^unknown {2}example\.com +message-dkim: .* private key is not here, so a throw-away message without a signature was judged$/m,
      )
      const { checks } = JSON.parse((await run('verify', '--message', '--format', 'json')).stdout)
      expect(checks.filter(({ id }: { id: string }) => id === 'message-dmarc')).toMatchObject([{ verdict: 'pass' }])
    })

    test('DNS that gives no answer is no failure', async () => {
      await passing()
      await server.addZone('silent.example.', '', 'allow-query { none; };')
      await write(renamed('mx.silent.example'))
      const { rows } = await proof()
      expect(rows[0].after.fcrdns).toEqual({ result: 'unknown', why: expect.stringContaining('REFUSED') })
      expect(rows[0].broken).toBeUndefined()
    })
  },
  { recursion: true, zones: { 'com.': '' } },
)
