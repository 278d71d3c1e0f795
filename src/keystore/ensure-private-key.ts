import { lstat } from 'node:fs/promises'
import { unlessAbsent } from '../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../providers/files/read-file.js'
import { createFile } from '../../providers/files/write-file.js'
import { MailsyncError } from '../../records/error.js'
import type { DkimAlgorithm } from '../../records/families/dkim/dkim-key.js'
import { assertOwn } from './found-key.js'
import { generatePrivateKey } from './generate-private-key.js'
import { publicKeyOf } from './public-key-of.js'

/**
 * Generates the private key `file`, or takes the one that is there (a run was killed before the index told of it), and
 * gives its public key as it stands on the disk. No file is ever overwritten.
 *
 * Throws {@link MailsyncError} `guard` for a key that was found and may be somebody else's.
 */
export async function ensurePrivateKey(
  file: string,
  algorithm: DkimAlgorithm,
): Promise<{ readonly publicKey: string; readonly found: boolean }> {
  const isThere = (await lstat(file).catch(unlessAbsent)) !== undefined
  const made = !isThere && (await createFile(file, await generatePrivateKey(algorithm), 0o600))
  if (!made) await assertOwn(file)
  const held = publicKeyOf(readRegularFile(file, FILE_LIMITS.privateKey).toString(), file)
  if (held.algorithm === algorithm) return { publicKey: held.publicKey, found: !made }
  throw new MailsyncError('io', `${file} holds an ${held.algorithm} key where ${algorithm} is wanted`, {
    where: { file },
    hint: 'a private key is never overwritten: choose another selector, or move the file away',
  })
}
