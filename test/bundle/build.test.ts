import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-build-'))
})
afterEach(() => rm(folder, { recursive: true }))

function build(into: string): Promise<unknown> {
  return promisify(execFile)(process.execPath, ['build.mjs', into])
}

test('a build removes nothing that no build made', async () => {
  await writeFile(join(folder, 'index.js'), 'of a build')
  await writeFile(join(folder, 'letter.txt'), 'mine')
  await expect(build(folder)).rejects.toThrow('nothing here made its letter.txt')
  await expect(build(join(folder, 'letter.txt'))).rejects.toThrow('ENOTDIR')
  expect(await readdir(folder)).toEqual(['index.js', 'letter.txt'])
  expect(await readFile(join(folder, 'letter.txt'), 'utf8')).toBe('mine')
})
