import { randomInt } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { openConversation } from '../../../src/verify/ask/smtp/conversation.js'
import { relayDns } from '../../servers/dns-relay.js'
import { programPath } from '../../servers/dns-server.js'
import { inMount, missingPostfix, startPostfix } from '../../servers/mail/postfix.js'
import { startMilter } from '../../servers/mail/signers.js'
import { run } from '../../servers/server-process.js'
import type { Mail } from './mail.js'
import type { Receiver } from './rspamd-receiver.js'

const PROGRAMS = { 'policyd-spf': 'postfix-policyd-spf-python', opendkim: 'opendkim', opendmarc: 'opendmarc' } as const
const RECEIVER = 'mx.example.net'
const TO = 'you@example.net'

/** Why the chain cannot be started; throws where MAILSYNC_REQUIRE_SERVERS=1 wants it. */
export function missingChain(): string | undefined {
  const missing = Object.entries(PROGRAMS).filter(([program]) => programPath(program) === undefined)
  if (missing.length === 0) return missingPostfix()
  const title = `NOT INSTALLED: apt-get install ${missing.map(([, name]) => name).join(' ')}`
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(title)
  return title
}

/**
 * A real Postfix as Debian sets it up: it asks policyd-spf of a message, has OpenDKIM and OpenDMARC look at it, each of which
 * reads what those before it found, and delivers it into a folder.
 */
export async function startDebianChain(
  directory: string,
  suffix: string,
  dns: { readonly host: string; readonly port: number },
): Promise<Receiver> {
  const path = (file: string): string => join(directory, file)
  const host = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`
  const relay = await relayDns({ host, port: 53 }, dns.port)
  const resolvConf = path('resolv.conf')
  await writeFile(resolvConf, `nameserver ${host}\n`)
  await writeFile(path('psl'), `${suffix}\n`)
  await writeFile(
    path('policyd-spf.conf'),
    `debugLevel = -1\nHELO_reject = No_Check\nMail_From_reject = False\nHeader_Type = AR\nAuthserv_Id = ${RECEIVER}\n`,
  )
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
    const [program, ...args] = [...inMount(resolvConf), programPath('opendmarc') as string]
    return { program: program as string, args: [...args, '-f', '-c', path('opendmarc.conf')] }
  })
  const inbox = path('inbox')
  const nobody = Number(await run('id', ['-u', 'nobody']))
  await mkdir(inbox)
  await chown(inbox, nobody, nobody)
  const postfix = await startPostfix(RECEIVER, '', {
    resolvConf,
    settings: {
      smtpd_tls_security_level: 'none',
      smtpd_authorized_xclient_hosts: '127.0.0.0/8',
      smtpd_relay_restrictions: 'reject_unauth_destination',
      smtpd_recipient_restrictions: 'check_policy_service unix:private/policyd-spf',
      smtpd_milters: `inet:127.0.0.1:${dkim.port}, inet:127.0.0.1:${dmarc.port}`,
      milter_default_action: 'tempfail',
      mydestination: '',
      virtual_mailbox_domains: TO.slice(TO.indexOf('@') + 1),
      virtual_mailbox_base: inbox,
      virtual_mailbox_maps: 'static:you/',
      virtual_uid_maps: `static:${nobody}`,
      virtual_gid_maps: `static:${nobody}`,
    },
    services: [
      `policyd-spf unix - n n - 0 spawn user=nobody argv=${programPath('policyd-spf')} ${path('policyd-spf.conf')}`,
      'qmgr unix n - n 300 1 qmgr',
      'virtual unix - n n - - virtual',
      'bounce unix - - n - 0 bounce',
      'defer unix - - n - 0 bounce',
    ],
  })
  return {
    receive: async (mail) => {
      await handIn(mail, postfix.port)
      const results = await delivered(join(inbox, 'you/new'))
      const found = (check: string): string =>
        new RegExp(`^Authentication-Results: ${RECEIVER}[;\\s][^:]*?\\b${check}=(\\w+)`, 'm')
          .exec(results)?.[1]
          ?.toLowerCase() ?? 'nothing'
      return { spf: found('spf'), dkim: found('dkim') === 'pass' ? 'pass' : 'fail', dmarc: found('dmarc') }
    },
    stop: async () => {
      await Promise.all([postfix.stop(), dkim.stop(), dmarc.stop()])
      relay.close()
    },
  }
}

/** Hands a message in as if it came from its address. Throws where Postfix does not take it. */
async function handIn({ ip, helo, from, text }: Mail, port: number): Promise<void> {
  const smtp = await openConversation(
    { host: '127.0.0.1', port },
    { timeout: 60_000, signal: new AbortController().signal },
  )
  const said = async (line: string, code: number): Promise<void> => {
    const reply = await smtp.say(line)
    if (reply.code !== code) throw new Error(`${line.slice(0, 80)}: ${reply.code} ${reply.lines.join(' ')}`)
  }
  try {
    await smtp.read()
    await said('EHLO test', 250)
    await said(`XCLIENT NAME=[UNAVAILABLE] ADDR=${ip.includes(':') ? `IPV6:${ip}` : ip}`, 220)
    await said(`EHLO ${helo}`, 250)
    await said(`MAIL FROM:<${from}>`, 250)
    await said(`RCPT TO:<${TO}>`, 250)
    await said('DATA', 354)
    await said(`${text}.`, 250)
    await said('QUIT', 221)
  } finally {
    smtp.close()
  }
}

/** The message that comes into a folder, which is taken out of it. */
async function delivered(folder: string): Promise<string> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    const [file] = await readdir(folder).catch(() => [])
    if (file !== undefined) {
      const text = await readFile(join(folder, file), 'utf8')
      await rm(join(folder, file))
      return text
    }
    await sleep(25)
  }
  throw new Error(`no mail came into ${folder}`)
}
