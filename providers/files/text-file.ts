import { accessSync, constants } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { MailsyncError } from '../../records/error.js'
import { leftoversIn } from './leftovers.js'
import { withLock } from './lock.js'
import { FILE_LIMITS, readIfThere } from './read-file.js'
import { behindLinks, makeFolder, removeDrafts, replaceFile } from './write-file.js'

/** The text of a zone file, or undefined where there is none. Throws {@link MailsyncError} `io` where it is not UTF-8, `Unreadable` where it is no file of text. */
export function readText(file: string): string | undefined {
  const octets = readIfThere(file, FILE_LIMITS.zoneFile)
  if (octets === undefined) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch (cause) {
    throw new MailsyncError('io', `${file} is not UTF-8`, { where: { file }, hint: 'save the file as UTF-8', cause })
  }
}

/**
 * Replaces the text of a file by what `edit` makes of it, all at once: a reader sees the old file or the new one, whatever
 * happens, and of two runs at the same time the second one edits what the first one has written. A symbolic link stays, and
 * so do mode and owner. Folders are made as needed. Nothing is written where `edit` throws.
 *
 * Throws {@link MailsyncError} `stale` where somebody without our lock changed the file meanwhile.
 */
export async function replaceText(
  path: string,
  signal: AbortSignal,
  edit: (text: string | undefined) => string,
  list = leftoversIn,
): Promise<void> {
  const file = behindLinks(path)
  const folder = dirname(file)
  makeFolder(folder)
  await withLock(join(folder, `.${basename(file)}.lock`), { signal, list }, async (lock) => {
    removeDrafts(folder, lock.leftovers, (name) => name === basename(file))
    const before = readText(file)
    const after = edit(before)
    if (after === before) return
    if (before !== undefined) accessSync(file, constants.W_OK)
    if (readText(file) !== before) throw changedMeanwhile(file)
    await lock.assertHeld()
    await replaceFile(file, after)
  })
}

function changedMeanwhile(file: string): MailsyncError {
  return new MailsyncError('stale', `${file} was changed while it was being edited`, {
    where: { file },
    hint: 'plan again',
  })
}
