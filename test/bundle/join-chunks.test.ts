import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { joinChunks } from '../../join-chunks.mjs'

/** Three commands that share modules in every way there is; two modules have an export of the same name. */
const SOURCES = {
  'cli.ts': `import { log } from './log.ts'
const commands = { one: () => import('./one.ts'), two: () => import('./two.ts'), three: () => import('./three.ts') }
const { run } = await commands[process.argv[2]]()
log(run())`,
  'log.ts': 'export const log = (text) => console.log(text)',
  'one.ts': `import { name } from './a.ts'; import { name as b, count } from './b.ts'; import './effect.ts'
export const run = () => name + b + count() + globalThis.effect`,
  'two.ts': `import { name } from './b.ts'; import { log } from './log.ts'; import './effect.ts'
export const run = () => { log('two'); return name + globalThis.effect }`,
  'three.ts': `import { name } from './a.ts'; import { count } from './b.ts'; export const run = () => name + count() + count()`,
  'a.ts': "import { count } from './b.ts'; export const name = 'a' + count()",
  'b.ts': "let calls = 0; export const name = 'b'; export const count = () => ++calls",
  'effect.ts': 'globalThis.effect = (globalThis.effect ?? 0) + 1; export {}',
}

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'mailsync-join-')))
  await mkdir(join(folder, 'src'))
  for (const [file, text] of Object.entries(SOURCES)) await writeFile(join(folder, 'src', file), text)
})
afterEach(() => rm(folder, { recursive: true }))

/** @returns the names of the chunks that are left */
async function bundle(doors: readonly string[]): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(folder, 'src', 'cli.ts')],
    outdir: join(folder, 'out'),
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    metafile: true,
  })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const source = (door: string): string | undefined =>
    Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint?.endsWith(`/${door}`))?.entryPoint
  await joinChunks(
    metafile.outputs,
    doors.flatMap((door) => source(door) ?? []),
  )
  return (await readdir(join(folder, 'out', 'chunks'))).filter((file) => /^(chunk|shared)-/.test(file)).sort()
}

async function run(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'out', 'cli.js'), command])
  return stdout
}

test('what a door loads is in one chunk, and everything runs as before', async () => {
  const before = await bundle([])
  const printed = [await run('one'), await run('two'), await run('three')]
  expect(printed).toEqual(['a1b21\n', 'two\nb1\n', 'a123\n'])
  await rm(join(folder, 'out'), { recursive: true })
  const after = await bundle(['one.ts'])
  expect(after.length).toBeLessThan(before.length)
  expect([await run('one'), await run('two'), await run('three')]).toEqual(printed)
})

test('what only one of two doors loads is not loaded by the other', async () => {
  await bundle(['two.ts', 'three.ts'])
  const files = await readdir(join(folder, 'out', 'chunks'))
  const two = await readFile(join(folder, 'out', 'chunks', files.find((file) => file.startsWith('two-')) ?? ''), 'utf8')
  const imported = await Promise.all(
    [...two.matchAll(/from "\.\/(shared-\d+\.js)"/g)].map(([, file]) =>
      readFile(join(folder, 'out', 'chunks', file as string), 'utf8'),
    ),
  )
  expect(imported.join()).toContain('var name = "b"')
  expect(imported.join()).not.toContain('"a" + ')
})
