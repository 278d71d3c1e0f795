import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBind } from '../../servers/bind.js'
import { missingServer, serverAvailable } from '../../servers/dns-server.js'
import { memoryOf } from '../measure.js'
import { FOREIGN_LINES, FOREIGN_YAML, workloadSpec, writeKeyIndexes, zoneNames } from '../workload.js'

/**
 * `npm run bench:memory [ZONES…]`: what a first apply and a plan of zones, in a folder and on BIND, keep in memory, and what the
 * process takes for it. Default: 1,000 and 3,000 zones; `10000 30000` takes a long time.
 */
const CLI = 'dist/mailsync.js'
const sizes = process.argv.slice(2).map(Number)
const RUNS = [['apply', '--yes'], ['plan']] as const

for (const zones of sizes.length === 0 ? [1000, 3000] : sizes) {
  const folder = await mkdtemp(join(tmpdir(), 'mailsync-memory-'))
  try {
    await writeKeyIndexes(join(folder, 'keys'), zones)
    await mkdir(join(folder, 'zones'))
    for (const name of zoneNames(zones)) await writeFile(join(folder, 'zones', `${name}.yaml`), FOREIGN_YAML)
    await measure(folder, zones, 'in a folder', '{ class: yaml, directory: ./zones }', RUNS)
    if (serverAvailable('bind')) await measureBind(folder, zones)
    else process.stderr.write(`${missingServer('bind')}\n`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureBind(folder: string, zones: number): Promise<void> {
  const bind = await startBind({
    zones: Object.fromEntries(zoneNames(zones).map((name) => [`${name}.`, FOREIGN_LINES])),
  })
  try {
    const { host, port, key } = bind
    const provider = `{ class: rfc2136, host: ${host}, port: ${port}, key_name: ${key.name}, key_secret: '${key.secret}' }`
    await measure(folder, zones, 'on BIND 9', provider, [...RUNS, ['plan', '--observe', 'dns']])
  } finally {
    await bind.stop()
  }
}

async function measure(
  folder: string,
  zones: number,
  where: string,
  provider: string,
  runs: readonly (readonly string[])[],
): Promise<void> {
  const spec = join(folder, 'mailsync.yaml')
  await writeFile(spec, workloadSpec(zones, provider))
  for (const run of runs) {
    const { alive, peak } = await memoryOf([CLI, ...run, '-c', spec])
    const figures = `${alive.toFixed(0)} MiB alive at most, ${peak.toFixed(0)} MiB resident at most`
    process.stdout.write(`${run.join(' ')}, ${zones.toLocaleString('en')} zones ${where}: ${figures}\n`)
  }
}
