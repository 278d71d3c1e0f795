import { fileError } from '../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../providers/files/read-file.js'
import { MailsyncError } from '../../records/error.js'
import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'
import { keyFiles } from './key-files.js'
import type { KeyFinding } from './key-finding.js'
import { publicKeyOf } from './public-key-of.js'

/**
 * Whether the private keys that are here belong to their public keys: one that does not signs mail that no receiver can
 * verify. A private key that is not here is no finding.
 *
 * Throws {@link MailsyncError} `io` when a file that is there cannot be read.
 */
export async function verifyPrivateKeys(directory: string, keys: readonly DkimPublicKey[]): Promise<KeyFinding[]> {
  const findings: KeyFinding[] = []
  for (const { domain, selector, publicKey } of keys) {
    const file = keyFiles(directory, domain).privateKey(selector)
    const fault = await faultOf(file, publicKey)
    if (fault === undefined) continue
    findings.push({
      rule: 'dkim-key-mismatch',
      severity: 'error',
      file,
      message: fault,
      hint: 'put the private key of this selector there, or generate a key with a new selector',
    })
  }
  return findings
}

async function faultOf(file: string, publicKey: string): Promise<string | undefined> {
  try {
    const found = publicKeyOf(readRegularFile(file, FILE_LIMITS.privateKey).toString(), file)
    return found.publicKey === publicKey ? undefined : 'the private key does not belong to the public key in the index'
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof MailsyncError) return error.message
    throw fileError(error, file)
  }
}
