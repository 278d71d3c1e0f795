import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import { createFile } from '../../../providers/files/write-file.js'
import { MailsyncError } from '../../../records/error.js'
import { type DkimAlgorithm, type KeyTags, LEAST_BITS } from '../../../records/families/dkim/dkim-key.js'
import { type DkimRecord, readDkim } from '../../../records/families/dkim/read-dkim.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import type { KeyFiles } from '../keystore/key-files.js'
import { seal } from '../keystore/private/age.js'
import type { KeyMaterial } from '../keystore/private/key-material.js'
import { publicKeyOf } from '../keystore/private/public-key-of.js'

/** The public half of a key that was made elsewhere, as the index is to have it. */
export type ImportedKey = Pick<RingKey, 'selector' | 'algorithm' | 'publicKey' | 'tags'>

/**
 * Reads a key from what was found of it: its private half, its record, or both, which then are of one key.
 *
 * Throws {@link MailsyncError} `spec` where they are not, or the record is none; `usage` where nothing says the selector.
 */
export function importedKey({ pem, record }: KeyMaterial, domain: Name, selector = record?.selector): ImportedKey {
  if (selector === undefined || selector === '')
    throw new MailsyncError('usage', 'nothing says the selector of the key', { hint: 'name it: --selector SELECTOR' })
  if (record?.selector !== undefined && record.selector !== selector)
    throw new MailsyncError('spec', `${record.file} has the selector ${record.selector}, and not ${selector}`, {
      hint: 'leave --selector out, or name another record',
    })
  const held = pem && publicKeyOf(pem.text, pem.file)
  const read = record && readRecord(record.value, record.file)
  if (held && read && held.publicKey !== read.publicKey)
    throw new MailsyncError('spec', `${pem?.file} and ${record?.file} are not of one key`, {
      where: { file: record?.file ?? '' },
      hint: 'name the private key and the record that were made together',
    })
  const half = held ?? read
  if (half === undefined) throw new MailsyncError('usage', `no file has a key of ${displayName(domain)}`)
  const tags = read?.tags
  return { selector, algorithm: half.algorithm, publicKey: half.publicKey, ...(tags && { tags }) }
}

function readRecord(
  value: string,
  file: string,
): { readonly algorithm: DkimAlgorithm; readonly publicKey: string; readonly tags?: KeyTags } {
  const { value: record, faults } = readDkim(value)
  if (record === undefined || record.publicKey === '') {
    const why = faults.map(({ message, section }) => `${message} (${section})`).join('; ') || 'its p= is empty'
    throw new MailsyncError('spec', `${file} is no record of a DKIM key: ${why}`, { where: { file } })
  }
  const { keyType, bits, publicKey } = record
  if (keyType === 'rsa' && (bits ?? 0) < LEAST_BITS)
    throw new MailsyncError(
      'spec',
      `${file} has an RSA key of ${bits} bits; receivers take none below ${LEAST_BITS} (RFC 8301 §3.2)`,
      {
        where: { file },
        hint: 'let mailsync make a new one: mailsync dkim generate',
      },
    )
  const tags = tagsOf(record)
  return { algorithm: keyType === 'rsa' ? `rsa-${bits ?? 0}` : keyType, publicKey, ...(tags && { tags }) }
}

/** The tags of a record that mean something; undefined where all are as usual. */
function tagsOf({ hashes, services, flags }: DkimRecord): KeyTags | undefined {
  const tags = {
    ...(hashes && { h: hashes.join(':') }),
    ...(services.includes('*') ? {} : { s: services.join(':') }),
    ...(flags.length > 0 && { t: flags.join(':') }),
  }
  return Object.keys(tags).length === 0 ? undefined : tags
}

/** Puts the private half into the key store, if there is one, and says where it is. No file is overwritten. */
export async function keepPrivateHalf(
  files: KeyFiles,
  { pem }: KeyMaterial,
  { selector, publicKey }: ImportedKey,
  recipients: readonly string[],
): Promise<Pick<RingKey, 'holder' | 'recipients'>> {
  if (pem === undefined) return { holder: 'elsewhere' }
  if (recipients.length > 0) {
    const file = files.sealedKey(selector)
    if (!(await createFile(file, await seal(pem.text, recipients), 0o644))) throw isThere(file)
    return { holder: 'age', recipients }
  }
  if (pem.isSealed)
    throw new MailsyncError('guard', `${pem.file} is encrypted, and the copy in the key store would not be`, {
      hint: 'say in the spec for whom it is to be encrypted: keys.recipients or dkim.recipients',
    })
  const file = files.privateKey(selector)
  if (await createFile(file, pem.text, 0o600)) return { holder: 'file' }
  if (publicKeyOf(readRegularFile(file, FILE_LIMITS.privateKey).toString(), file).publicKey !== publicKey)
    throw isThere(file)
  return { holder: 'file' }
}

function isThere(file: string): MailsyncError {
  return new MailsyncError('io', `${file} is there already, and is never overwritten`, {
    where: { file },
    hint: 'move it away, and import the key again',
  })
}
