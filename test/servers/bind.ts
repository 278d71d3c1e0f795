import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type DnsServer,
  dataPrefix,
  newKey,
  programPath,
  type ServerKey,
  type ServerOptions,
  type ZoneContent,
  zoneFile,
} from './dns-server.js'
import { clientsOf, freePort, run, serverProcess } from './server-process.js'

export interface BindOptions extends ServerOptions {
  /** Statements for every zone besides the rights of `server.key` to transfer and update. */
  readonly zoneSettings?: string
  /** Default: a free port. */
  readonly port?: number
  /** Statements for the whole server. */
  readonly serverSettings?: string
  /** Statements of zones that are not its own, as a secondary has them. */
  readonly otherZones?: string
  /** Follow a CNAME out of its zone, as a resolver does. */
  readonly recursion?: boolean
}

const HOST = '127.0.0.1'

/**
 * BIND 9 on a free port of 127.0.0.1 with data in a temporary folder; needs no root. It runs from a copy of the program,
 * because AppArmor on Ubuntu lets /usr/sbin/named write below /var/cache/bind only.
 */
export async function startBind(options: BindOptions = {}): Promise<DnsServer> {
  const directory = await mkdtemp(dataPrefix)
  await mkdir(join(directory, 'zones'))
  const [port, controlPort] = [options.port ?? (await freePort()), await freePort()]
  const key = newKey('mailsync-test', options.algorithm)
  const rights = `allow-transfer { key "${key.name}"; }; allow-update { key "${key.name}"; };`
  const settings = `${rights} ${options.zoneSettings ?? ''}`
  let files = 0
  const zoneStatement = async (zone: string, content: ZoneContent, own = settings): Promise<string> => {
    const file = join(directory, 'zones', `${++files}.zone`)
    await writeFile(file, zoneFile(zone, content))
    return `{ type primary; file "${file}"; ${own} }`
  }

  const zones: string[] = []
  for (const [zone, content] of Object.entries(options.zones ?? {}))
    zones.push(`zone "${zone}" ${await zoneStatement(zone, content)};`)
  const keyFile = join(directory, 'test.key')
  await writeFile(keyFile, keyStatement(key), { mode: 0o600 })
  const config = join(directory, 'named.conf')
  await writeFile(
    config,
    [
      'options {',
      `  directory "${directory}"; pid-file none; session-keyfile "${directory}/session.key";`,
      `  listen-on port ${port} { ${HOST}; }; listen-on-v6 { none; };`,
      `  recursion ${options.recursion === true ? 'yes' : 'no'}; notify no; dnssec-validation no; allow-new-zones yes; empty-zones-enable no;`,
      `  ${options.serverSettings ?? ''}`,
      '};',
      options.otherZones ?? '',
      keyStatement(key),
      ...(options.keys ?? []).map(keyStatement),
      `controls { inet ${HOST} port ${controlPort} allow { ${HOST}; } keys { "${key.name}"; }; };`,
      ...zones,
    ].join('\n'),
  )
  const program = join(directory, 'named')
  await copyFile(programPath('named') as string, program)
  await chmod(program, 0o755)

  const server = serverProcess({
    program,
    args: ['-g', '-c', config],
    ready: / running\n/,
  })
  const rndc = (...args: readonly string[]): Promise<string> =>
    run('rndc', ['-s', HOST, '-p', String(controlPort), '-k', keyFile, ...args])
  await server.start()
  const served = new Set(Object.keys(options.zones ?? {}))
  return {
    host: HOST,
    port,
    key,
    ...clientsOf(HOST, port, keyFile),
    log: server.log,
    addZone: async (zone, content = [], own) => {
      if (served.has(zone)) await rndc('delzone', '-clean', `"${zone}"`)
      served.add(zone)
      await rndc('addzone', `"${zone}"`, `${await zoneStatement(zone, content, own)};`)
    },
    kill: (signal = 'SIGKILL') => server.kill(signal),
    restart: () => server.start(),
    stop: async () => {
      await server.kill('SIGTERM')
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function keyStatement({ name, algorithm, secret }: ServerKey): string {
  return `key "${name}" { algorithm ${algorithm}; secret "${secret}"; };`
}
