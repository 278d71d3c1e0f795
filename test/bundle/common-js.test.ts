import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toCommonJs } from '../../common-js.mjs'

/** Two entry points with every kind of import and export that esbuild writes into chunks. */
const SOURCES = {
  'cli.ts': `#!/usr/bin/env node
import { shared } from './shared.ts'
const { default: old } = await import('./old.cjs')
const { said, loaded } = await import('./later.ts')
console.log(JSON.stringify([shared(), old.count, said, await loaded(process.argv[2])]))`,
  'library.ts': `import { shared } from './shared.ts'
export { shared as common }; export const own = 1`,
  'shared.ts': `import { Shared } from './class.ts'; import './effect.ts'
export const shared = () => new Shared().name + globalThis.effects`,
  'class.ts': 'export class Shared { name = "shared" }',
  'effect.ts': 'globalThis.effects = (globalThis.effects ?? 0) + 1',
  'old.cjs': 'module.exports = { count: 3 }',
  'later.ts': `import path, { basename as last } from 'node:path'
import * as url from 'node:url'
import { shared } from './shared.ts'
const example = \`
export default { example: true }
\`
export const said = [shared(), last(import.meta.filename), path.sep, url.fileURLToPath(import.meta.url) === import.meta.filename, example]
export const loaded = async (file) => {
  const { homedir } = await import('node:os')
  const module = await import(url.pathToFileURL(file).href)
  return [typeof homedir, module.default]
}`,
}

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'mailsync-common-')))
  await mkdir(join(folder, 'src'))
  for (const [file, text] of Object.entries(SOURCES)) await writeFile(join(folder, 'src', file), text)
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(join(folder, 'theirs.mjs'), 'export default await Promise.resolve("theirs")')
  await build({
    entryPoints: [join(folder, 'src/cli.ts'), join(folder, 'src/library.ts')],
    outdir: join(folder, 'out'),
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
  })
  await toCommonJs(join(folder, 'out'))
})
afterEach(() => rm(folder, { recursive: true }))

test('what was bundled as ES modules runs as it did', async () => {
  const line = [join(folder, 'out/cli.js'), join(folder, 'theirs.mjs')]
  const { stdout } = await promisify(execFile)(process.execPath, line)
  const [shared, count, [again, file, ...said], loaded] = JSON.parse(stdout)
  expect([shared, count, again, loaded]).toEqual(['shared1', 3, 'shared1', ['function', 'theirs']])
  expect(file).toMatch(/^later-.*\.cjs$/)
  expect(said).toEqual(['/', true, '\nexport default { example: true }\n'])
})

test('a library stays one of ES modules', async () => {
  const { common, own } = await import(join(folder, 'out/library.js'))
  expect([common().startsWith('shared'), own]).toEqual([true, 1])
})

test('a chunk begins with the digest of the rest of it', async () => {
  const chunks = join(folder, 'out/chunks')
  const files = (await readdir(chunks)).filter((file) => file !== 'import.cjs')
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) {
    const [, digest, code = ''] = /^\/\/(\w+)\n(.*)$/s.exec(await readFile(join(chunks, file), 'utf8')) ?? []
    expect(digest).toBe(createHash('sha256').update(code).digest('hex'))
  }
})
