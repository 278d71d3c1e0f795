import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { MailsyncError } from '../../records/error.js'
import type { DkimAlgorithm } from '../../records/families/dkim/dkim-key.js'
import { createFile } from './create-file.js'
import { generatePrivateKey } from './generate-private-key.js'
import { publicKeyOf } from './public-key-of.js'

/**
 * Generates the private key `file`, or takes the one that is there (a run was killed before the index told of it), and
 * gives its public key as it stands on the disk. No file is ever overwritten.
 */
export async function ensurePrivateKey(file: string, algorithm: DkimAlgorithm): Promise<string> {
  if (!existsSync(file)) await createFile(file, await generatePrivateKey(algorithm), 0o600)
  const found = publicKeyOf(await readFile(file, 'utf8'), file)
  if (found.algorithm === algorithm) return found.publicKey
  throw new MailsyncError('io', `${file} holds an ${found.algorithm} key where ${algorithm} is wanted`, {
    where: { file },
    hint: 'a private key is never overwritten: choose another selector, or move the file away',
  })
}
