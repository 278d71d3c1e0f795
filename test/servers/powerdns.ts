import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import {
  type DnsServer,
  dataPrefix,
  newKey,
  programPath,
  type ServerOptions,
  type ZoneContent,
  zoneFile,
} from './dns-server.js'
import { clientsOf, freePort, run, serverProcess, untilServed } from './server-process.js'

const HOST = '127.0.0.1'
/** Where a PowerDNS is: its programs, and the schema of its database. */
interface Installation {
  readonly server: string
  readonly util: string
  readonly schema: string
  /** The folder of its backends, where it is not the usual one. */
  readonly modules?: string
}

const NAMES = ['pdns_server', 'pdnsutil', 'schema.sqlite3.sql', 'modules']

const INSTALLED: Installation = {
  server: 'pdns_server',
  util: 'pdnsutil',
  schema: '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql',
}

/** A newer PowerDNS than Debian's stable one, in the folder that `.ci/newer-powerdns` made; undefined where there is none. */
export const newerPowerdns = installationIn(resolve(process.env.MAILSYNC_POWERDNS ?? '.powerdns'))

function installationIn(folder: string): Installation | undefined {
  if (!existsSync(folder)) return undefined
  const [server, util, schema, modules] = NAMES.map((name) => join(folder, name))
  return { server, util, schema, modules } as Installation
}

/** Its version, `5.1.5`. */
export function newerPowerdnsVersion(): string | undefined {
  if (newerPowerdns === undefined) return undefined
  const { stdout, stderr } = spawnSync(newerPowerdns.server, ['--config-dir=/nonexistent', '--version'], {
    encoding: 'utf8',
  })
  return /Server (\d+(?:\.\d+)+)/.exec(`${stdout}${stderr}`)?.[1]
}

/** The title of a skipped suite: what it needs is not to be had on every machine. */
export function missingNewerPowerdns(): string {
  return 'NO NEWER POWERDNS IS UNPACKED: bash .ci/newer-powerdns'
}

/** A PowerDNS with its HTTP API. */
export interface Powerdns extends DnsServer {
  readonly api: { readonly port: number; readonly key: string }
  /** Runs `pdnsutil`; gives what it prints. */
  util(...args: readonly string[]): Promise<string>
  /** Changes the database, as whoever has it may. */
  sql(statement: string): Promise<string>
}

/** PowerDNS with its SQLite backend on free ports of 127.0.0.1 with data in a temporary folder; needs no root. */
export async function startPowerdns(options: ServerOptions = {}, installation = INSTALLED): Promise<Powerdns> {
  const directory = await mkdtemp(dataPrefix)
  const port = await freePort()
  const api = { port: await freePort(), key: randomBytes(18).toString('base64url') }
  const key = newKey('mailsync-test', options.algorithm)
  const keyFile = join(directory, 'test.key')
  await writeFile(keyFile, `key "${key.name}" { algorithm ${key.algorithm}; secret "${key.secret}"; };`, {
    mode: 0o600,
  })
  const database = join(directory, 'pdns.db')
  await run('sqlite3', [database], await readFile(installation.schema, 'utf8'))
  await writeFile(
    join(directory, 'pdns.conf'),
    [
      'launch=gsqlite3',
      `gsqlite3-database=${database}`,
      'gsqlite3-pragma-synchronous=0',
      'gsqlite3-dnssec=yes',
      `local-address=${HOST}`,
      `local-port=${port}`,
      `socket-dir=${directory}`,
      'dnsupdate=yes',
      'allow-dnsupdate-from=127.0.0.0/8',
      'disable-axfr=no',
      'webserver=yes',
      'api=yes',
      `webserver-address=${HOST}`,
      `webserver-port=${api.port}`,
      `api-key=${api.key}`,
      'allow-axfr-ips=',
      'zone-cache-refresh-interval=0',
      'cache-ttl=0',
      'query-cache-ttl=0',
      'negquery-cache-ttl=0',
      ...(installation.modules === undefined ? [] : [`module-dir=${installation.modules}`]),
      '',
    ].join('\n'),
  )
  const util = (...args: readonly string[]): Promise<string> =>
    run(installation.util, [`--config-dir=${directory}`, ...args])
  for (const { name, algorithm, secret } of [key, ...(options.keys ?? [])])
    await util('import-tsig-key', name, algorithm, secret)

  let files = 0
  const rights = `TSIG-ALLOW-AXFR=${key.name} TSIG-ALLOW-DNSUPDATE=${key.name}`
  const load = async (zone: string, content: ZoneContent, settings = rights): Promise<void> => {
    const file = join(directory, `${++files}.zone`)
    await writeFile(file, zoneFile(zone, content))
    await util('load-zone', zone, file)
    await util('set-kind', zone, 'primary')
    for (const setting of settings.split(' ')) await util('set-meta', zone, ...setting.split('='))
  }
  for (const [zone, content] of Object.entries(options.zones ?? {})) await load(zone, content)

  const server = serverProcess({
    program: programPath(installation.server) ?? installation.server,
    args: [`--config-dir=${directory}`, '--daemon=no', '--guardian=no', '--disable-syslog', '--write-pid=no'],
    ready: /Done launching threads/,
  })
  await server.start()
  return {
    host: HOST,
    port,
    api,
    key,
    util,
    sql: (statement) => run('sqlite3', [database, '.timeout 10000', statement]),
    ...clientsOf(HOST, port, keyFile),
    log: server.log,
    addZone: async (zone, content = [], settings) => {
      await load(zone, content, settings)
      await untilServed(HOST, port, zone)
    },
    kill: (signal = 'SIGKILL') => server.kill(signal),
    // A pdns_server that was killed leaves its socket, which the next may take for one in use.
    restart: async () => {
      await rm(join(directory, 'pdns.controlsocket'), { force: true })
      await server.start()
    },
    stop: async () => {
      await server.kill('SIGTERM')
      await rm(directory, { recursive: true, force: true })
    },
  }
}
