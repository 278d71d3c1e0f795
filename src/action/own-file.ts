import { resolve } from 'node:path'
import { fileError } from '../../providers/files/file-error.js'
import { assertNotLedOut } from '../../providers/files/inside.js'

/**
 * Refuses a file in the checkout that leads out of it: whoever proposes a branch puts links into a checkout, and nothing is
 * read from nor written to where they lead. A file that the workflow places outside, beside an artifact, is the workflow's own.
 *
 * Throws `io`.
 */
export function assertOwnFile(file: string, workspace: string): void {
  const path = resolve(file)
  try {
    assertNotLedOut(workspace, path)
  } catch (error) {
    throw fileError(error, path)
  }
}
