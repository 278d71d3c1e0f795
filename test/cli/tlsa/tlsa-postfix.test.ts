import { setTimeout as tick } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBind } from '../../servers/bind.js'
import type { DnsServer } from '../../servers/dns-server.js'
import {
  missingPostfix,
  type Postfix,
  type Resolver53,
  startPostfix,
  startResolver53,
} from '../../servers/mail/postfix.js'
import { type TestCa, testCa } from '../../servers/renewals.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'
import { type Ran, type Workspace, workspace } from '../workspace.js'
import { tlsaInDns } from './tlsa-in-dns.js'

const TTL = 600
const START = Math.floor(Date.now() / 1000)
const ZONE = 'dane.test.'
const HOST = 'mail.dane.test'
const SIGNED = 'dnssec-policy default; inline-signing no; key-directory "KEYS";'

const missing = missingPostfix()
if (missing !== undefined) describe.skip(missing, () => test('DANE with Postfix', () => {}))
else
  describe('a Postfix that senders know by DANE', () => {
    let server: DnsServer
    let postfix: Postfix
    let resolver: Resolver53
    let space: Workspace
    let ca: TestCa
    let now = START
    beforeAll(async () => {
      space = await workspace({})
      server = await startBind()
      const rights = `allow-transfer { key "${server.key.name}"; }; allow-update { key "${server.key.name}"; };`
      await server.addZone(ZONE, `mail 600 IN A 127.0.0.1\n`, `${rights} ${SIGNED.replace('KEYS', space.directory)}`)
      for (let tries = 0; !(await server.dig('+dnssec', HOST, 'A')).includes('RRSIG') && tries < 200; tries++)
        await tick(100)
      ca = await testCa(space.path('ca'), HOST)
      await ca.renew(space.path('live'))
      resolver = await startResolver53(ZONE, server)
      postfix = await startPostfix(HOST, space.path('server.pem'))
      await space.write('mailsync.yaml', spec())
    })
    afterAll(async () => {
      await postfix?.stop()
      await resolver?.stop()
      await server?.stop()
      await space?.remove()
    })
    const spec = (): string => `
providers:
  dns: ${rfc2136Options(server)}
zones: { ${ZONE}: { targets: [dns], servers: ["${server.host}:${server.port}"] } }
hosts:
  ${HOST}:
    addresses: [127.0.0.1]
    publish: false
    reverse: false
    helo_spf: false
    ttl: { tlsa: ${TTL} }
    tlsa:
      ports: [${postfix.port}]
      roll: { certificate: live, install: server.pem, reload: ${postfix.reload} }
domains: { ${ZONE}: { mx: [${HOST}], dmarc: false, dkim: false } }
`
    const run = (...args: string[]): Promise<Ran> =>
      space.run(['tlsa', ...args], {
        env: { TSIG_SECRET: server.key.secret, PATH: process.env.PATH ?? '', RENEWED_LINEAGE: space.path('live') },
        today: new Date(now * 1000).toISOString().slice(0, 10),
        now: () => now,
      })
    const inDns = (): Promise<readonly string[]> => tlsaInDns(server, `_${postfix.port}._tcp.${HOST}`)

    test('takes a fresh key at each renewal, and no sender refuses it at any moment', async () => {
      const remembered: { readonly keys: readonly string[]; readonly at: number }[] = []
      const seen = new Set<string>()
      for (let step = 0; step < 18; step++, now += TTL / 2) {
        if (step === 1 || step === 9) {
          await ca.renew(space.path('live'))
          expect((await run('roll', '--deploy-hook')).code).toBe(3)
        } else expect(await run('roll')).toMatchObject({ code: 0 })
        remembered.push({ keys: await inDns(), at: now })
        const served = await ca.hashOf(space.path('server.pem'))
        seen.add(served)
        for (const { keys } of remembered.filter(({ at }) => at > now - TTL)) expect(keys).toContain(served)
        expect(await postfix.finger(HOST, resolver)).toContain('Verified TLS connection established')
      }
      expect(seen.size).toBe(3)
      expect(await inDns()).toEqual([await ca.hashOf(space.path('live/fullchain.pem'))])
      const { stdout, code } = await run('status')
      expect({ stdout, code }).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(
          `port ${postfix.port}: answers with 3 1 1 ${await ca.hashOf(space.path('server.pem'))}`,
        ),
      })
    })

    test('status says when it answers with a key that is not published, and senders do refuse that', async () => {
      const before = await space.read('server.pem')
      await ca.renew(space.path('other'))
      await space.write(
        'server.pem',
        (await space.read('other/privkey.pem')) + (await space.read('other/fullchain.pem')),
      )
      const [program = '', ...args] = postfix.reload.split(' ')
      const { run: call } = await import('../../servers/server-process.js')
      await call(program, args)
      const refused = await postfix.finger(HOST, resolver)
      expect(refused).not.toContain('Verified TLS connection established')
      const { stdout, code } = await run('status')
      expect({ stdout, code }).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('is not published: senders with DANE refuse it'),
      })
      await space.write('server.pem', before)
    })
  })
