import { basename } from 'node:path'
import { withLock } from '../../../providers/files/lock.js'
import { FILE_LIMITS, readIfThere } from '../../../providers/files/read-file.js'
import { makeFolder, removeDrafts, replaceFile } from '../../../providers/files/write-file.js'
import { MailsyncError } from '../../../records/error.js'
import type { KeyFiles } from './key-files.js'
import { formatKeyIndex, INDEX_HINT, type IndexEntry, parseKeyIndex } from './key-index.js'
import { assertNoLink } from './private/found-key.js'

/**
 * Changes the index of one domain, all at once and under its lock, and gives what it holds then. Whatever private key `change`
 * makes is on the disk before the index tells of it; where `change` throws, the index stays as it was.
 */
export async function changeKeys(
  files: KeyFiles,
  signal: AbortSignal,
  change: (entries: readonly IndexEntry[]) => Promise<readonly IndexEntry[]>,
): Promise<readonly IndexEntry[]> {
  makeFolder(files.folder)
  await assertNoLink(files.folder)
  return withLock(files.lock, { signal }, async ({ leftovers }) => {
    removeDrafts(files.folder, leftovers, (name) => !name.startsWith(basename(files.lock)))
    const before = readIndex(files.index)
    const after = await change(before)
    const text = formatKeyIndex(after)
    if (text !== formatKeyIndex(before)) await replaceFile(files.index, text, 0o644)
    return after
  })
}

/** The keys in an index; none where there is no file. Throws {@link MailsyncError} `io` for one that is malformed. */
export function readIndex(file: string): readonly IndexEntry[] {
  const text = readIfThere(file, FILE_LIMITS.keyIndex)?.toString()
  if (text === undefined) return []
  const parsed = parseKeyIndex(text)
  if ('error' in parsed)
    throw new MailsyncError('io', `${file} is malformed: ${parsed.error}`, { where: { file }, hint: INDEX_HINT })
  return parsed.entries
}
