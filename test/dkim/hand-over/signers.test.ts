import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Workspace, workspace } from '../../cli/workspace.js'
import { startBind } from '../../servers/bind.js'
import { type DnsServer, missingServer, programPath, serverAvailable } from '../../servers/dns-server.js'
import { verifiedByDkimpy } from '../../servers/mail/dkimpy.js'
import { throughMilter } from '../../servers/mail/milter-client.js'
import { verified } from '../../servers/mail/signed-mail.js'
import { missingSigners, type Signer, startOpenDkim, startRspamd } from '../../servers/mail/signers.js'
import { rfc2136Options } from '../../servers/rfc2136-options.js'

const DAY = 86_400
const START = Date.parse('2026-11-27T06:00:00Z') / 1000
const missing = serverAvailable('bind') ? missingSigners() : missingServer('bind')

function spec({ host, port, key }: DnsServer): string {
  return `
providers:
  dns: ${rfc2136Options({ host, port, key })}
zones: { example.com: { targets: [dns], servers: ['${host}:${port}'] } }
hosts: { mail.example.com: { addresses: [192.0.2.10], reverse: false } }
domains:
  example.com:
    mx: [mail.example.com]
    dmarc: false
    ttl: 600
    dkim: { algorithms: [rsa-2048, ed25519], rotate: { every: 10d, publish_ahead: 2d, drain: 5d, revoke_for: 4d } }
`
}

function mail(number: number): string {
  const headers = [
    'From: me@example.com',
    'To: you@example.net',
    `Subject: message ${number}`,
    'Date: Fri, 27 Nov 2026 06:00:00 +0000',
    `Message-ID: <${number}@example.com>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
  ]
  return `${headers.join('\r\n')}\r\n\r\nHello  there\r\n.leading dot\r\n\r\n`
}

if (missing !== undefined) describe.skip(missing, () => test('mail that signers sign', () => {}))
else
  describe('mail that real signers sign with what was handed to them', () => {
    let server: DnsServer
    let space: Workspace
    let now: number
    let signers: Signer[]
    /** The folder of the mail host. OpenDKIM takes no private key from below a folder that others write to, as those for temporary files are. */
    let host: string
    beforeAll(async () => {
      server = await startBind()
    })
    afterAll(() => server.stop())
    beforeEach(async () => {
      now = START
      signers = []
      await server.addZone('example.com.')
      space = await workspace({ 'mailsync.yaml': spec(server) })
      host = await mkdtemp(join(process.getuid?.() === 0 ? '/var/lib' : homedir(), 'mailsync-test-'))
      await chmod(host, 0o755)
    })
    afterEach(async () => {
      for (const signer of signers) await signer.stop()
      await rm(host, { recursive: true, force: true })
      await space.remove()
    })
    const run = async (...args: string[]): Promise<string> => {
      const today = new Date(now * 1000).toISOString().slice(0, 10)
      const ran = await space.run(args, { env: { TSIG_SECRET: server.key.secret }, today, now: () => now })
      expect({ args, ...ran }).toMatchObject({ code: 0 })
      return ran.stdout + ran.stderr
    }
    /** Whether anything changed. */
    const handOver = async (format: string): Promise<boolean> =>
      !(await run('dkim', 'export', '--format', format, '--out', join(host, format))).includes('nothing was written')
    const start = async (): Promise<void> => {
      signers.push(await startOpenDkim(join(host, 'opendkim'), host))
      signers.push(await startRspamd(join(host, 'rspamd'), host, server))
    }

    test('verifies elsewhere at every moment of a whole rotation, for as long as the old key drains', async () => {
      await run('dkim', 'generate')
      await run('apply', '--yes')
      const sent: { readonly mail: string; readonly at: number; readonly signatures: number }[] = []
      const selectors = new Set<string>()
      for (; now < START + 26 * DAY; now += DAY) {
        await run('dkim', 'rotate')
        // The mail host looks every other day only: for a day its signers use a key that retires.
        if (now >= START + 2 * DAY && (now - START) % (2 * DAY) === 0) {
          const changed = [await handOver('opendkim'), await handOver('rspamd')]
          if (signers.length === 0) await start()
          else for (const [index, signer] of signers.entries()) if (changed[index]) await signer.restart()
        }
        for (const [index, signer] of signers.entries()) {
          const signed = await throughMilter(signer.port, mail(sent.length))
          for (const [, selector = ''] of signed.matchAll(/\bs=([^;\s]+);/g)) selectors.add(selector)
          sent.push({ mail: signed, at: now, signatures: index + 1 })
        }
        const onTheirWay = sent.filter(({ at }) => at > now - 4 * DAY)
        for (const one of onTheirWay)
          expect(await verified(one.mail, server)).toBe(one.signatures === 1 ? 'pass' : 'pass; pass')
        const mails = onTheirWay.map((one) => one.mail)
        if (mails.length > 0)
          expect(await verifiedByDkimpy(mails, server)).toEqual(
            onTheirWay.map(({ signatures }) => Array.from({ length: signatures }, () => true)),
          )
      }
      expect([...selectors].sort()).toEqual([
        's202611',
        's202611-ed25519',
        's202612',
        's202612-ed25519',
        's202612-ed25519b',
        's202612b',
      ])
      // And it is the keys in DNS that decide: the first mail's are revoked by now.
      const [first] = await verifiedByDkimpy([sent[0]?.mail ?? ''], server)
      expect(first).not.toContain(true)
    }, 300_000)

    test('opendkim-testkey finds that each key of the table is the one in DNS', async () => {
      await run('dkim', 'generate')
      await run('apply', '--yes')
      now += 3 * DAY
      await run('dkim', 'rotate')
      now += DAY
      await run('dkim', 'rotate')
      await handOver('opendkim')
      const resolver = join(host, 'resolver.conf')
      await writeFile(
        resolver,
        `server: do-not-query-localhost: no\nforward-zone: name: "." forward-addr: ${server.host}@${server.port}\n`,
      )
      const lines = await readFile(join(host, 'opendkim/for-opendkim.conf'), 'utf8')
      await writeFile(join(host, 'testkey.conf'), `${lines}ResolverConfiguration ${resolver}\n`)
      const test = () =>
        promisify(execFile)(programPath('opendkim-testkey') as string, ['-x', join(host, 'testkey.conf'), '-vvv'])
      expect((await test()).stdout).toContain('1 key checked; 1 pass, 0 fail')
      await server.nsupdate('update delete s202611._domainkey.example.com. TXT')
      expect((await test()).stdout).toContain('1 key checked; 0 pass, 1 fail')
    })
  })
