import { writeFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { never } from '../../../conformance/subject.js'
import { withZoneLock } from '../../../providers/yaml/with-zone-lock.js'
import { replaceText } from '../../../providers/yaml/zone-file.js'

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

test('a lock is held by one at a time', async () => {
  let inside = 0
  const turns = Array.from({ length: 8 }, () =>
    withZoneLock(join(folder, 'lock'), never, async () => {
      inside++
      await readdir(folder)
      expect(inside).toBe(1)
      inside--
    }),
  )
  await Promise.all(turns)
  expect(await readdir(folder)).toEqual([])
})

test('a lock that was taken away is missed, and left to its new holder', async () => {
  const lock = join(folder, 'lock')
  await withZoneLock(lock, never, async ({ assertHeld }) => {
    await expect(assertHeld()).resolves.toBeUndefined()
    await writeFile(lock, 'somebody else')
    await expect(assertHeld()).rejects.toMatchObject({ code: 'io', where: { file: lock } })
  })
  expect(await readFile(lock, 'utf8')).toBe('somebody else')
})
