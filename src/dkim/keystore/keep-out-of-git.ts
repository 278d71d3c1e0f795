import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { createFile, makeFolder } from '../../../providers/files/write-file.js'

/** What git must not see: private keys, and what a killed run may leave behind. */
const IGNORED = '*.pem\n.lock*\n.new-*\n'

/** Sees to it that git takes no private key from the folder of all keys; a `.gitignore` that is there already stays. */
export async function keepOutOfGit(directory: string): Promise<void> {
  const ignore = join(directory, '.gitignore')
  if (existsSync(ignore)) return
  try {
    makeFolder(directory)
    await createFile(ignore, IGNORED, 0o644)
  } catch (error) {
    throw fileError(error, directory)
  }
}
