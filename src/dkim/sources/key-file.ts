import { createPublicKey, type KeyObject } from 'node:crypto'
import { fileError } from '../../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import { MailsyncError } from '../../../records/error.js'
import { publishedKey } from '../../../records/families/dkim/read-dkim.js'
import { readKeyMaterial } from '../keystore/private/key-material.js'

const PUBLIC = /-----BEGIN ((?:RSA )?PUBLIC KEY)-----[A-Za-z0-9+/=\s]*-----END \1-----/

/**
 * The record of the key in a file: the record itself, as opendkim-genkey writes it, or that of a private or public key in PEM. Nothing
 * private is kept. Throws MailsyncError `io`, which quotes nothing of the file.
 */
export async function recordInFile(file: string): Promise<string> {
  try {
    const text = readRegularFile(file, FILE_LIMITS.privateKey).toString()
    const [pem] = PUBLIC.exec(text) ?? []
    if (pem !== undefined) return recordOf(createPublicKey(pem), file)
    const { pem: own, record } = await readKeyMaterial([file], [])
    return record?.value ?? recordOf(createPublicKey(own?.text ?? ''), file)
  } catch (error) {
    throw error instanceof MailsyncError ? error : fileError(error, file)
  }
}

/** The same, with the tags of the record beside where that is of this key; and the record alone where the key cannot be read by us. */
export async function recordOfPair(key: string, record: string): Promise<string> {
  const told = await recordInFile(record).catch(() => undefined)
  try {
    const derived = await recordInFile(key)
    return told !== undefined && publishedKey(told) === publishedKey(derived) ? told : derived
  } catch (error) {
    if (told !== undefined && error instanceof MailsyncError && error.apiCode === 'EACCES') return told
    throw error
  }
}

/** A record of RFC 6376 §3.6.1, or RFC 8463 §4. */
function recordOf(key: KeyObject, file: string): string {
  const spki = key.export({ type: 'spki', format: 'der' })
  if (key.asymmetricKeyType === 'ed25519') return `v=DKIM1; k=ed25519; p=${spki.subarray(-32).toString('base64')}`
  if (key.asymmetricKeyType === 'rsa') return `v=DKIM1; k=rsa; p=${spki.toString('base64')}`
  throw new MailsyncError('io', `${file} holds a key that is neither RSA nor Ed25519`, { where: { file } })
}
