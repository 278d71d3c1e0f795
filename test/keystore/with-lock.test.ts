import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withLock } from '../../src/keystore/with-lock.js'
import { scratch } from './scratch.js'

const { signal } = new AbortController()
const deadPid = () => spawnSync(process.execPath, ['-e', '0']).pid

function lockOf(holder?: { host: string; pid: number | undefined }): string {
  const folder = scratch()
  mkdirSync(folder)
  const file = join(folder, '.lock')
  if (holder !== undefined) writeFileSync(file, `${holder.host}\n${holder.pid}\n1c8f-1\n`)
  return file
}

/** How many were at work at once when each of `callers` began; they come `apart` milliseconds after one another. */
async function together(file: string, callers: number, apart = 0): Promise<number[]> {
  let inside = 0
  const work = async () => {
    const now = ++inside
    await setTimeout(10)
    inside--
    return now
  }
  const call = async (_: unknown, number: number) => {
    await setTimeout(number * apart)
    return withLock(file, { signal }, work)
  }
  return Promise.all(Array.from({ length: callers }, call))
}

test('work under one lock never overlaps', async () => {
  const file = lockOf()
  expect(await together(file, 5)).toEqual([1, 1, 1, 1, 1])
  expect(readdirSync(dirname(file))).toEqual([])
})

test('the lock is given back when the work fails', async () => {
  const file = lockOf()
  await expect(withLock(file, { signal }, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(existsSync(file)).toBe(false)
})

test('the lock of a process that was killed is no obstacle, however many find it at once', async () => {
  const pid = deadPid()
  const files = Array.from({ length: 40 }, () => lockOf({ host: hostname(), pid }))
  const overlaps = await Promise.all(files.map((file, apart) => together(file, 3, apart)))
  expect(new Set(overlaps.flat())).toEqual(new Set([1]))
  expect(files.flatMap((file) => readdirSync(dirname(file)))).toEqual([])
})

test.each([
  ['a process that lives', () => ({ host: hostname(), pid: process.pid })],
  ['a process of another machine', () => ({ host: `not-${hostname()}`, pid: deadPid() })],
  ['a process that wrote nothing we know', () => ({ host: '', pid: deadPid() })],
])('the lock of %s is waited for, then named, and left', async (_, holder) => {
  const file = lockOf(holder())
  const before = readFileSync(file, 'utf8')
  await expect(withLock(file, { signal, patience: 50 }, async () => 'done')).rejects.toMatchObject({
    code: 'io',
    where: { file },
    hint: expect.stringContaining('delete the file'),
  })
  expect(readFileSync(file, 'utf8')).toBe(before)
})

test('a stop ends the wait', async () => {
  const file = lockOf({ host: hostname(), pid: process.pid })
  await expect(withLock(file, { signal: AbortSignal.abort() }, async () => 'done')).rejects.toMatchObject({
    code: 'cancelled',
  })
})
