import { fileError } from '../../../../providers/files/file-error.js'
import { MailsyncError } from '../../../../records/error.js'
import { keyId } from '../../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../../records/families/dkim/rotation/ring-key.js'
import { keyFiles } from '../key-files.js'
import type { KeyFinding } from '../key-finding.js'
import { readPrivateHalf } from './private-half.js'

/**
 * Whether the private keys that are here belong to their public keys: one that does not signs mail that no receiver can
 * verify. A private key that is not here is no finding, nor is an encrypted one that none of `identities` is given for.
 *
 * Throws {@link MailsyncError} `io` when a file that is there cannot be read.
 */
export async function verifyPrivateKeys(
  directory: string,
  keys: readonly RingKey[],
  identities: readonly string[] = [],
): Promise<KeyFinding[]> {
  const findings: KeyFinding[] = []
  for (const key of keys) {
    const files = keyFiles(directory, key.domain)
    const file = key.holder === 'age' ? files.sealedKey(keyId(key)) : files.privateKey(keyId(key))
    const fault = await faultOf(file, () => readPrivateHalf(directory, key, identities))
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

async function faultOf(file: string, read: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await read()
    return undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (error instanceof MailsyncError) return error.message
    throw fileError(error, file)
  }
}
