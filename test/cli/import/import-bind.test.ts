import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Plan } from '../../../src/plan/plan.js'
import { changesOf } from '../../import/imported.js'
import { onBind } from '../../servers/on-bind.js'
import { type Workspace, workspace } from '../workspace.js'

const ZONES: Readonly<Record<string, string>> = {
  'example.com.': `
@ MX 10 mail
@ MX 20 backup.example.net.
@ 300 TXT "google-site-verification=abc"
@ 300 TXT "v=spf1 mx:example.com a:out.example.com include:_spf.google.com ~all"
@ CAA 0 issue "ca.example"
mail A 192.0.2.10
mail AAAA 2001:db8::10
mail TXT "v=spf1 ip4:192.0.2.10 ip6:2001:DB8:0::10 -all"
out A 192.0.2.20
_imaps._tcp SRV 0 1 993 mail
google._domainkey TXT "v=DKIM1; k=rsa; p=${'A'.repeat(200)}"
_dmarc TXT "v=DMARC1; p=quarantine; sp=reject; rua=mailto:dmarc@example.com"
`,
  'example.net.':
    'backup A 198.51.100.7\n@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n*._domainkey TXT "v=DKIM1; p="\n',
  '2.0.192.in-addr.arpa.': '10 PTR mail.example.com.\n20 PTR out.example.com.\n',
  '0/28.100.51.198.in-addr.arpa.': '7 PTR backup.example.net.\n',
  '0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.': '0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR mail.example.com.\n',
}

onBind('import from BIND 9', (server) => {
  let space: Workspace

  beforeEach(async () => {
    for (const [zone, content] of Object.entries(ZONES)) await server.addZone(zone, content)
    space = await workspace({})
  })
  afterEach(() => space.remove())

  function options(secret: string): string[] {
    const { host, port, key } = server
    const all = [
      `host=${host}`,
      `port=${port}`,
      `key_name=${key.name}`,
      `key_algorithm=${key.algorithm}`,
      `key_secret=${secret}`,
    ]
    return ['--class', 'rfc2136', ...all.flatMap((option) => ['--option', option])]
  }

  async function planned(env: Record<string, string>): Promise<string[]> {
    const { code, stdout, stderr } = await space.run(['plan', '--format', 'json'], { env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return changesOf(JSON.parse(stdout) as Plan)
  }

  /** What stands in a zone, without what mailsync remembers and the SOA. */
  async function transferred(zone: string): Promise<string[]> {
    const lines = (
      await server.dig(
        '-y',
        `${server.key.algorithm}:${server.key.name}:${server.key.secret}`,
        'AXFR',
        zone,
        '+nocomments',
        '+nocmd',
        '+nostats',
      )
    ).split('\n')
    return lines.filter((line) => line !== '' && !/\sSOA\s|^_mailsync\.|\sTSIG\s/.test(line)).sort()
  }

  test('zones that cannot be listed are found; after apply they say the same, and all else is as it was', async () => {
    const env = { TSIG_SECRET: server.key.secret }
    const named = ['--zone', '0/28.100.51.198.in-addr.arpa']
    const out = ['--out', space.path('mailsync.yaml')]
    const ran = await space.run(
      ['import', 'example.com', 'example.net', ...options('env/TSIG_SECRET'), ...named, ...out],
      { env },
    )
    expect(ran).toMatchObject({ code: 0, stdout: '' })
    const spec = await space.read('mailsync.yaml')
    const bare = spec.replaceAll(/^ *#.*\n|^\n/gm, '')
    expect(bare).toBe(`providers:
  dns:
    class: rfc2136
    host: 127.0.0.1
    port: ${server.port}
    key_name: mailsync-test
    key_algorithm: hmac-sha256
    key_secret: env/TSIG_SECRET
zones:
  example.com.: { targets: [dns] }
  example.net.: { targets: [dns] }
  2.0.192.in-addr.arpa.: { targets: [dns] }
  0/28.100.51.198.in-addr.arpa.: { targets: [dns] }
  0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.: { targets: [dns] }
hosts:
  mail.example.com:
    addresses: [192.0.2.10, 2001:db8::10]
  out.example.com:
    addresses: [192.0.2.20]
    publish: false
    helo_spf: false
  backup.example.net:
    addresses: [198.51.100.7]
    helo_spf: false
domains:
  example.com:
    mx: [mail.example.com, backup.example.net]
    spf: { hosts: [out.example.com], all: softfail }
    dkim: false
    dmarc: { policy: quarantine, subdomains: reject, rua: [dmarc@example.com] }
    clients:
      host: mail.example.com
      services: [imaps]
      not_offered: []
      autoconfig: false
      autodiscover: false
      pacc: false
    caa: { issue: [ca.example] }
    relays: [google]
  example.net:
    mail: none
`)
    expect(await planned(env)).toEqual(['update example.com. TXT (adopts)', 'update mail.example.com. TXT (adopts)'])

    const before = await Promise.all(Object.keys(ZONES).map(transferred))
    expect((await space.run(['apply', '--yes', '--adopt'], { env })).code).toBe(0)
    const after = await Promise.all(Object.keys(ZONES).map(transferred))
    const isSpf = (line: string): boolean => line.includes('"v=spf1')
    expect(after.map((lines) => lines.filter((line) => !isSpf(line)))).toEqual(
      before.map((lines) => lines.filter((line) => !isSpf(line))),
    )
    expect(await server.dig('+short', 'example.com', 'TXT')).toContain(
      '"v=spf1 ip4:192.0.2.10 ip4:192.0.2.20 ip4:198.51.100.7 ip6:2001:db8::10 include:_spf.google.com ~all"',
    )
    expect(await planned(env)).toEqual([])
  })

  test('a secret on the command line is used, and not written; what to do instead is said', async () => {
    const { secret } = server.key
    const ran = await space.run(['import', 'example.net', ...options(secret), '--out', space.path('mailsync.yaml')])
    expect(ran.code).toBe(0)
    expect(ran.stderr).toContain('The secret you gave is not in the spec: set TSIG_SECRET to it.')
    const spec = await space.read('mailsync.yaml')
    expect(spec + ran.stderr + ran.stdout).not.toContain(secret)
    expect(spec).toMatch(
      /# A secret has no place in this file: set the environment variable TSIG_SECRET to it\.\n {4}key_secret: env\/TSIG_SECRET\n/,
    )
    expect(await planned({ TSIG_SECRET: secret })).toEqual([])
  })

  test('a default after env/NAME, which may be the secret, is not written either', async () => {
    const { secret } = server.key
    const ran = await space.run(['import', 'example.net', ...options(`env/MY_KEY/${secret}`)])
    expect(ran.code).toBe(0)
    expect(ran.stdout).toMatch(/key_secret: env\/MY_KEY\n/)
    expect(ran.stdout).not.toContain(secret)
  })

  test('a domain the server does not have, and a key it does not know, are told with what it said', async () => {
    const elsewhere = await space.run(['import', 'example.org', ...options(server.key.secret)])
    expect(elsewhere.code).toBe(1)
    expect(elsewhere.stderr).toMatch(
      /example\.org is in no zone of this provider .*\n +tried example\.org\., org\.: .* does not serve the zone example\.org\. \(NOTAUTH\)/,
    )
    const stranger = await space.run(['import', 'example.com', ...options(Buffer.from('another').toString('base64'))])
    expect(stranger.code).toBe(1)
    expect(stranger.stderr).toMatch(/has another secret for the key mailsync-test/)
  })
})
