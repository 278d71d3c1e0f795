import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import { never, ZONE } from '../../../conformance/subject.js'
import { plugin } from '../../../providers/yaml/index.js'
import { octodnsZone } from '../../../providers/yaml/zone-text.js'
import { isKnown } from '../../../records/rr/rrset.js'

const COUNT = 300
const seed = Array.from({ length: COUNT }, (_, index) => a(`h${index}`, ['192.0.2.1'], 60))

let folder: string
let file: string
let writer: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-yaml-crash-'))
  file = join(folder, `${ZONE}yaml`)
  writer = join(folder, 'writer.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('endless-writer.ts', import.meta.url))],
    outfile: writer,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url),__filename=import.meta.filename;",
    },
  })
})
afterAll(() => rm(folder, { recursive: true }))

test('a writer that is killed leaves the old file or the new one, and its lock keeps nobody out', async () => {
  const whole = [60, 120].map((ttl) =>
    octodnsZone(
      ZONE,
      seed.map((rrset) => ({ ...rrset, ttl })),
    ),
  )
  await writeFile(file, whole[0] as string)
  const provider = await plugin.connect(plugin.options({ directory: '.' }), { directory: folder, zones: [ZONE] })
  for (let round = 0; round < 6; round++) {
    const child = spawn(process.execPath, [writer, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(child.stdout, 'data')
    expect(String(line)).toMatch(`${COUNT}`)
    await setTimeout(round * 7)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(whole).toContain(await readFile(file, 'utf8'))
    const [before] = await provider.read(ZONE, never)
    if (before === undefined || !isKnown(before) || before.type !== 'A') throw new Error('the zone is lost')
    const visit = a('h0', ['192.0.2.2'], before.ttl)
    expect((await provider.write(ZONE, [{ kind: 'update', before, after: visit }], never)).failure).toBeUndefined()
    expect(
      (await provider.write(ZONE, [{ kind: 'update', before: visit, after: before }], never)).failure,
    ).toBeUndefined()
  }
  expect(await provider.zones(never)).toEqual([ZONE])
})
