import { readdir } from 'node:fs/promises'
import { fileError } from '../../../providers/files/file-error.js'
import { type Name, parseHostname } from '../../../records/rr/name.js'
import { FILE_LABELS } from './key-files.js'

/**
 * The domains with a folder under the keys directory that are none of `domains`: they left the spec, and their keys are still
 * here. Throws `io` when the directory cannot be read.
 */
export async function otherDomains(directory: string, domains: readonly Name[]): Promise<Name[]> {
  const known = new Set(domains)
  try {
    const entries = await readdir(directory, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory() && FILE_LABELS.test(entry.name))
      .flatMap(({ name }) => parseHostname(name))
      .filter((name): name is Name => typeof name === 'string' && !known.has(name))
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw fileError(error, directory)
  }
}
