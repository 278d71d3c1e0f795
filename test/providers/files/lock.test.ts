import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { withLock } from '../../../providers/files/lock.js'

const { signal } = new AbortController()
const deadPid = () => spawnSync(process.execPath, ['-e', '0']).pid

function lockOf(holder?: { host: string; pid: number | undefined }): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailsync-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
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

test.each([
  ['of another machine', () => `not-${hostname()}\n${deadPid()}\n1c8f-1\n`],
  ['that died before it could sign', () => ''],
])('a lock %s that nobody touched for long is taken over', async (_, claim) => {
  const file = lockOf()
  writeFileSync(file, claim())
  utimesSync(file, 0, 0)
  expect(await withLock(file, { signal }, async () => 'done')).toBe('done')
  expect(readdirSync(dirname(file))).toEqual([])
})

test('the lock of a living process of this machine is never taken, however old', async () => {
  const file = lockOf({ host: hostname(), pid: process.pid })
  utimesSync(file, 0, 0)
  await expect(withLock(file, { signal, patience: 50 }, async () => 'done')).rejects.toMatchObject({ code: 'io' })
})

test('whoever was killed while he removed a dead lock, or took one, is no obstacle and leaves nothing', async () => {
  const claim = `${hostname()}\n${deadPid()}\n1c8f-1\n`
  const file = lockOf()
  writeFileSync(file, claim)
  writeFileSync(`${file}-${createHash('sha256').update(claim).digest('hex').slice(0, 12)}`, claim)
  writeFileSync(`${file}-0123456789ab`, claim)
  writeFileSync(join(dirname(file), '.new-0a1b-.lock'), claim)
  expect(await together(file, 3)).toEqual([1, 1, 1])
  expect(readdirSync(dirname(file))).toEqual([])
})

test.each([
  ['of a run that was killed is cleared at once', deadPid, 0],
  ['of a run that lives is left', () => process.pid, 1],
])('the draft of a lock into which nothing was written, %s', async (_, pid, left) => {
  const file = lockOf()
  const host = crc32(hostname()).toString(16).padStart(8, '0')
  writeFileSync(join(dirname(file), `.new-${host}${pid().toString(16).padStart(8, '0')}0123456789abcdef-.lock`), '')
  await withLock(file, { signal }, async () => 'done')
  expect(readdirSync(dirname(file))).toHaveLength(left)
})

test('the draft of a lock into which nothing was written, of another machine, is left', async () => {
  const file = lockOf()
  const host = crc32(`not-${hostname()}`).toString(16).padStart(8, '0')
  writeFileSync(join(dirname(file), `.new-${host}${deadPid().toString(16).padStart(8, '0')}0123456789abcdef-.lock`), '')
  await withLock(file, { signal }, async () => 'done')
  expect(readdirSync(dirname(file))).toHaveLength(1)
})

test('a lock that was taken away is missed, and left to its new holder', async () => {
  const file = lockOf()
  await withLock(file, { signal }, async ({ assertHeld }) => {
    await expect(assertHeld()).resolves.toBeUndefined()
    writeFileSync(file, 'somebody else')
    await expect(assertHeld()).rejects.toMatchObject({ code: 'io', where: { file } })
  })
  expect(readFileSync(file, 'utf8')).toBe('somebody else')
})
