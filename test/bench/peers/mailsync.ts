import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import metadata from '../../../package.json' with { type: 'json' }
import { writeKeyIndexes } from '../workload.js'
import { octodnsZone } from './octodns.js'
import type { Peer } from './peer.js'
import type { Target } from './target.js'
import { type BenchZone, MX_HOSTS, SPF_INCLUDE } from './zones.js'

/** The mailsync that `npm run build` made of this checkout. */
export function mailsyncPeer(): Peer {
  const cli = [process.execPath, resolve('dist/mailsync.js')]
  return {
    name: 'mailsync',
    version: metadata.version,
    printVersion: [...cli, '--version'],
    plan: [...cli, 'plan'],
    apply: [...cli, 'apply', '--yes'],
    refuses: () => undefined,
    write: writeMailsync,
    isUnchanged: ({ output }) => output.includes('Nothing to do'),
  }
}

async function writeMailsync(folder: string, zones: readonly BenchZone[], target: Target): Promise<void> {
  await mkdir(join(folder, 'zones'), { recursive: true })
  if (target.kind === 'files')
    for (const { name, before } of zones) await writeFile(join(folder, 'zones', `${name}.yaml`), octodnsZone(before))
  await writeKeyIndexes(join(folder, 'keys'), zones.length)
  await writeFile(join(folder, 'mailsync.yaml'), mailsyncSpec(zones, target))
}

/** The spec from which mailsync makes what the other tools are told record by record. */
export function mailsyncSpec(zones: readonly BenchZone[], target: Target): string {
  return [
    'providers:',
    `  target: ${providerOf(target)}`,
    'zones:',
    ...zones.map(({ name }) => `  ${name}.: { targets: [target] }`),
    'defaults:',
    `  spf: { include: [${SPF_INCLUDE}], all: fail }`,
    'domains:',
    ...zones.map(
      ({ name }) =>
        `  ${name}: { mx: [${MX_HOSTS.join(', ')}], dkim: { algorithms: [rsa-2048, ed25519] }, dmarc: { policy: quarantine, rua: [dmarc@${name}] } }`,
    ),
    '',
  ].join('\n')
}

function providerOf(target: Target): string {
  if (target.kind === 'files') return '{ class: yaml, directory: ./zones }'
  if (target.kind === 'cloudflare') return `{ class: cloudflare, token: ${target.token} }`
  const { host, port, key } = target
  return `{ class: rfc2136, host: ${host}, port: ${port}, key_name: ${key.name}, key_secret: '${key.secret}', key_algorithm: ${key.algorithm} }`
}
