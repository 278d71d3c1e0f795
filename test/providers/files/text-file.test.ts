import { statSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { never } from '../../../conformance/subject.js'
import { replaceText } from '../../../providers/files/text-file.js'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-yaml-file-'))
  file = join(folder, 'example.com.yaml')
})
afterEach(() => rm(folder, { recursive: true }))

test('an editor that knows no lock is not overwritten', async () => {
  await writeFile(file, 'before')
  const replacing = replaceText(file, never, () => {
    writeFileSync(file, 'saved by hand')
    return 'after'
  })
  await expect(replacing).rejects.toMatchObject({ code: 'stale', where: { file } })
  expect(await readFile(file, 'utf8')).toBe('saved by hand')
  expect(await readdir(folder)).toEqual(['example.com.yaml'])
})

test('an edit that fails leaves everything as it was', async () => {
  await writeFile(file, 'before')
  const replacing = replaceText(file, never, () => {
    throw new Error('no')
  })
  await expect(replacing).rejects.toThrow('no')
  expect(await readFile(file, 'utf8')).toBe('before')
  expect(await readdir(folder)).toEqual(['example.com.yaml'])
})

test('what a killed run left of this file is cleared, and nothing of another', async () => {
  const others = ['.new-0a1b-b-example.com.yaml', 'example.com.yaml.1', '.example.com.yaml.lock-by-hand']
  const left = ['.new-0a1b-example.com.yaml']
  for (const name of [...others, ...left]) await writeFile(join(folder, name), 'half')
  await replaceText(file, never, () => 'after')
  expect(await readdir(folder)).toEqual([...others, 'example.com.yaml'].sort())
})

test.each([0o000, 0o077, 0o277])(
  'new folders can be read by all and written by their owner, umask %o',
  async (umask) => {
    const before = process.umask(umask)
    try {
      await replaceText(join(folder, 'zones', '0', '25.2.0.192.in-addr.arpa.yaml'), never, () => 'after')
    } finally {
      process.umask(before)
    }
    const modes = ['zones', 'zones/0'].map((name) => statSync(join(folder, name)).mode & 0o777)
    expect(modes).toEqual([0o755, 0o755])
  },
)
