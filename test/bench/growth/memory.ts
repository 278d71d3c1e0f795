import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryOf } from '../measure.js'
import { FOREIGN_YAML, workloadSpec, writeKeyIndexes, zoneNames } from '../workload.js'

/** `npm run bench:memory [ZONES…]`: what a first apply of zones in a folder keeps in memory, and what the process takes for it. */
const CLI = 'dist/mailsync.js'
const sizes = process.argv.slice(2).map(Number)

for (const zones of sizes.length === 0 ? [10_000, 20_000, 30_000] : sizes) {
  const folder = await mkdtemp(join(tmpdir(), 'mailsync-memory-'))
  try {
    await writeKeyIndexes(join(folder, 'keys'), zones)
    await mkdir(join(folder, 'zones'))
    for (const name of zoneNames(zones)) await writeFile(join(folder, 'zones', `${name}.yaml`), FOREIGN_YAML)
    const spec = join(folder, 'mailsync.yaml')
    await writeFile(spec, workloadSpec(zones, '{ class: yaml, directory: ./zones }'))
    for (const run of [['apply', '--yes'], ['plan']]) {
      const { alive, peak } = await memoryOf([CLI, ...run, '-c', spec])
      const figures = `${alive.toFixed(0)} MiB alive at most, ${peak.toFixed(0)} MiB resident at most`
      process.stdout.write(`${run[0]}, ${zones.toLocaleString('en')} zones in a folder: ${figures}\n`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
