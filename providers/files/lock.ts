import { unlinkSync } from 'node:fs'
import { stat, unlink, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { MailsyncError } from '../../records/error.js'
import { draftMaker, draftOf } from './draft.js'
import { unlessAbsent } from './file-error.js'
import { leftoversIn } from './leftovers.js'
import { FILE_LIMITS, readIfThere } from './read-file.js'
import { createPassing } from './write-file.js'

const POLL_MS = 25
/** How often the holder shows that it lives, for the runs on other machines. */
const BEAT_MS = 15_000
const STALE_MS = 8 * BEAT_MS

/** Held while files are written. */
export interface Lock {
  /** What killed runs may have left in the folder of the lock. */
  readonly leftovers: readonly string[]
  /** Throws `io` where somebody else has taken the lock or removed it: nothing may be written any more. */
  assertHeld(): Promise<void>
}

/**
 * Runs `work` while no other process, and no other call in this one, works under the same lock file. The lock of a process
 * that died is taken over: at once where it was on this machine, else once it has not been touched for two minutes. A
 * living one is waited for, `patience` milliseconds at most. What killed runs left of this lock is cleared.
 *
 * Throws {@link MailsyncError} `io` when the lock stays taken, `cancelled` when `signal` aborts the wait.
 */
export async function withLock<Result>(
  file: string,
  {
    signal,
    patience = 60_000,
    list = leftoversIn,
  }: { readonly signal: AbortSignal; readonly patience?: number; readonly list?: typeof leftoversIn },
  work: (lock: Lock) => Promise<Result>,
): Promise<Result> {
  const claim = newClaim()
  for (const deadline = performance.now() + patience; !(await take(file, claim)); await setTimeout(POLL_MS)) {
    if (signal.aborted) throw new MailsyncError('cancelled', `stopped while waiting for ${file}`)
    if (performance.now() >= deadline) throw held(file)
  }
  const beat = setInterval(() => void utimes(file, new Date(), new Date()).catch(() => undefined), BEAT_MS).unref()
  try {
    const leftovers = await list(dirname(file))
    await clearLeftovers(file, leftovers)
    return await work({
      leftovers,
      assertHeld: async () => {
        if (read(file) !== claim) throw held(file)
      },
    })
  } finally {
    clearInterval(beat)
    if (read(file) === claim) release(file)
  }
}

function release(file: string): void {
  try {
    unlinkSync(file)
  } catch (error) {
    unlessAbsent(error)
  }
}

/** Host, process and a number of its own, so that no two claims are the same. */
function newClaim(): string {
  return `${hostname()}\n${process.pid}\n${crypto.randomUUID()}\n`
}

async function take(file: string, claim: string): Promise<boolean> {
  const holder = read(file)
  if (holder !== undefined && !(await removeDead(file, holder))) return false
  return createPassing(file, claim, 0o644)
}

/**
 * Removes the lock that `holder` claims if that one is dead, and whether it did. Several may find it so at once: the one
 * that takes the marker of this very claim, itself such a lock, looks again, and nobody else removes it meanwhile. So a
 * lock that was taken since is never hit.
 */
async function removeDead(file: string, holder: string): Promise<boolean> {
  if (!(await isDead(file, holder))) return false
  const { createHash } = await import('node:crypto') // Takes 20 ms to load, and no run needs it but this.
  const marker = `${file}-${createHash('sha256').update(holder).digest('hex').slice(0, 12)}`
  if (!(await take(marker, newClaim()))) return false
  try {
    const isStill = read(file) === holder && (await isDead(file, holder))
    if (isStill) await unlink(file)
    return isStill
  } finally {
    await unlink(marker).catch(unlessAbsent)
  }
}

async function isDead(file: string, holder: string): Promise<boolean> {
  const [, host, pid] = /^(.+)\n(\d+)\n[\da-f-]+\n$/.exec(holder) ?? []
  if (host === hostname()) return !isAlive(Number(pid))
  const touched = await stat(file).catch(unlessAbsent)
  return touched !== undefined && Date.now() - touched.mtimeMs > STALE_MS
}

/** A run that was killed as soon as it had opened a draft has not said in it who it was. */
function isOfDead(draft: string): boolean {
  const pid = draftMaker(draft)
  return pid !== undefined && !isAlive(pid)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** The drafts of this lock and its markers, where the runs that made them are dead. */
async function clearLeftovers(file: string, leftovers: readonly string[]): Promise<void> {
  const folder = dirname(file)
  const name = basename(file)
  for (const other of leftovers) {
    const path = join(folder, other)
    const isMarker = other.startsWith(`${name}-`) && /^[\da-f]{12}(?:-[\da-f]{12})*$/.test(other.slice(name.length + 1))
    const target = draftOf(other)
    const isDraft = target === name || target?.startsWith(`${name}-`) === true
    const holder = isMarker || isDraft ? read(path) : undefined
    if (holder === undefined) continue
    if (isMarker) await removeDead(path, holder)
    else if (isOfDead(other) || (await isDead(path, holder))) await unlink(path).catch(unlessAbsent)
  }
}

function read(file: string): string | undefined {
  return readIfThere(file, FILE_LIMITS.lock)?.toString()
}

function held(file: string): MailsyncError {
  return new MailsyncError('io', `another run of mailsync holds ${file}`, {
    where: { file },
    hint: 'wait until that run ends; if there is none, delete the file',
  })
}
