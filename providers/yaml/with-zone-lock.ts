import { readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { MailsyncError } from '../../records/error.js'
import { cancelled } from '../refusal.js'
import { unlessAbsent } from './file-error.js'

const POLL_MS = 20
/** A write takes well under a second: a lock as old as this has been left behind. */
const STALE_MS = 30_000
const PATIENCE_MS = 60_000

/** Held while a zone is written. */
export interface ZoneLock {
  /** Throws `io` where another process has taken the lock for left behind: nothing may be written any more. */
  assertHeld(): Promise<void>
}

/**
 * Runs `work` while no other run of mailsync, nor another call of this one, works under the same lock file. The lock of a
 * process that was killed is taken over: at once where that process was on this machine, else after 30 s.
 *
 * Throws {@link MailsyncError} `cancelled` when `signal` aborts the wait, `io` when the lock stays taken for 60 s.
 */
export async function withZoneLock<Result>(
  file: string,
  signal: AbortSignal,
  work: (lock: ZoneLock) => Promise<Result>,
): Promise<Result> {
  const claim = JSON.stringify({ pid: process.pid, host: hostname(), id: crypto.randomUUID() })
  const deadline = performance.now() + PATIENCE_MS
  while (!(await claimed(file, claim))) {
    if (signal.aborted) throw cancelled()
    if (performance.now() > deadline) throw held(file)
    await setTimeout(POLL_MS)
  }
  const isHeld = async (): Promise<boolean> => (await read(file)) === claim
  try {
    return await work({
      assertHeld: async () => {
        if (!(await isHeld())) throw held(file)
      },
    })
  } finally {
    if (await isHeld()) await unlink(file).catch(unlessAbsent)
  }
}

async function claimed(file: string, claim: string): Promise<boolean> {
  const holder = await read(file)
  if (holder !== undefined) {
    if (!(await isDead(file, holder))) return false
    await removeDead(file, holder)
  }
  return createOnly(file, claim)
}

function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(unlessAbsent)
}

/** False where the file exists. A holder that is killed before it has written its claim leaves an empty file, dead once it is old. */
async function createOnly(file: string, claim: string): Promise<boolean> {
  try {
    await writeFile(file, claim, { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  }
}

async function isDead(file: string, holder: string): Promise<boolean> {
  const written = await stat(file).catch(unlessAbsent)
  if (written && Date.now() - written.mtimeMs > STALE_MS) return true
  const [, pid, host] = /^\{"pid":(\d+),"host":"(.*)","id"/.exec(holder) ?? []
  if (pid === undefined || host !== hostname()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Two processes may find the same dead lock: the slower one has moved the living lock of the faster one aside, and puts it back. */
async function removeDead(file: string, holder: string): Promise<void> {
  const aside = `${file}.${crypto.randomUUID()}`
  const moved = await rename(file, aside).then(() => true, unlessAbsent)
  if (moved === undefined) return
  const found = await read(aside)
  if (found !== undefined && found !== holder) await createOnly(file, found)
  await unlink(aside).catch(unlessAbsent)
}

function held(file: string): MailsyncError {
  return new MailsyncError('io', `another run of mailsync holds ${file}`, {
    where: { file },
    hint: 'wait until that run ends; if there is none, delete the file',
  })
}
