import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { MailsyncError } from '../../../../records/error.js'

/**
 * The files at a path, which is one, or a folder with whatever is in it and below it, in order. Links to folders in a folder are
 * not followed, and mail that is still being delivered into a Maildir is none of it.
 *
 * Throws {@link MailsyncError} `io` where nothing is there.
 */
export function findFiles(path: string): { readonly isFolder: boolean; readonly files: readonly string[] } {
  let isFolder: boolean
  try {
    isFolder = statSync(path).isDirectory()
    return { isFolder, files: isFolder ? filesBelow(path) : [path] }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file or folder' : message
    throw new MailsyncError('io', `${path}: ${why}`, { where: { file: path }, cause: error })
  }
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  const isMaildir = ['cur', 'new'].every((name) => entries.some((entry) => entry.name === name && entry.isDirectory()))
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return isMaildir && entry.name === 'tmp' ? [] : filesBelow(path)
    const isFile = entry.isFile() || (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isFile())
    return isFile ? [path] : []
  })
}
