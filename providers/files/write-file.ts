import {
  chmodSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fsync,
  linkSync,
  mkdirSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { draftOf, draftPath } from './draft.js'
import { unlessAbsent } from './file-error.js'

const sync = promisify(fsync)

// Only the waits for the disk are asynchronous: for many small files all else is quicker so (Node 20.20, 2026-11).

/**
 * Makes a file with exactly this mode, whatever the umask, and true; or leaves what is there already, and false. It
 * appears whole or not at all, and is on the disk when this returns: a crash may leave a draft beside it, never half a file.
 */
export async function createFile(file: string, text: string, mode: number): Promise<boolean> {
  const draft = await synced(openDraft(file, text, (handle) => fchmodSync(handle, mode)))
  const made = linked(draft, file)
  if (made) await syncFolder(dirname(file))
  return made
}

/** As {@link createFile}, for what is of no use once the machine has crashed: whether it is on the disk does not matter. */
export function createPassing(file: string, text: string, mode: number): boolean {
  const { path, handle } = openDraft(file, text, (open) => fchmodSync(open, mode))
  closeSync(handle)
  return linked(path, file)
}

/**
 * Replaces a file, or the one behind a symbolic link, all at once: a reader sees the old text or the new one, and a crash
 * leaves either, with a draft beside it. The owner stays, and so does the mode where none is given; a new file then has 0644
 * as far as the umask allows.
 */
export async function replaceFile(path: string, text: string, mode?: number): Promise<void> {
  const file = behindLinks(path)
  const before = ifThere(() => statSync(file))
  const draft = await synced(
    openDraft(file, text, (handle) => {
      if (before !== undefined) giveAway(handle, before)
      fchmodSync(handle, mode ?? (before === undefined ? 0o644 & ~process.umask() : before.mode & 0o7777))
    }),
  )
  try {
    renameSync(draft, file)
  } catch (error) {
    ifThere(() => unlinkSync(draft))
    throw error
  }
  await syncFolder(dirname(file))
}

/** As {@link replaceFile}, for what whoever reads it knows to be whole or not: it may be lost when the machine crashes. */
export function replacePassing(file: string, text: string, mode: number): void {
  const { path, handle } = openDraft(file, text, (open) => fchmodSync(open, mode))
  closeSync(handle)
  try {
    renameSync(path, file)
  } catch (error) {
    ifThere(() => unlinkSync(path))
    throw error
  }
}

/** Where a path leads, to a file that is there or is yet to come. */
export function behindLinks(path: string): string {
  const file = ifThere(() => realpathSync.native(path))
  if (file !== undefined) return file
  const target = linkAt(path)
  return target === undefined ? path : resolve(dirname(path), target)
}

/** Removes the drafts of the files `isOurs`, among what a killed run left. Only for who holds the lock that they are written under. */
export function removeDrafts(folder: string, leftovers: readonly string[], isOurs: (file: string) => boolean): void {
  for (const name of leftovers) {
    const file = draftOf(name)
    if (file !== undefined && isOurs(file)) ifThere(() => unlinkSync(join(folder, name)))
  }
}

/** Makes a folder and those above it, each one that is new with mode 0755, whatever the umask. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o755 })
    chmodSync(folder, 0o755)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && dirname(folder) !== folder) {
      makeFolder(dirname(folder))
      makeFolder(folder)
    } else if (code !== 'EEXIST' || !ifThere(() => statSync(folder))?.isDirectory()) throw error
  }
}

/** A file with its text, under a name that nobody knows; `finish` gives it its owner and mode. */
interface Draft {
  readonly path: string
  readonly handle: number
}

function openDraft(file: string, text: string, finish: (handle: number) => void): Draft {
  const path = draftPath(file)
  const handle = openSync(path, 'wx', 0o600)
  try {
    writeFileSync(handle, text)
    finish(handle)
    return { path, handle }
  } catch (error) {
    closeSync(handle)
    ifThere(() => unlinkSync(path))
    throw error
  }
}

/** The path of a draft, once it is on the disk. */
async function synced({ path, handle }: Draft): Promise<string> {
  try {
    await sync(handle)
    return path
  } catch (error) {
    ifThere(() => unlinkSync(path))
    throw error
  } finally {
    closeSync(handle)
  }
}

/** Gives a draft its name; false where another file has it. */
function linked(draft: string, file: string): boolean {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    ifThere(() => unlinkSync(draft))
  }
}

/** Only root may give a file away. */
function giveAway(handle: number, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  try {
    fchownSync(handle, uid, gid)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EPERM' && code !== 'EINVAL' && code !== 'ENOSYS') throw error
  }
}

function linkAt(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

/** What the call gives; undefined where nothing stands at its path. */
function ifThere<Result>(call: () => Result): Result | undefined {
  try {
    return call()
  } catch (error) {
    return unlessAbsent(error)
  }
}

const running = new Map<string, Promise<void>>()
const waiting = new Map<string, Promise<void>>()

/** Files of one folder that are written at the same time share its next sync, which begins once all of them have their names. */
function syncFolder(folder: string): Promise<void> {
  const shared = waiting.get(folder)
  if (shared) return shared
  const before = running.get(folder) ?? Promise.resolve()
  const next = before
    .catch(() => {})
    .then(async () => {
      waiting.delete(folder)
      const now = syncNow(folder)
      running.set(folder, now)
      try {
        await now
      } finally {
        if (running.get(folder) === now) running.delete(folder)
      }
    })
  waiting.set(folder, next)
  return next
}

async function syncNow(folder: string): Promise<void> {
  const handle = folderAt(folder)
  if (handle === undefined) return
  try {
    await sync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Windows opens no folders, and needs no fsync of them. */
function folderAt(folder: string): number | undefined {
  try {
    return openSync(folder, 'r')
  } catch {
    return undefined
  }
}
