import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { programPath } from '../../servers/dns-server.js'
import type { Peer } from './peer.js'
import type { Target } from './target.js'
import { type BenchRRset, type BenchZone, masterLines } from './zones.js'

const NAME_SERVER = 'ns1.mailsync.test.'
const SOA_MAILBOX = 'hostmaster.mailsync.test.'

/** The dnscontrol of PATH or of the variable DNSCONTROL; undefined where there is none. */
export function dnscontrolPeer(): Peer | undefined {
  const program = process.env.DNSCONTROL ?? programPath('dnscontrol')
  if (program === undefined) return undefined
  const { stdout = '' } = spawnSync(program, ['version'], { encoding: 'utf8' })
  return {
    name: 'dnscontrol',
    version: /\d+(\.\d+)+/.exec(stdout)?.[0] ?? 'unknown',
    printVersion: [program, 'version'],
    plan: [program, 'preview'],
    apply: [program, 'push'],
    refuses: (target) =>
      target === 'cloudflare' ? 'the address of the API cannot be set in its configuration' : undefined,
    write: writeDnscontrol,
    isUnchanged: ({ output }) => /Done\. 0 corrections/.test(output),
  }
}

async function writeDnscontrol(folder: string, zones: readonly BenchZone[], target: Target): Promise<void> {
  await mkdir(join(folder, 'zones'), { recursive: true })
  if (target.kind === 'files')
    for (const { name, before } of zones) await writeFile(join(folder, 'zones', `${name}.zone`), zoneFile(name, before))
  await writeFile(join(folder, 'creds.json'), JSON.stringify(dnscontrolCreds(target)))
  await writeFile(join(folder, 'dnsconfig.js'), dnscontrolConfig(zones))
}

function zoneFile(zone: string, rrsets: readonly BenchRRset[]): string {
  const soa = `@ IN SOA ${NAME_SERVER} ${SOA_MAILBOX} 1 3600 600 604800 60`
  return `$ORIGIN ${zone}.\n$TTL 3600\n${soa}\n@ IN NS ${NAME_SERVER}\n${masterLines(rrsets)}\n`
}

/** `creds.json`. */
export function dnscontrolCreds(target: Target): object {
  const none = { TYPE: 'NONE' }
  if (target.kind !== 'bind') return { none, target: { TYPE: 'BIND', directory: 'zones' } }
  const key = `${target.key.algorithm}:${target.key.name}:${target.key.secret}`
  const master = `${target.host}:${target.port}`
  return { none, target: { TYPE: 'AXFRDDNS', master, 'transfer-key': key, 'update-key': key, 'update-mode': 'tcp' } }
}

/** `dnsconfig.js`: every RRset of every zone. */
export function dnscontrolConfig(zones: readonly BenchZone[]): string {
  const soa = { master: NAME_SERVER, mbox: SOA_MAILBOX, refresh: 3600, retry: 600, expire: 604800, minttl: 60 }
  return [
    'var NONE = NewRegistrar("none");',
    `var TARGET = NewDnsProvider("target", ${JSON.stringify({ default_soa: soa, default_ns: [NAME_SERVER] })});`,
    ...zones.map(({ name, after }) =>
      call('D', [
        JSON.stringify(name),
        'NONE',
        'DnsProvider(TARGET)',
        'DefaultTTL(3600)',
        'NAMESERVER_TTL(3600)',
        ...after.flatMap(({ name: owner, type, values }) =>
          values.map((value) => call(type, [JSON.stringify(owner || '@'), rdata(type, value)])),
        ),
      ]),
    ),
    '',
  ].join('\n')
}

function call(what: string, given: readonly string[]): string {
  return `${what}(${given.join(', ')})`
}

function rdata(type: BenchRRset['type'], value: string): string {
  if (type !== 'MX') return JSON.stringify(value)
  const [preference, exchange] = value.split(' ')
  return `${preference}, ${JSON.stringify(exchange)}`
}
