import { readFile, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import process from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { MailsyncError } from '../../records/error.js'
import { createFile } from './create-file.js'

const POLL_MS = 25

/**
 * Runs `work` while no other process, and no other call in this one, works under the same lock file. The lock of a process
 * that died on this machine is removed; a living one is waited for, `patience` milliseconds at most.
 *
 * Throws {@link MailsyncError} `io` when the lock stays taken, `cancelled` when `signal` aborts the wait.
 */
export async function withLock<Result>(
  file: string,
  { signal, patience = 60_000 }: { readonly signal: AbortSignal; readonly patience?: number },
  work: () => Promise<Result>,
): Promise<Result> {
  for (let waited = 0; !(await take(file)); waited += POLL_MS) {
    if (signal.aborted) throw new MailsyncError('cancelled', `stopped while waiting for ${file}`)
    if (waited >= patience)
      throw new MailsyncError('io', `another run of mailsync holds ${file}`, {
        where: { file },
        hint: 'wait until that run ends; if there is none, delete the file',
      })
    await setTimeout(POLL_MS)
  }
  try {
    return await work()
  } finally {
    await unlink(file).catch(unlessAbsent)
  }
}

async function take(file: string): Promise<boolean> {
  const text = await read(file)
  if (text !== undefined) await removeDead(file, text)
  return createFile(file, `${hostname()}\n${process.pid}\n${crypto.randomUUID()}\n`, 0o644)
}

/**
 * Removes the lock `text` if its process died here. Several may find that at once; the one that makes the marker of this
 * very lock looks again, and nobody else removes it meanwhile, so a lock taken since is never hit.
 */
async function removeDead(file: string, text: string): Promise<void> {
  const [, host, pid, run] = /^(.+)\n(\d+)\n([\da-f-]+)\n$/.exec(text) ?? []
  if (host !== hostname() || isAlive(Number(pid))) return
  const marker = `${file}-${run}`
  if (!(await createFile(marker, '', 0o644))) return
  try {
    if ((await read(file)) === text) await unlink(file)
  } finally {
    await unlink(marker)
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(unlessAbsent)
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
