import { createPublicKey, type KeyObject } from 'node:crypto'
import { MailsyncError } from '../../../../records/error.js'
import { type DkimPublicKey, LEAST_BITS } from '../../../../records/families/dkim/dkim-key.js'

/**
 * The public half of the private key `pem`, as it is published (RFC 6376 §3.6.1, RFC 8463 §4.2).
 *
 * Throws {@link MailsyncError} `io`, naming `file`, when `pem` is no private key, or one of a kind DKIM has no use for.
 */
export function publicKeyOf(pem: string, file: string): Pick<DkimPublicKey, 'algorithm' | 'publicKey'> {
  const key = read(pem, file)
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
  const type = key.asymmetricKeyType
  if (type !== 'ed25519' && type !== 'rsa') throw unusable(file, `holds a key that is neither RSA nor Ed25519: ${type}`)
  if (type === 'rsa' && bits < LEAST_BITS)
    throw unusable(file, `holds an RSA key of ${bits} bits; receivers take none below ${LEAST_BITS} (RFC 8301 §3.2)`)
  const algorithm = type === 'rsa' ? (`rsa-${bits}` as const) : type
  const spki = key.export({ type: 'spki', format: 'der' })
  return { algorithm, publicKey: (algorithm === 'ed25519' ? spki.subarray(-32) : spki).toString('base64') }
}

function read(pem: string, file: string): KeyObject {
  if (!/^-----BEGIN (?:RSA )?PRIVATE KEY-----/m.test(pem))
    throw unusable(file, 'is not an unencrypted private key in PEM')
  try {
    return createPublicKey(pem)
  } catch {
    throw unusable(file, 'is damaged: it says it is a private key and cannot be read as one')
  }
}

function unusable(file: string, fault: string): MailsyncError {
  return new MailsyncError('io', `${file} ${fault}`, {
    where: { file },
    hint: 'put the right key there, or move the file away',
  })
}
