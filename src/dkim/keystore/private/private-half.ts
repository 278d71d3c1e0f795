import { existsSync } from 'node:fs'
import { FILE_LIMITS, readRegularFile } from '../../../../providers/files/read-file.js'
import { MailsyncError } from '../../../../records/error.js'
import { keyId } from '../../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../../records/families/dkim/rotation/ring-key.js'
import { keyFiles } from '../key-files.js'
import { unseal } from './age.js'
import { publicKeyOf } from './public-key-of.js'

/** The file that has the private half of a key, and whether it is there; undefined where somebody else holds it. */
export function privateFileOf(
  directory: string,
  key: Pick<RingKey, 'domain' | 'selector' | 'turn' | 'holder'>,
): { readonly file: string; readonly isHere: boolean } | undefined {
  if (key.holder === 'elsewhere') return undefined
  const files = keyFiles(directory, key.domain)
  const file = key.holder === 'age' ? files.sealedKey(keyId(key)) : files.privateKey(keyId(key))
  return { file, isHere: existsSync(file) }
}

/**
 * The private half of a key, as PEM of PKCS#8; undefined where it is not here, or none of the identities is given that opens it.
 *
 * Throws {@link MailsyncError} `io` where the file is damaged, or belongs to another public key.
 */
export async function readPrivateHalf(
  directory: string,
  key: RingKey,
  identities: readonly string[],
): Promise<string | undefined> {
  const place = privateFileOf(directory, key)
  if (!place?.isHere || (key.holder === 'age' && identities.length === 0)) return undefined
  const { file } = place
  const text = readRegularFile(file, FILE_LIMITS.privateKey).toString()
  const pem = key.holder === 'age' ? await unseal(text, identities, file) : text
  if (publicKeyOf(pem, file).publicKey === key.publicKey) return pem
  throw new MailsyncError('io', `${file} does not belong to the public key in the index`, {
    where: { file },
    hint: 'put the private key of this selector there, or turn to a new key: mailsync dkim rotate --now DOMAIN',
  })
}
