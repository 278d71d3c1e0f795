import { link, open, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** How the name of an unfinished file begins. */
export const DRAFT = '.new-'

/**
 * Makes a file with exactly this mode, whatever the umask, and true; or leaves the file that is there already, and false.
 * It appears whole or not at all, and is on the disk when this returns: a crash may leave a draft beside it, never half
 * a file.
 */
export async function createFile(file: string, text: string, mode: number): Promise<boolean> {
  const draft = join(dirname(file), `${DRAFT}${crypto.randomUUID()}-${basename(file)}`)
  const handle = await open(draft, 'wx', mode)
  try {
    try {
      await handle.chmod(mode)
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await unlink(draft)
  }
  await syncFolder(dirname(file))
  return true
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder).catch(() => undefined) // Windows opens no folders, and needs no fsync of them.
  await handle?.sync().finally(() => handle.close())
}
