import { writeFile } from 'node:fs/promises'
import { fileError } from '../../providers/files/file-error.js'

/** Writes what a command saves where `--out` says. Throws `io`. */
export async function saveText(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text)
  } catch (error) {
    throw fileError(error, file)
  }
}
