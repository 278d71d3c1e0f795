import { spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { relayDns } from '../../servers/dns-relay.js'
import { programPath } from '../../servers/dns-server.js'
import { throughMilter } from '../../servers/milter-client.js'
import { startMilter } from '../../servers/signers.js'
import type { Mail } from './mail.js'
import type { Receiver } from './rspamd-receiver.js'

const PROGRAMS = { 'policyd-spf': 'postfix-policyd-spf-python', opendkim: 'opendkim', opendmarc: 'opendmarc' } as const
const RECEIVER = 'mx.example.net'

/** Why the chain cannot be started, which wants root for a resolv.conf of its own; throws where MAILSYNC_REQUIRE_SERVERS=1 wants it. */
export function missingChain(): string | undefined {
  const missing = Object.entries(PROGRAMS).filter(([program]) => programPath(program) === undefined)
  const isRoot = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0
  if (missing.length === 0 && isRoot) return undefined
  const title = isRoot
    ? `NOT INSTALLED: apt-get install ${missing.map(([, name]) => name).join(' ')}`
    : 'THE RECEIVERS OF DEBIAN NEED ROOT: run these tests as root'
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1' && isRoot) throw new Error(title)
  return title
}

/** What Debian has Postfix ask of a message, in the order in which it does: policyd-spf, OpenDKIM and OpenDMARC, each of which reads what those before it found. */
export async function startDebianChain(
  directory: string,
  suffix: string,
  dns: { readonly host: string; readonly port: number },
): Promise<Receiver> {
  const path = (file: string): string => join(directory, file)
  const host = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`
  const relay = await relayDns({ host, port: 53 }, dns.port)
  await writeFile(path('resolv.conf'), `nameserver ${host}\n`)
  await writeFile(path('psl'), `${suffix}\n`)
  const withResolver = (program: string, ...args: readonly string[]) => ({
    program: 'unshare',
    args: [
      ...['-m', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"'],
      ...[path('resolv.conf'), programPath(program) as string, ...args],
    ],
  })

  await writeFile(
    path('policyd-spf.conf'),
    `debugLevel = -1\nHELO_reject = No_Check\nMail_From_reject = False\nHeader_Type = AR\nAuthserv_Id = ${RECEIVER}\n`,
  )
  const policyd = withResolver('policyd-spf', path('policyd-spf.conf'))
  const spf = spawn(policyd.program, policyd.args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const actions = createInterface(spf.stdout)[Symbol.asyncIterator]()
  let requests = 0
  const askSpf = async ({ ip, helo, from }: Mail): Promise<string> => {
    const request = { request: 'smtpd_access_policy', client_address: ip, helo_name: helo, sender: from }
    const more = { recipient: 'you@example.net', instance: `${++requests}` }
    const lines = Object.entries({ ...request, ...more }).map(([name, value]) => `${name}=${value}\n`)
    spf.stdin.write(`${lines.join('')}\n`)
    const { value = '' } = await actions.next()
    await actions.next()
    return /^action=prepend (.*)$/i.exec(value)?.[1] ?? value
  }

  const dkim = await startMilter(async (port) => {
    await writeFile(
      path('unbound.conf'),
      `server: do-not-query-localhost: no\nforward-zone: name: "." forward-addr: ${dns.host}@${dns.port}\n`,
    )
    const settings = `Syslog no\nBackground no\nMode v\nAlwaysAddARHeader yes\nAuthservID ${RECEIVER}\n`
    await writeFile(
      path('opendkim.conf'),
      `${settings}Socket inet:${port}@127.0.0.1\nResolverConfiguration ${path('unbound.conf')}\n`,
    )
    return { program: 'opendkim', args: ['-f', '-x', path('opendkim.conf')] }
  })
  const dmarc = await startMilter(async (port) => {
    const settings = `Syslog no\nAuthservID ${RECEIVER}\nTrustedAuthservIDs ${RECEIVER}\nPublicSuffixList ${path('psl')}\n`
    await writeFile(path('opendmarc.conf'), `${settings}Socket inet:${port}@127.0.0.1\n`)
    return withResolver('opendmarc', '-f', '-c', path('opendmarc.conf'))
  })
  return {
    receive: async (mail) => {
      const prepended = `${await askSpf(mail)}\r\n${mail.text}`
      const verified = await throughMilter(dkim.port, prepended, mail)
      const results = await throughMilter(dmarc.port, verified, mail)
      const found = (check: string): string =>
        new RegExp(`^Authentication-Results:[^:]*?\\b${check}=(\\w+)`, 'm').exec(results)?.[1]?.toLowerCase() ??
        'nothing'
      return { spf: found('spf'), dkim: found('dkim') === 'pass' ? 'pass' : 'fail', dmarc: found('dmarc') }
    },
    stop: async () => {
      const ended = once(spf, 'exit')
      spf.kill('SIGTERM')
      await Promise.all([ended, dkim.stop(), dmarc.stop()])
      relay.close()
    },
  }
}
