import { chown, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { programPath } from '../../servers/dns-server.js'
import { freePort, run, serverProcess } from '../../servers/server-process.js'
import type { Mail } from './mail.js'
import type { Outcome } from './variants.js'

export interface Receiver {
  receive(mail: Mail): Promise<Outcome>
  stop(): Promise<void>
}

const SPF: Readonly<Record<string, string>> = {
  R_SPF_ALLOW: 'pass',
  R_SPF_FAIL: 'fail',
  R_SPF_SOFTFAIL: 'softfail',
  R_SPF_NEUTRAL: 'neutral',
  R_SPF_PERMFAIL: 'permerror',
  R_SPF_DNSFAIL: 'temperror',
  R_SPF_NA: 'none',
}
const DMARC: Readonly<Record<string, string>> = {
  DMARC_POLICY_ALLOW: 'pass',
  DMARC_POLICY_REJECT: 'fail',
  DMARC_POLICY_QUARANTINE: 'fail',
  DMARC_POLICY_SOFTFAIL: 'fail',
  DMARC_NA: 'none',
  DMARC_BAD_POLICY: 'none',
}

/** Why rspamd cannot be started; throws where MAILSYNC_REQUIRE_SERVERS=1 wants it. */
export function missingRspamd(): string | undefined {
  if (programPath('rspamd') !== undefined) return undefined
  const title = 'RSPAMD IS NOT INSTALLED: apt-get install rspamd'
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(title)
  return title
}

/** A real rspamd with SPF, DKIM and DMARC alone, which asks one DNS server and knows one public suffix. */
export async function startRspamdReceiver(
  directory: string,
  suffix: string,
  dns: { readonly host: string; readonly port: number },
): Promise<Receiver> {
  const port = await freePort()
  const data = join(directory, 'rspamd')
  await mkdir(data, { recursive: true })
  const isRoot = process.getuid?.() === 0
  if (isRoot) await chown(data, Number(await run('id', ['-u', '_rspamd'])), Number(await run('id', ['-g', '_rspamd'])))
  await writeFile(join(directory, 'suffixes'), `${suffix}\n`)
  const plugin = (name: string): string => `modules { path = "/usr/share/rspamd/plugins/${name}.lua"; }`
  await writeFile(
    join(directory, 'rspamd.conf'),
    [
      `options { pidfile = "${data}/pid"; url_tld = "${directory}/suffixes"; filters = "dkim"; tempdir = "${data}"; hs_cache_dir = "${data}";`,
      `  local_addrs = ["127.0.0.0/8"]; dns { nameserver = ["${dns.host}:${dns.port}"]; timeout = 5s; } }`,
      'logging { type = "console"; level = "info"; }',
      `worker "normal" { bind_socket = "127.0.0.1:${port}"; count = 1; }`,
      'lua = "/usr/share/rspamd/rules/rspamd.lua"',
      plugin('spf'),
      plugin('dmarc'),
      'dkim { }',
      'spf { }',
      'dmarc { }',
      '',
    ].join('\n'),
  )
  const rspamd = serverProcess({
    program: programPath('rspamd') as string,
    args: ['-f', ...(isRoot ? ['-u', '_rspamd', '-g', '_rspamd'] : []), '-c', join(directory, 'rspamd.conf')],
    ready: /starting normal process/,
  })
  await rspamd.start()
  return {
    receive: async ({ text, from, ip, helo }) => {
      const headers = { IP: ip, Helo: helo, From: from, Rcpt: 'you@example.net' }
      const reply = await fetch(`http://127.0.0.1:${port}/checkv2`, { method: 'POST', headers, body: text })
      const { symbols = {} } = (await reply.json()) as { readonly symbols?: object }
      const found = (table: Readonly<Record<string, string>>): string =>
        Object.keys(symbols)
          .flatMap((symbol) => table[symbol] ?? [])
          .join(' ') || 'nothing'
      return { spf: found(SPF), dkim: 'R_DKIM_ALLOW' in symbols ? 'pass' : 'fail', dmarc: found(DMARC) }
    },
    stop: () => rspamd.kill('SIGTERM'),
  }
}
