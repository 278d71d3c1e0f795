import { execFile, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as tick } from 'node:timers/promises'
import { relayDns } from '../dns-relay.js'
import { programPath } from '../dns-server.js'
import { freePort, run, serverProcess } from '../server-process.js'

/** A real Postfix on 127.0.0.1 that offers STARTTLS, with a real sender beside that looks at DANE as Postfix does. */
export interface Postfix {
  readonly port: number
  /** The command that makes it read its certificate again. */
  readonly reload: string
  /** What a sender of Postfix makes of the host that insists on DANE; `resolver` is a validating one. */
  finger(host: string, resolver: Resolver53): Promise<string>
  stop(): Promise<void>
}

/** A validating resolver at port 53, where the C library looks. */
export interface Resolver53 {
  readonly host: string
  stop(): Promise<void>
}

/** What is missing for a real Postfix; undefined where it can be started: its master wants root, and a sender its own resolv.conf. */
export function missingPostfix(): string | undefined {
  const programs = ['postfix', 'posttls-finger', 'named', 'openssl', 'unshare']
  const absent = programs.filter((program) => programPath(program) === undefined)
  const isRoot = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0
  if (absent.length === 0 && isRoot) return undefined
  const title = isRoot
    ? `${absent.join(', ')} ARE NOT INSTALLED: apt-get install postfix bind9`
    : 'POSTFIX NEEDS ROOT: run these tests as root'
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1' && isRoot) throw new Error(title)
  return title
}

/** What a Postfix is, besides what every one here is. */
export interface PostfixOptions {
  /** Settings of main.cf in place of the usual ones. */
  readonly settings?: Readonly<Record<string, string>>
  /** Lines of master.cf. */
  readonly services?: readonly string[]
  /** A resolv.conf for it and all that it starts. */
  readonly resolvConf?: string
}

/** @param chainFile private key and chain, which need not be there yet */
export async function startPostfix(
  name: string,
  chainFile: string,
  { settings: more = {}, services = [], resolvConf }: PostfixOptions = {},
): Promise<Postfix> {
  const directory = await mkdtemp(join(tmpdir(), 'mailsync-postfix-'))
  await chmod(directory, 0o755)
  const path = (file: string): string => join(directory, file)
  for (const folder of ['etc', 'spool', 'data']) await mkdir(path(folder))
  await run('chown', ['postfix', path('data')])
  const port = await freePort()
  const settings = {
    compatibility_level: '3.6',
    myhostname: name,
    queue_directory: path('spool'),
    data_directory: path('data'),
    inet_interfaces: '127.0.0.1',
    mynetworks: '127.0.0.0/8',
    maillog_file_prefixes: directory,
    maillog_file: path('log'),
    alias_maps: '',
    alias_database: '',
    smtpd_tls_security_level: 'may',
    smtpd_tls_chain_files: chainFile,
    smtpd_peername_lookup: 'no',
    ...more,
  }
  await writeFile(
    path('etc/main.cf'),
    `${Object.entries(settings)
      .map(([key, value]) => `${key} = ${value}`)
      .join('\n')}\n`,
  )
  await writeFile(
    path('etc/master.cf'),
    [
      `127.0.0.1:${port} inet n - n - - smtpd`,
      'cleanup unix n - n - 0 cleanup',
      'rewrite unix - - n - - trivial-rewrite',
      'tlsmgr unix - - n 1000? 1 tlsmgr',
      'anvil unix - - n - 1 anvil',
      'proxymap unix - - n - - proxymap',
      'postlog unix-dgram n - n - 1 postlogd',
      ...services,
      '',
    ].join('\n'),
  )
  const postfix = programPath('postfix') as string
  // Its log is a file: Postfix cannot open what Node gives a process for stdout.
  const [program, ...args] = [...inMount(resolvConf), postfix, '-c', path('etc'), 'start-fg']
  const master = spawn(program as string, args, { stdio: 'ignore' })
  const killNow = (): void => void process.kill(Number(readFileSync(path('spool/pid/master.pid'), 'utf8')))
  process.once('exit', killNow)
  while (!(await answers(port))) {
    if (master.exitCode !== null) throw new Error(`postfix ended: ${await readFile(path('log'), 'utf8')}`)
    await tick(50)
  }
  return {
    port,
    reload: `${postfix} -c ${path('etc')} reload`,
    finger: async (host, { host: resolver }) => {
      await writeFile(path('resolv.conf'), `nameserver ${resolver}\noptions edns0 trust-ad\n`)
      // A mount of its own: the resolver is this process's alone.
      const script = 'mount --bind "$1" /etc/resolv.conf && exec posttls-finger -c -l dane-only -L summary "$2"'
      const args = ['-m', 'sh', '-c', script, 'sh', path('resolv.conf'), `[${host}]:${port}`]
      return new Promise((resolve) => {
        execFile('unshare', args, { timeout: 60_000 }, (_, stdout, stderr) => resolve(stdout + stderr))
      })
    },
    stop: async () => {
      process.off('exit', killNow)
      const ended = once(master, 'exit')
      killNow()
      await ended
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** What stands before a command, so that it alone has this resolv.conf. */
export function inMount(resolvConf: string | undefined): string[] {
  if (resolvConf === undefined) return []
  return ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"', resolvConf]
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

/** A BIND that validates, with the key of `zone` for its anchor, and asks the server of `zone` alone. It remembers nothing. */
export async function startResolver53(
  zone: string,
  server: { readonly host: string; readonly port: number; dig(...args: string[]): Promise<string> },
): Promise<Resolver53> {
  const directory = await mkdtemp(join(tmpdir(), 'mailsync-resolver-'))
  const port = await freePort()
  const keys = (await server.dig('+short', zone, 'DNSKEY')).trim().split('\n')
  const anchors = keys
    .filter((line) => line.startsWith('257 '))
    .map((line) => {
      const [flags, protocol, algorithm, ...key] = line.split(' ')
      return `"${zone}" static-key ${flags} ${protocol} ${algorithm} "${key.join('')}";`
    })
  await writeFile(
    join(directory, 'named.conf'),
    [
      'options {',
      `  directory "${directory}"; pid-file none; session-keyfile "${directory}/session.key";`,
      `  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion yes; dnssec-validation yes;`,
      // Within a second an NSEC is in the cache all the same, and would deny a name that was added since (RFC 8198).
      '  max-cache-ttl 0; max-ncache-ttl 0; synth-from-dnssec no; empty-zones-enable no;',
      '};',
      'controls { };',
      `trust-anchors { ${anchors.join(' ')} };`,
      `zone "${zone}" { type forward; forward only; forwarders { ${server.host} port ${server.port}; }; };`,
    ].join('\n'),
  )
  const named = serverProcess({
    program: programPath('named') as string,
    args: ['-g', '-c', join(directory, 'named.conf')],
    ready: / running\n/,
  })
  await named.start()
  const host = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`
  const relay = await relayDns({ host, port: 53 }, port)
  return {
    host,
    stop: async () => {
      relay.close()
      await named.kill('SIGTERM')
      await rm(directory, { recursive: true, force: true })
    },
  }
}
