import {
  chmod,
  type FileHandle,
  link,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  stat,
  unlink,
} from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { draftOf, draftPath } from './draft.js'
import { unlessAbsent } from './file-error.js'

/**
 * Makes a file with exactly this mode, whatever the umask, and true; or leaves what is there already, and false. It
 * appears whole or not at all, and is on the disk when this returns: a crash may leave a draft beside it, never half a file.
 */
export async function createFile(file: string, text: string, mode: number): Promise<boolean> {
  const draft = await writeDraft(file, text, (handle) => handle.chmod(mode))
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft).catch(unlessAbsent)
  }
  await syncFolder(dirname(file))
  return true
}

/**
 * Replaces a file, or the one behind a symbolic link, all at once: a reader sees the old text or the new one, and a crash
 * leaves either, with a draft beside it. The owner stays, and so does the mode where none is given; a new file then has 0644
 * as far as the umask allows.
 */
export async function replaceFile(path: string, text: string, mode?: number): Promise<void> {
  const file = await behindLinks(path)
  const before = await stat(file).catch(unlessAbsent)
  const draft = await writeDraft(file, text, async (handle) => {
    if (before !== undefined) await handle.chown(before.uid, before.gid).catch(unlessRefused)
    await handle.chmod(mode ?? (before === undefined ? 0o644 & ~process.umask() : before.mode & 0o7777))
  })
  try {
    await rename(draft, file)
  } catch (error) {
    await unlink(draft).catch(unlessAbsent)
    throw error
  }
  await syncFolder(dirname(file))
}

/** Where a path leads, to a file that is there or is yet to come. */
export async function behindLinks(path: string): Promise<string> {
  const file = await realpath(path).catch(unlessAbsent)
  if (file !== undefined) return file
  const target = await readlink(path).catch(() => undefined)
  return target === undefined ? path : resolve(dirname(path), target)
}

/** Removes the drafts of the files `isOurs`, which a killed run left. Only for who holds the lock that they are written under. */
export async function removeDrafts(folder: string, isOurs: (file: string) => boolean): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = draftOf(name)
    if (file !== undefined && isOurs(file)) await unlink(join(folder, name)).catch(unlessAbsent)
  }
}

/** Makes a folder and those above it, each one that is new with mode 0755, whatever the umask. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o755 })
    await chmod(folder, 0o755)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && dirname(folder) !== folder) {
      await makeFolder(dirname(folder))
      return makeFolder(folder)
    }
    if (code !== 'EEXIST' || !(await stat(folder).catch(unlessAbsent))?.isDirectory()) throw error
  }
}

async function writeDraft(file: string, text: string, prepare: (handle: FileHandle) => Promise<void>): Promise<string> {
  const draft = draftPath(file)
  const handle = await open(draft, 'wx', 0o600)
  try {
    await prepare(handle)
    await handle.writeFile(text)
    await handle.sync()
  } catch (error) {
    await unlink(draft).catch(unlessAbsent)
    throw error
  } finally {
    await handle.close()
  }
  return draft
}

/** Only root may give a file away. */
function unlessRefused(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPERM' && error.code !== 'EINVAL' && error.code !== 'ENOSYS') throw error
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined) // Windows opens no folders, and needs no fsync of them.
  await handle?.sync().finally(() => handle.close())
}
