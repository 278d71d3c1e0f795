import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { rdataText } from '../../records/rr/rdata.js'
import type { RRset } from '../../records/rr/rrset.js'
import { quoteTxt, type Txt } from '../../records/rr/txt.js'

/** A TSIG key as the server's configuration and `nsupdate -k` hold it. */
export interface ServerKey {
  readonly name: string
  /** `hmac-sha256` and its kin. */
  readonly algorithm: string
  /** Base64. */
  readonly secret: string
}

/** What a zone holds beside its SOA and apex NS: RRsets, or lines of a zone file; with an SOA the lines are all of it. */
export type ZoneContent = readonly RRset[] | string

export interface ServerOptions {
  /** Zones to begin with. A thousand of them cost one start. */
  readonly zones?: Readonly<Record<string, ZoneContent>>
  /** Keys besides `server.key`, which may transfer and update every zone. */
  readonly keys?: readonly ServerKey[]
  /** The algorithm of `server.key`; default `hmac-sha256`. */
  readonly algorithm?: string
}

/** A real DNS server of this machine on 127.0.0.1, started for tests and stopped by its process id. */
export interface DnsServer {
  readonly host: string
  readonly port: number
  readonly key: ServerKey
  /** Serves one more zone, or serves it afresh. `settings` replaces what the server's configuration says about it. */
  addZone(zone: string, content?: ZoneContent, settings?: string): Promise<void>
  /** Runs `nsupdate` commands (without `server` and `send`) signed with `server.key`; its failure is thrown with its text. */
  nsupdate(commands: string): Promise<string>
  /** Somebody else's edit: these RRsets are put, or removed where rdata is empty. */
  edit(rrsets: readonly RRset[]): Promise<void>
  /** Runs `dig` against the server, unsigned; gives what it prints. */
  dig(...args: readonly string[]): Promise<string>
  /** What the server has logged so far. */
  log(): string
  /** SIGKILL by default; the data stay. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on the same port with the same data. */
  restart(): Promise<void>
  /** Stops it and removes its data. */
  stop(): Promise<void>
}

const SERVERS = {
  bind: { title: 'BIND 9', programs: ['named', 'rndc'], packages: 'bind9' },
  knot: { title: 'KNOT DNS', programs: ['knotd', 'knotc'], packages: 'knot' },
  powerdns: {
    title: 'POWERDNS',
    programs: ['pdns_server', 'pdnsutil', 'sqlite3'],
    packages: 'pdns-server pdns-backend-sqlite3 sqlite3',
  },
} as const

export type ServerKind = keyof typeof SERVERS

/** The path of a program, also from the folders that only root has in PATH. */
export function programPath(program: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

/** Whether everything that starting this server and asking it takes is installed. */
export function serverAvailable(kind: ServerKind): boolean {
  return [...SERVERS[kind].programs, 'nsupdate', 'dig'].every((program) => programPath(program) !== undefined)
}

/** The version of a server that is installed, `9.18.49`. */
export function serverVersion(kind: ServerKind): string | undefined {
  const program = programPath(SERVERS[kind].programs[0]) as string
  const { stdout, stderr } = spawnSync(program, [kind === 'bind' ? '-v' : '--version'], { encoding: 'utf8' })
  return /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)?.[0]
}

/** The title of a skipped suite. Throws instead where MAILSYNC_REQUIRE_SERVERS=1 says that a skip is a failure. */
export function missingServer(kind: ServerKind): string {
  const { title: name, packages } = SERVERS[kind]
  const title = `${name} IS NOT INSTALLED: apt-get install ${packages} bind9-dnsutils`
  if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(title)
  return title
}

export function newKey(name = 'mailsync-test', algorithm = 'hmac-sha256'): ServerKey {
  return { name, algorithm, secret: randomBytes(32).toString('base64') }
}

/** Where the server's data go. Short, because Unix sockets have paths of at most 107 octets. */
export const dataPrefix = join(tmpdir(), 'mailsync-dns-')

/** A zone file: SOA, one name server outside the zone, and the content. */
export function zoneFile(zone: string, content: ZoneContent = []): string {
  const isWhole = typeof content === 'string' && /\sSOA\s/.test(content)
  const head = [
    `$ORIGIN ${zone}`,
    '$TTL 3600',
    ...(isWhole
      ? []
      : ['@ IN SOA ns1.mailsync.test. hostmaster.mailsync.test. 1 3600 600 604800 60', '@ IN NS ns1.mailsync.test.']),
  ]
  const lines = typeof content === 'string' ? [content] : content.flatMap(recordLines)
  return `${[...head, ...lines].join('\n')}\n`
}

/** The records of a set, a line each, as zone files and `nsupdate` write them. */
export function recordLines(rrset: RRset): string[] {
  return rrset.rdata.map((rdata) => {
    const text = rrset.type === 'TXT' ? quoteTxt(rdata as Txt) : rdataText(rrset.type, rdata)
    return `${rrset.name} ${rrset.ttl} IN ${rrset.type} ${text}`
  })
}
