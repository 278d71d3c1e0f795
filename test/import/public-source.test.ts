import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PublicDnsOptions, publicDns } from '../../providers/dns/client/public-dns.js'
import type { Name } from '../../records/rr/name.js'
import { importSpec } from '../../src/import/import-config.js'
import { publicSource } from '../../src/import/source/public-source.js'
import type { Source } from '../../src/import/source/source.js'
import { missingServer, serverAvailable } from '../servers/dns-server.js'
import { type DnsTree, startDnsTree } from '../servers/dns-tree.js'
import { comments } from './imported.js'

const [PARENT, ONE, TWO] = ['127.0.0.2', '127.0.0.3', '127.0.0.4']
const CLOUDFLARE = '@ NS ada.ns.cloudflare.com.\n@ NS bob.ns.cloudflare.com.\n'

const EXAMPLE = `${CLOUDFLARE}
@ MX 10 mail
@ TXT "v=spf1 mx a:out.example.com include:_spf.google.com ~all"
@ TXT "google-site-verification=abc"
_dmarc TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com,mailto:dmarc@example.org"
mail A 192.0.2.10
mail AAAA 2001:db8::10
mail TXT "v=spf1 a -all"
out A 198.51.100.7
google._domainkey TXT "v=DKIM1; k=rsa; p=AAAA"
s202609._domainkey TXT "v=DKIM1; k=rsa; p=BBBB"
s1._domainkey CNAME s1.domainkey.u1.wl.sendgrid.net.
unguessable._domainkey TXT "v=DKIM1; k=rsa; p=CCCC"
autoconfig CNAME web
_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tls@example.com"
_imaps._tcp SRV 0 1 993 mail
`

const ZONES = {
  [PARENT]: {
    '.': `@ NS ns.root.
ns.root. A ${PARENT}
com. NS ns.root.
arpa. NS ns.root.
`,
    'com.': `@ NS ns.root.
cloudflare NS ns.root.
example NS ada.ns.cloudflare.com.
example NS bob.ns.cloudflare.com.
`,
    'arpa.': `@ NS ns.root.
2.0.192.in-addr NS ada.ns.cloudflare.com.
2.0.192.in-addr NS bob.ns.cloudflare.com.
`,
    'cloudflare.com.': `@ NS ns.root.\nada.ns A ${ONE}\nbob.ns A ${TWO}\n`,
    'gandi.net.': `@ NS ns.root.\nns-1-a A ${ONE}\nns-2-b A ${ONE}\n`,
    'nobody.org.': `@ NS ns.root.\nns A ${ONE}\n`,
    '100.51.198.in-addr.arpa.': '@ NS ns.root.\n7 PTR out.example.com.\n',
  },
  [ONE]: {
    'example.com.': EXAMPLE,
    'example.org.': `${CLOUDFLARE}@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\nexample.com._report._dmarc TXT "v=DMARC1;"\n`,
    '2.0.192.in-addr.arpa.': `${CLOUDFLARE}10 PTR mail.example.com.\n`,
    'gandi.org.':
      '@ NS ns-1-a.gandi.net.\n@ NS ns-2-b.gandi.net.\n@ MX 10 mx\nmx A 192.0.2.76\nunguessable._domainkey TXT "v=DKIM1; p="\n',
    'panel.org.': '@ NS ns.nobody.org.\n@ MX 10 mx.panel.org.\nmx A 192.0.2.77\n',
    'mixed.org.': '@ NS ns.nobody.org.\n@ NS ada.ns.cloudflare.com.\n@ MX 10 mx\nmx A 192.0.2.78\n',
    'closed.org.': '@ NS ns.no-address.org.\n@ MX 10 mx\nmx A 192.0.2.79\n',
  },
  [TWO]: {
    'example.com.': EXAMPLE.replace('p=quarantine', 'p=none'),
    'example.org.': `${CLOUDFLARE}@ MX 0 .\n@ TXT "v=spf1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\nexample.com._report._dmarc TXT "v=DMARC1;"\n`,
  },
}

if (!serverAvailable('bind')) describe.skip(missingServer('bind'), () => test('import from public DNS', () => {}))
else
  describe('import from public DNS', () => {
    let tree: DnsTree
    beforeAll(async () => {
      tree = await startDnsTree(ZONES)
    })
    afterAll(() => tree.stop())

    interface Read {
      readonly source: Source
      /** The spec without its comments. */
      readonly bare: string
      /** Its comments. */
      readonly said: string
      readonly adoptions: number
    }

    async function read(...domains: string[]): Promise<Read> {
      const { host, port } = tree.resolver
      return readThrough({ resolver: `${host}:${port}`, port: tree.port }, domains)
    }

    async function readThrough(options: PublicDnsOptions, domains: readonly string[]): Promise<Read> {
      const dns = publicDns(options)
      try {
        const { signal } = new AbortController()
        const run = { today: '2026-11-22', signal }
        const source = await publicSource(dns, domains as Name[], run, options.resolver)
        const { text, adoptions } = await importSpec(domains as Name[], source, { ...run, also: [], schema: undefined })
        const bare = text.replace(/^\s*(#.*)?\n/gm, '')
        return { source, bare, said: comments(text), adoptions: adoptions.length }
      } finally {
        dns.close()
      }
    }

    test('what has a name that can be guessed becomes a spec that changes the spelling of an SPF only', async () => {
      const { bare, adoptions } = await read('example.com.')
      expect(adoptions).toBe(1)
      expect(bare).toBe(`providers:
  dns:
    class: cloudflare
    token: env/CLOUDFLARE_API_TOKEN
zones:
  example.com.: { targets: [dns] }
  2.0.192.in-addr.arpa.: { targets: [dns] }
hosts:
  mail.example.com:
    addresses: [192.0.2.10, 2001:db8::10]
  out.example.com:
    addresses: [198.51.100.7]
    publish: false
    reverse: manual
    helo_spf: false
domains:
  example.com:
    mx: [mail.example.com]
    spf: { hosts: [out.example.com], include: [_spf.google.com], all: softfail }
    dkim: { algorithms: [], keys: { s1: { cname: s1.domainkey.u1.wl.sendgrid.net } } }
    dmarc: { policy: quarantine, rua: [dmarc@example.com, dmarc@example.org] }
    tls_rpt: { rua: [tls@example.com] }
    clients:
      host: mail.example.com
      services: [imaps]
      not_offered: []
      autoconfig: web.example.com
      autodiscover: false
      pacc: false
`)
    })

    test('says what was asked, what was seen, and that there may be more', async () => {
      const { said, source } = await read('example.com.')
      expect(said).toMatch(/DNS answers for names, and lists none: \d+ questions were asked\./)
      expect(said).toMatch(
        /at the selectors default, .* google, .*; and at those that name a month, from 202611 back to dkim202412\./,
      )
      expect(said).toContain(
        'example.com and 2.0.192.in-addr.arpa: ada.ns.cloudflare.com, bob.ns.cloudflare.com are run by Cloudflare.',
      )
      expect(said).toContain(
        '192.0.2.10 leads to mail.example.com, 2001:db8::10 has none, 198.51.100.7 leads to out.example.com.',
      )
      expect(said).toContain('google (TXT)  p= holds no RSA key (RFC 6376 §3.6.1)')
      expect(said).not.toContain('unguessable')
      expect(source.limits?.slice(0, 2)).toEqual([
        expect.stringMatching(
          /^Read from public DNS, which answers for names and lists none: \d+ questions were asked/,
        ),
        'A provider as source is whole: fill in `providers` in the spec, then `mailsync import example.com --config FILE --provider dns`.',
      ])
    })

    test('says where name servers disagree, or do not answer', async () => {
      const { source } = await read('example.com.')
      const bob = `bob.ns.cloudflare.com. (${TWO} port ${tree.port})`
      expect(source.limits?.slice(2)).toEqual([
        `example.com.: not the same everywhere: of _dmarc.example.com. TXT ${bob} says something else`,
        `2.0.192.in-addr.arpa.: ${bob} answers REFUSED for 2.0.192.in-addr.arpa.`,
      ])
    })

    test('domains whose reports go to each other stay as they are', async () => {
      const { bare, adoptions } = await read('example.com.', 'example.org.')
      expect(adoptions).toBe(1)
      expect(bare).toMatch(/ {2}example\.org:\n {4}mx: none\n/)
      expect(bare).toContain('rua: [dmarc@example.com, dmarc@example.org]')
    })

    test('an octoDNS plugin is named where one writes to the name servers', async () => {
      const { bare, said } = await read('gandi.org.')
      expect(bare).toContain(`  dns:
    class: octodns
    provider: { class: octodns_gandi.GandiProvider, token: env/GANDI_TOKEN }
`)
      expect(said).toContain('are run by Gandi, which octoDNS writes to: `pip install octodns octodns-gandi`')
    })

    test.each([
      [
        'name servers that nobody knows',
        'panel.org.',
        'ns.nobody.org are run by somebody whom mailsync does not know: with `manual`',
      ],
      [
        'name servers of several operators',
        'mixed.org.',
        /are run by .*Cloudflare.*: with `manual` mailsync says what to enter there/,
      ],
    ])('%s are written to by a person', async (_, domain, about) => {
      const { bare, said } = await read(domain)
      expect(bare).toMatch(
        new RegExp(`  dns:\\n    class: manual\\n    resolver: .*\\nzones:\\n  ${domain}: .*\\nhosts:`),
      )
      expect(said).toMatch(about)
    })

    test('domains of several operators get a provider each', async () => {
      const { bare, source } = await read('example.com.', 'gandi.org.', 'panel.org.')
      expect(bare).toContain(`
  cloudflare:
    class: cloudflare
    token: env/CLOUDFLARE_API_TOKEN
`)
      expect(bare).toContain(`
  gandi:
    class: octodns
    provider: { class: octodns_gandi.GandiProvider, token: env/GANDI_TOKEN }
`)
      expect(bare).toMatch(/\n {2}manual:\n {4}class: manual\n/)
      for (const [zone, target] of [
        ['example.com.', 'cloudflare'],
        ['gandi.org.', 'gandi'],
        ['panel.org.', 'manual'],
      ])
        expect(bare).toContain(`  ${zone}: { targets: [${target}] }\n`)
      expect(source.limits?.[1]).toContain('--config FILE --provider NAME')
    })

    test('that there are DKIM keys is told, where no selector can be guessed', async () => {
      const { source, said } = await read('gandi.org.')
      const about =
        '_domainkey.gandi.org. has names below it, DKIM keys most likely, but none at a selector that was tried'
      expect(source.limits).toContain(about)
      expect(said).toContain(about)
    })

    test('where no name server answers, the resolver is asked, and that is said', async () => {
      const { bare, source } = await read('closed.org.')
      expect(bare).toContain('    mx: [mx.closed.org]\n')
      expect(source.limits?.[2]).toBe(
        'closed.org.: read through the resolver, whose TTLs count down, because no name server answers for closed.org.: ns.no-address.org. has no address that can be found',
      )
    })

    test('from the root down, without a resolver, the same is found', async () => {
      const fromRoot = { resolver: 'root', roots: tree.roots, port: tree.port }
      const [through, without] = [await read('example.com.'), await readThrough(fromRoot, ['example.com.'])]
      expect(without.said).toBe(through.said)
    })

    test('domains that do not exist are told all at once', async () => {
      await expect(read('example.com.', 'missing.org.', 'x.example.com.')).rejects.toMatchObject({
        problems: [
          { message: 'missing.org is not in DNS: its name servers say that there is no such name' },
          { message: 'x.example.com is not in DNS: its name servers say that there is no such name' },
        ],
      })
    })
  })
