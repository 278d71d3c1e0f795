import { lstat, rename } from 'node:fs/promises'
import { unlessAbsent } from '../../../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../../../providers/files/read-file.js'
import { createFile } from '../../../../providers/files/write-file.js'
import { MailsyncError } from '../../../../records/error.js'
import { type DkimKeyRequest, keyId } from '../../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../../records/families/dkim/rotation/ring-key.js'
import type { KeyFiles } from '../key-files.js'
import { seal } from './age.js'
import { assertOwn } from './found-key.js'
import { generatePrivateKey } from './generate-private-key.js'
import { publicKeyOf } from './public-key-of.js'

/** A private key that is on the disk. */
export interface HeldKey extends Pick<RingKey, 'publicKey' | 'holder' | 'recipients'> {
  readonly found: boolean
}

/**
 * Generates the private key of a request, or takes the one that is there (a run was killed before the index told of it), and
 * gives its public key as it stands on the disk. No file is ever overwritten: an encrypted one that no index tells of, whose
 * public half nobody here can know, is set aside under another name.
 *
 * Throws {@link MailsyncError} `guard` for a key that was found and may be somebody else's.
 */
export async function ensurePrivateKey(
  files: Pick<KeyFiles, 'privateKey' | 'sealedKey'>,
  request: DkimKeyRequest,
): Promise<HeldKey> {
  const { algorithm, recipients = [] } = request
  const id = keyId(request)
  const file = files.privateKey(id)
  const isThere = (await lstat(file).catch(unlessAbsent)) !== undefined
  if (!isThere && recipients.length > 0) {
    const pem = await generatePrivateKey(algorithm)
    const { publicKey } = publicKeyOf(pem, files.sealedKey(id))
    await createSealed(files.sealedKey(id), await seal(pem, recipients))
    return { publicKey, holder: 'age', recipients, found: false }
  }
  const made = !isThere && (await createFile(file, await generatePrivateKey(algorithm), 0o600))
  if (!made) await assertOwn(file)
  const held = publicKeyOf(readRegularFile(file, FILE_LIMITS.privateKey).toString(), file)
  if (held.algorithm === algorithm) return { publicKey: held.publicKey, holder: 'file', found: !made }
  throw new MailsyncError('io', `${file} holds an ${held.algorithm} key where ${algorithm} is wanted`, {
    where: { file },
    hint: 'a private key is never overwritten: choose another selector, or move the file away',
  })
}

async function createSealed(file: string, text: string): Promise<void> {
  while (!(await createFile(file, text, 0o644))) await rename(file, `${file}.unused-${crypto.randomUUID().slice(0, 8)}`)
}
