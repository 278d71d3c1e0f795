import { access, constants, mkdir, readFile, readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { MailsyncError } from '../../records/error.js'
import { unlessAbsent } from './file-error.js'
import { withZoneLock } from './with-zone-lock.js'

/** The text of a zone file, or undefined where there is none. Throws {@link MailsyncError} `io` where it is not UTF-8. */
export async function readText(file: string): Promise<string | undefined> {
  const octets = await readFile(file).catch(unlessAbsent)
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
): Promise<void> {
  const file = await behindLinks(path)
  await mkdir(dirname(file), { recursive: true })
  await withZoneLock(join(dirname(file), `.${basename(file)}.lock`), signal, async (lock) => {
    const before = await readText(file)
    const after = edit(before)
    if (after === before) return
    if (before !== undefined) await access(file, constants.W_OK)
    if ((await readText(file)) !== before) throw changedMeanwhile(file)
    await lock.assertHeld()
    // Loaded here, for it loads node:crypto, which a plan can do without.
    const { default: writeFileAtomic } = await import('write-file-atomic')
    await writeFileAtomic(file, after)
  })
}

async function behindLinks(path: string): Promise<string> {
  const file = await realpath(path).catch(unlessAbsent)
  if (file !== undefined) return file
  const target = await readlink(path).catch(() => undefined)
  return target === undefined ? path : resolve(dirname(path), target)
}

function changedMeanwhile(file: string): MailsyncError {
  return new MailsyncError('stale', `${file} was changed while it was being edited`, {
    where: { file },
    hint: 'plan again',
  })
}
