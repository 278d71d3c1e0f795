import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { programPath } from '../dns-server.js'
import { freePort, run } from '../server-process.js'

/** A signer that runs as a milter on a port of loopback, with what `mailsync dkim export` wrote. */
export interface Signer {
  readonly port: number
  /** Reads its configuration again. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const PROGRAMS = { opendkim: 'opendkim', rspamd: 'rspamd' } as const

/** Why the tests with signers are skipped. Throws where MAILSYNC_REQUIRE_SERVERS=1 says that a skip is a failure. */
export function missingSigners(): string | undefined {
  const missing = [...Object.values(PROGRAMS), 'opendkim-testkey'].filter((name) => programPath(name) === undefined)
  if (missing.length === 0) return undefined
  const title = `${missing.join(', ')} MISSING: apt-get install opendkim opendkim-tools rspamd python3-dkim python3-nacl`
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(title)
  return title
}

/** OpenDKIM with the lines of `for-opendkim.conf`, as its own user where root starts it. @param handed the folder of the export */
export function startOpenDkim(handed: string, directory: string): Promise<Signer> {
  return startMilter(async (port) => {
    const file = join(directory, 'opendkim.conf')
    const user = process.getuid?.() === 0 ? 'UserID opendkim\n' : ''
    const own = `Syslog no\nBackground no\nSocket inet:${port}@127.0.0.1\n${user}`
    await writeFile(file, (await readFile(join(handed, 'for-opendkim.conf'), 'utf8')) + own)
    return { program: 'opendkim', args: ['-f', '-x', file] }
  })
}

/** rspamd with `dkim_signing.conf` alone, which looks its keys up at a DNS server. */
export function startRspamd(handed: string, directory: string, dns: { host: string; port: number }): Promise<Signer> {
  return startMilter(async (port) => {
    const file = join(directory, 'rspamd.conf')
    const isRoot = process.getuid?.() === 0
    const data = join(directory, 'rspamd')
    await mkdir(data, { recursive: true })
    if (isRoot)
      await chown(data, Number(await run('id', ['-u', '_rspamd'])), Number(await run('id', ['-g', '_rspamd'])))
    // The whole list of public suffixes takes seconds to load.
    await writeFile(join(directory, 'suffixes'), 'com\norg\nnet\n')
    await writeFile(
      file,
      [
        `options { pidfile = "${data}/pid"; url_tld = "${directory}/suffixes"; filters = "dkim"; tempdir = "${data}"; hs_cache_dir = "${data}";`,
        `  local_addrs = ["127.0.0.0/8"]; dns { nameserver = ["${dns.host}:${dns.port}"]; timeout = 5s; } }`,
        'logging { type = "console"; level = "warning"; }',
        `worker "rspamd_proxy" { bind_socket = "127.0.0.1:${port}"; milter = yes; count = 1; timeout = 30s;`,
        '  upstream "local" { default = yes; self_scan = yes; } }',
        'lua = "/usr/share/rspamd/rules/rspamd.lua"',
        'modules { path = "/usr/share/rspamd/plugins/dkim_signing.lua"; }',
        'dkim { }',
        `dkim_signing { .include "${handed}/dkim_signing.conf" }`,
        '',
      ].join('\n'),
    )
    const user = isRoot ? ['-u', '_rspamd', '-g', '_rspamd'] : []
    return { program: 'rspamd', args: ['-f', ...user, '-c', file] }
  })
}

/** @param configure the command, once it has configured a milter at a port of loopback */
export async function startMilter(
  configure: (port: number) => Promise<{ readonly program: string; readonly args: readonly string[] }>,
): Promise<Signer> {
  let child: ChildProcess | undefined
  const signer = { port: await freePort() }
  const killNow = (): void => void child?.kill('SIGKILL')
  const stop = async (): Promise<void> => {
    const running = child
    child = undefined
    process.removeListener('exit', killNow)
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
    const ended = once(running, 'exit')
    running.kill('SIGTERM')
    await ended
  }
  const start = async (): Promise<void> => {
    signer.port = await freePort()
    const { program, args } = await configure(signer.port)
    const started = spawn(programPath(program) as string, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    process.once('exit', killNow)
    let log = ''
    for (const stream of [started.stdout, started.stderr]) stream?.on('data', (text) => (log += text))
    for (const limit = Date.now() + 30_000; !(await isListening(signer.port)); await sleep(20))
      if (started.exitCode !== null || Date.now() > limit) throw new Error(`${program} does not listen:\n${log}`)
  }
  await start()
  return {
    get port() {
      return signer.port
    },
    restart: async () => {
      await stop()
      await start()
    },
    stop,
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
