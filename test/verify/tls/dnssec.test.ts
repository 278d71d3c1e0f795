import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBind } from '../../servers/bind.js'
import type { DnsServer } from '../../servers/dns-server.js'
import { missingPostfix, type Resolver53, startResolver53 } from '../../servers/mail/postfix.js'
import { untilServed } from '../../servers/server-process.js'
import { missingSigner, signedZone } from '../../servers/signed-zones.js'
import { outsideOf, told, verified } from '../run-verify.js'

const HASH = 'ab'.repeat(32)
const LINES = `@ MX 10 mail\nmail A 192.0.2.10\n_25._tcp.mail TLSA 3 1 1 ${HASH}\n`
/** A host whose addresses are those of one in a zone that is not signed. */
const ALIAS = `alias CNAME mail.unsigned.test.\n_25._tcp.alias TLSA 3 1 1 ${HASH}\n`
const PROVEN = 'pass mail.proven.test.: DNSSEC proves them'
const UNSIGNED = 'warn mail.unsigned.test.: the zone is not signed, so no sender looks at them'
const BOGUS = 'fail mail.bogus.test.: DNSSEC does not verify: senders with DANE deliver no mail'

const missing = missingSigner() ?? missingPostfix()
if (missing !== undefined) describe.skip(missing, () => test('DNSSEC', () => {}))
else
  describe('what DNSSEC says of the keys of DANE, of zones that BIND signed', () => {
    let folder: string
    let server: DnsServer
    let resolver: Resolver53
    let anchors: string
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mailsync-dnssec-'))
      server = await startBind({ recursion: true })
      const [proven, bogus] = await Promise.all(
        [['proven.test.', LINES + ALIAS] as const, ['bogus.test.', LINES] as const].map(([zone, lines]) =>
          signedZone(zone, lines, folder),
        ),
      )
      const zones = ['proven.test.', 'bogus.test.', 'unsigned.test.', 'plain.test.', 'aliased.test.']
      const delegations = [...zones.map((zone) => `${zone} NS ns.test.`), proven?.ds, bogus?.ds, 'ns.test. A 127.0.0.1']
      const root = await signedZone('.', delegations.join('\n'), folder)
      const fixed = 'allow-update { none; };'
      await server.addZone('.', root.content, fixed)
      await server.addZone('proven.test.', proven?.content ?? '', fixed)
      await server.addZone('unsigned.test.', LINES, fixed)
      await server.addZone('plain.test.', '@ MX 10 mail.proven.test.\n', fixed)
      await server.addZone('aliased.test.', '@ MX 10 alias.proven.test.\n', fixed)
      // Somebody put another key there, who cannot sign it.
      await server.addZone('bogus.test.', (bogus?.content ?? '').replace(/(\sTLSA\s+3 1 1 )ABAB/, '$1CDCD'), fixed)
      await Promise.all(['.', ...zones].map((zone) => untilServed(server.host, server.port, zone)))
      resolver = await startResolver53('.', server)
      anchors = join(folder, 'anchors')
      await writeFile(anchors, `trust-anchors { ${root.anchor} };\n`)
    }, 60_000)
    afterAll(async () => {
      await resolver?.stop()
      await server?.stop()
      await rm(folder, { recursive: true, force: true })
    })
    const look = async (
      named: string,
      delv: readonly string[],
      domain: readonly string[] = ['proven.test', 'unsigned.test', 'bogus.test'],
    ): Promise<string[]> => {
      const { port } = server
      const outside = { ...outsideOf({ port, resolver: { host: '127.0.0.1', port }, roots: [] }), delv }
      return told((await verified({ domain, resolver: [named] }, outside)).checks, 'tlsa-dnssec').sort()
    }

    test('a resolver that validates, which the user names, tells it', async () => {
      expect(await look(resolver.host, ['-a', '/dev/null'])).toEqual([BOGUS, PROVEN, UNSIGNED])
    })

    test('where it does not validate, delv does, from its anchor', async () => {
      expect(await look(`127.0.0.1:${server.port}`, ['-a', anchors])).toEqual([BOGUS, PROVEN, UNSIGNED])
    })

    test.each(['a resolver', 'delv'])(
      'keys that are proven help nobody whose way to the host is not: by %s',
      async (by) => {
        const [named, delv] =
          by === 'delv' ? [`127.0.0.1:${server.port}`, ['-a', anchors]] : [resolver.host, ['-a', '/dev/null']]
        expect(await look(named, delv, ['plain.test'])).toEqual([
          expect.stringMatching(/^warn mail\.proven\.test\.: the MX of plain\.test is not signed: /),
        ])
        expect(await look(named, delv, ['proven.test', 'plain.test'])).toEqual([
          expect.stringMatching(/^warn mail\.proven\.test\.: the MX of plain\.test is not signed: /),
        ])
        expect(await look(named, delv, ['aliased.test'])).toEqual([
          'warn alias.proven.test.: not signed: A of mail.unsigned.test. So no sender looks at the TLSA of this host',
        ])
      },
    )

    test('where neither can, it is not known', async () => {
      const lines = await look(`127.0.0.1:${server.port}`, ['-a', join(folder, 'none')])
      expect(lines.map((line) => line.split(': ')[1])).toEqual(Array(3).fill('nobody was there to validate'))
    })
  })
