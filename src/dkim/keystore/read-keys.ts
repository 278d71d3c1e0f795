import { basename } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { FILE_LIMITS } from '../../../providers/files/read-file.js'
import type { MailsyncError } from '../../../records/error.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import type { Name } from '../../../records/rr/name.js'
import { type SourceTree, workingTree } from '../../source-tree.js'
import { checkKeyFiles } from './check-key-files.js'
import { type KeyFiles, keyFiles } from './key-files.js'
import type { KeyFinding } from './key-finding.js'
import { INDEX_HINT, type IndexEntry, parseKeyIndex } from './key-index.js'

/**
 * The public keys of `domains`, and what is wrong with their files. A domain without a folder has no keys; a private key
 * need not be here (a scheduled run has only the index). Private keys are never opened, only their modes are looked at.
 *
 * Throws {@link MailsyncError} `io` when a file that is there cannot be read, or is outside of the tree, `spec` when a domain cannot be a folder name.
 */
export async function readKeys(
  directory: string,
  domains: readonly Name[],
  tree: SourceTree = workingTree(),
): Promise<{ readonly keys: RingKey[]; readonly findings: KeyFinding[] }> {
  const keys: RingKey[] = []
  const findings: KeyFinding[] = []
  try {
    const folders = new Set(tree.list(directory))
    for (const domain of domains) {
      const files = keyFiles(directory, domain)
      if (!folders.has(basename(files.folder))) continue
      const names = tree.list(files.folder)
      const entries = names.includes(basename(files.index)) ? await readIndex(files, tree, findings) : []
      keys.push(...(entries ?? []).map((entry) => ({ domain, ...entry })))
      findings.push(...checkKeyFiles(files.folder, names, entries, tree))
    }
  } catch (error) {
    throw fileError(error, directory)
  }
  return { keys, findings }
}

async function readIndex(
  { index }: KeyFiles,
  tree: SourceTree,
  findings: KeyFinding[],
): Promise<IndexEntry[] | undefined> {
  const parsed = parseKeyIndex(Buffer.from(await tree.read(index, FILE_LIMITS.keyIndex)).toString())
  if ('entries' in parsed) return parsed.entries
  findings.push({
    rule: 'dkim-index-malformed',
    severity: 'error',
    file: index,
    message: `the index of DKIM keys is malformed: ${parsed.error}`,
    hint: INDEX_HINT,
  })
  return undefined
}
