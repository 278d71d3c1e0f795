import { execFile, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { relayNames } from '../../../records/relays/index.js'
import { RELAY_SERVERS } from '../../../src/hosts/server-config/relay-servers.js'
import { type Workspace, workspace } from '../../cli/workspace.js'
import { programPath } from '../../servers/dns-server.js'
import { run } from '../../servers/server-process.js'

const SENDMAIL = join(process.cwd(), '.sendmail')

function spec(mail = 'addresses: [192.0.2.10, 2001:db8::10]'): string {
  return `
providers: { dns: { class: yaml, directory: zones } }
zones:
  '*': { targets: [dns] }
hosts:
  mail.example.com: { ${mail}, reverse: false }
  nat.example.com: { addresses: [192.0.2.11], egress: [198.51.100.7], reverse: false }
domains:
  example.com: { mx: [mail.example.com], clients: { host: mail.example.com, services: [imaps, submissions] } }
  example.org: { mx: [nat.example.com, { host: mail.example.com, preference: 50 }] }
  '*.example.org': { mx: [mail.example.com], spf: false }
  example.net: { mx: [mail.example.com], spf: { mx: false }, relays: { naver-works: {} } }
  parked.example: { mail: none }
`
}

/** Throws where MAILSYNC_REQUIRE_SERVERS=1 says that a skip is a failure. */
function isMissing(path: string | undefined, how: string): boolean {
  if (path !== undefined && existsSync(path)) return false
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(`missing: ${how}`)
  return true
}

describe('what the spec says of a host, for its mail server', () => {
  let space: Workspace
  beforeEach(async () => {
    space = await workspace({ 'mailsync.yaml': spec() })
  })
  afterEach(() => space.remove())
  const config = async (format: string, host = 'mail.example.com'): Promise<string> => {
    const { code, stdout, stderr } = await space.run(['host-config', host, '--format', format])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    return stdout
  }
  /** The lines that are no comments. */
  const effective = (text: string, comment = '#'): string[] =>
    text.split('\n').filter((line) => line !== '' && !line.startsWith(comment))

  test('for Postfix: names, addresses, domains, milters and relays', async () => {
    const text = await config('postfix')
    expect(effective(text)).toEqual([
      'myhostname = mail.example.com',
      'smtp_helo_name = $myhostname',
      'inet_interfaces = 192.0.2.10, 2001:db8::10, localhost',
      'inet_protocols = ipv4, ipv6',
      'smtp_bind_address = 192.0.2.10',
      'smtp_bind_address6 = 2001:db8::10',
      'mydestination = $myhostname, localhost, example.com, example.net',
      'relay_domains = example.org',
      'smtpd_milters = inet:localhost:8891',
      'non_smtpd_milters = $smtpd_milters',
      'milter_default_action = accept',
      'sender_dependent_relayhost_maps = texthash:/etc/postfix/sender_relay',
      'smtp_sender_dependent_authentication = yes',
      'smtp_sasl_auth_enable = yes',
      'smtp_sasl_password_maps = texthash:/etc/postfix/sasl_passwd',
      'smtp_sasl_security_options = noanonymous',
      'smtp_tls_policy_maps = texthash:/etc/postfix/tls_policy',
    ])
    expect(text).toContain('# /etc/hostname:\n#     mail.example.com\n')
    expect(text).toContain('#     @example.net [smtp.worksmobile.com]:587\n')
    expect(text).toContain('#     465 inet n - y - - smtpd\n#       -o smtpd_tls_wrappermode=yes\n')
    expect(text).not.toContain('tls_chain_files')
  })

  test('behind NAT nothing is bound', async () => {
    expect(effective(await config('postfix', 'nat.example.com'))).toContain('inet_interfaces = all')
    expect(await config('postfix', 'nat.example.com')).not.toContain('smtp_bind_address')
    expect(await config('sendmail', 'nat.example.com')).not.toContain('Addr=')
    expect(effective(await config('dovecot', 'nat.example.com'))).toContain('listen = *, ::')
  })

  test('a relay beside the host itself is a choice, and its lines are comments', async () => {
    await space.write('mailsync.yaml', spec().replace('spf: { mx: false }, ', ''))
    const text = await config('postfix')
    expect(text).toContain('# Naver Works sends for example.net; so may this host itself')
    expect(text).toContain('\n#sender_dependent_relayhost_maps = ')
    expect(effective(text).some((line) => line.includes('sasl'))).toBe(false)
  })

  test('for Sendmail: a smart host only where all mail goes there', async () => {
    expect(effective(await config('sendmail'), 'dnl')).not.toContain(
      "define(`SMART_HOST', `[smtp.worksmobile.com]')dnl",
    )
    await space.write('mailsync.yaml', spec().replace(/ {2}(?:example\.(?:com|org): \{ mx|'\*\.).*\n/g, ''))
    expect(effective(await config('sendmail'), 'dnl')).toContain("define(`SMART_HOST', `[smtp.worksmobile.com]')dnl")
  })

  test('a certificate is named where TLSA publishes its key', async () => {
    await space.write(
      'tls.pem',
      await run('openssl', [
        'req',
        '-x509',
        '-newkey',
        'ed25519',
        '-nodes',
        '-keyout',
        space.path('key'),
        '-subj',
        '/CN=mail.example.com',
        '-days',
        '3650',
      ]),
    )
    await space.write('mailsync.yaml', spec('addresses: [192.0.2.10], tlsa: { certificates: [tls.pem] }'))
    expect(await config('postfix')).toContain(
      'smtpd_tls_chain_files = /etc/letsencrypt/live/mail.example.com/privkey.pem, ',
    )
    expect(await config('dovecot')).toContain('ssl_cert = </etc/letsencrypt/live/mail.example.com/fullchain.pem')
    expect(await config('sendmail')).toContain(
      "define(`confSERVER_CERT', `/etc/letsencrypt/live/mail.example.com/fullchain.pem')dnl",
    )
  })

  test('is of hosts of the spec alone', async () => {
    const { code, stdout, stderr } = await space.run(['host-config', 'mial.example.com', '--format', 'postfix'])
    expect({ code, stdout, stderr }).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('mail.example.com'),
    })
  })

  test('every relay whose server is known is in the catalogue', () => {
    expect(Object.keys(RELAY_SERVERS).filter((name) => !relayNames.includes(name))).toEqual([])
  })

  test.skipIf(isMissing(programPath('postconf'), 'apt-get install postfix'))('Postfix itself takes it', async () => {
    await space.write('mailsync.yaml', spec('addresses: [192.0.2.10]'))
    const text = await config('postfix')
    // No machine that tests has the address.
    const own = [
      `compatibility_level = 3.6`,
      `queue_directory = ${space.path('queue')}`,
      `data_directory = ${space.path('data')}`,
    ]
    await space.write('postfix/main.cf', `${text.replaceAll('192.0.2.10', '127.0.0.1')}\n${own.join('\n')}\n`)
    await copyFile('/usr/share/postfix/master.cf.dist', space.path('postfix/master.cf'))
    const { stdout, stderr } = await promisify(execFile)(programPath('postconf') as string, [
      '-c',
      space.path('postfix'),
      '-n',
    ])
    expect(stderr).toBe('')
    for (const line of effective(text)) expect(stdout).toContain(`${line.replaceAll('192.0.2.10', '127.0.0.1')}\n`)
    if (process.getuid?.() !== 0) return
    await mkdir(space.path('queue'))
    await mkdir(space.path('data'))
    await run('chown', ['postfix', space.path('data')])
    const check = spawnSync(programPath('postfix') as string, ['-c', space.path('postfix'), 'check'], {
      encoding: 'utf8',
    })
    expect({ status: check.status, text: check.stderr }).toMatchObject({
      status: 0,
      text: expect.not.stringMatching(/error|fatal/),
    })
  })

  test.skipIf(isMissing(programPath('doveconf'), 'apt-get install dovecot-core'))(
    'Dovecot itself takes it',
    async () => {
      await space.write('dovecot.conf', await config('dovecot'))
      const { stdout, stderr } = await promisify(execFile)(programPath('doveconf') as string, [
        '-n',
        '-c',
        space.path('dovecot.conf'),
      ])
      expect(stderr).toBe('')
      expect(stdout).toContain('hostname = mail.example.com\n')
      expect(stdout).toContain('listen = 192.0.2.10, 2001:db8::10, 127.0.0.1\n')
      expect(stdout).toContain('postmaster_address = postmaster@example.com\n')
      expect(stdout).toMatch(/inet_listener imaps \{\s+port = 993\s+ssl = yes/)
    },
  )

  const m4 = programPath('m4')
  test.skipIf(isMissing(m4, 'apt-get install m4') || isMissing(SENDMAIL, 'bash .ci/sendmail'))(
    'Sendmail itself takes it',
    async () => {
      const cf = join(SENDMAIL, 'usr/share/sendmail/cf')
      const text = await config('sendmail')
      // No DNS is asked, and files may lie below the folder for temporary files.
      const own = [
        `define(\`confCW_FILE', \`${space.path('names')}')dnl`,
        `define(\`confSERVICE_SWITCH_FILE', \`${space.path('switch')}')dnl`,
        "define(`confDONT_BLAME_SENDMAIL', `ClassFileInUnsafeDirPath')dnl",
        "FEATURE(`nocanonify')dnl",
      ]
      await space.write('switch', 'hosts files\naliases files\n')
      const local = `${own.join('\n')}\n${text}`
      const names = text.split('\n').flatMap((line) => (/^dnl {5}[a-z.]+$/.test(line) ? [line.slice(8)] : []))
      await space.write('names', `${names.join('\n')}\n`)
      await space.write(
        'sendmail.mc',
        `include(\`${cf}/m4/cf.m4')dnl\nOSTYPE(\`linux')dnl\n${local.replace("FEATURE(`access_db')dnl\n", '')}MAILER(\`local')dnl\nMAILER(\`smtp')dnl\n`,
      )
      const made = await promisify(execFile)(m4 as string, [`-D_CF_DIR_=${cf}/`, space.path('sendmail.mc')], {
        maxBuffer: 2 ** 24,
      })
      expect(made.stderr).toBe('')
      await space.write('sendmail.cf', made.stdout)
      for (const line of [
        'Djmail.example.com',
        'O DaemonPortOptions=Family=inet, Name=MTA-v4, Port=smtp, Addr=192.0.2.10',
        'O DaemonPortOptions=Family=inet6, Name=MTA-v6, Port=smtp, Addr=2001:db8::10, Modifiers=O',
        'O ClientPortOptions=Family=inet, Addr=192.0.2.10',
        'Xopendkim, S=inet:8891@localhost',
      ])
        expect(made.stdout.split('\n').map((one) => one.replaceAll('\t', ' '))).toContain(line)
      const program = [join(SENDMAIL, 'usr/libexec/sendmail/sendmail'), `-C${space.path('sendmail.cf')}`, '-bt']
      // Where the machine has a short name, Sendmail first waits a minute for a long one: it gets one of its own.
      const named = ['unshare', '-u', 'sh', '-c', 'hostname mail.example.com && exec "$0" "$@"']
      const canName = spawnSync(named[0] as string, [...named.slice(1), 'true']).status === 0
      const [command = '', ...args] = canName ? [...named, ...program] : program
      const answer = await run(command, args, '$j\n$=w\n3,0 you@example.com\n3,0 you@example.org\n')
      expect(answer).toContain('mail.example.com')
      expect(answer).toMatch(/parse +returns: \$# local \$: you/)
      expect(answer).toMatch(/parse +returns: \$# esmtp \$@ example \. org/)
    },
  )
})
