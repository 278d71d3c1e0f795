import { spawnSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { octodnsPython } from '../../servers/octodns.js'
import type { Peer } from './peer.js'
import type { Target } from './target.js'
import type { BenchRRset, BenchZone } from './zones.js'

const SYNC = join(dirname(octodnsPython), 'octodns-sync')
const CONFIG = 'config.yaml'

/** octoDNS of the virtual environment that the tests use too; with as many workers as mailsync has. */
export function octodnsPeer(): Peer {
  const run = [SYNC, '--quiet', '--config-file', CONFIG]
  return {
    name: 'octoDNS',
    version: /[\d.]+/.exec(spawnSync(SYNC, ['--version'], { encoding: 'utf8' }).stdout)?.[0] ?? 'unknown',
    printVersion: [SYNC, '--version'],
    plan: run,
    apply: [...run, '--doit', '--force'],
    refuses: () => undefined,
    write: writeOctodns,
    isUnchanged: ({ output }) => output.includes('No changes were planned'),
  }
}

async function writeOctodns(folder: string, zones: readonly BenchZone[], target: Target): Promise<void> {
  await writeFolder(join(folder, 'config'), zones, ({ after }) => after)
  if (target.kind === 'files') await writeFolder(join(folder, 'zones'), zones, ({ before }) => before)
  await writeFile(join(folder, CONFIG), octodnsConfig(zones, target))
}

/** The manager's configuration: one source of YAML files, one target. */
export function octodnsConfig(zones: readonly BenchZone[], target: Target): string {
  return [
    'manager: { max_workers: 8 }',
    'providers:',
    '  config: { class: octodns.provider.yaml.YamlProvider, directory: ./config }',
    `  target: ${targetBlock(target)}`,
    'zones:',
    ...zones.map(({ name }) => `  ${name}.: { sources: [config], targets: [target] }`),
    '',
  ].join('\n')
}

function targetBlock(target: Target): string {
  if (target.kind === 'files') return '{ class: octodns.provider.yaml.YamlProvider, directory: ./zones }'
  if (target.kind === 'cloudflare')
    return `{ class: octodns_cloudflare.CloudflareProvider, token: ${target.token}, api_url: ${target.url}, pagerules: false }`
  const { host, port, key } = target
  return `{ class: octodns_bind.Rfc2136Provider, host: ${host}, port: ${port}, key_name: ${key.name}, key_secret: '${key.secret}', key_algorithm: ${key.algorithm} }`
}

async function writeFolder(
  folder: string,
  zones: readonly BenchZone[],
  rrsetsOf: (zone: BenchZone) => readonly BenchRRset[],
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const zone of zones) await writeFile(join(folder, `${zone.name}.yaml`), octodnsZone(rrsetsOf(zone)))
}

/** A zone in the YAML of octoDNS, names and keys in the order that octoDNS asks for. */
export function octodnsZone(rrsets: readonly BenchRRset[]): string {
  const names = [...new Set(rrsets.map(({ name }) => name))].sort()
  return [
    '---',
    ...names.flatMap((name) => [
      `'${name}':`,
      ...rrsets
        .filter((rrset) => rrset.name === name)
        .flatMap(({ type, values }) => [
          '- ttl: 3600',
          `  type: ${type}`,
          ...(values.length === 1
            ? [`  value: ${texts(type, values)}`]
            : ['  values:', ...texts(type, values).map((text) => `  - ${text}`)]),
        ]),
    ]),
    '',
  ].join('\n')
}

function texts(type: BenchRRset['type'], values: readonly string[]): string[] {
  return values.map((value) => {
    if (type === 'TXT') return value.replaceAll(';', '\\;')
    const [preference, exchange] = value.split(' ')
    return type === 'MX' ? `{ exchange: ${exchange}, preference: ${preference} }` : value
  })
}
