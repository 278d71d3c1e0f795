import { createPublicKey, type KeyObject } from 'node:crypto'
import { MailsyncError } from '../../records/error.js'
import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'

const ALGORITHMS: ReadonlyMap<string, DkimPublicKey['algorithm']> = new Map(
  Object.entries({
    'rsa/1024': 'rsa-1024',
    'rsa/2048': 'rsa-2048',
    'rsa/4096': 'rsa-4096',
    'ed25519/': 'ed25519',
  }),
)

/**
 * The public half of the private key `pem`, as it is published (RFC 6376 §3.6.1, RFC 8463 §4.2).
 *
 * Throws {@link MailsyncError} `io`, naming `file`, when `pem` is no private key, or one of a kind DKIM has no use for.
 */
export function publicKeyOf(pem: string, file: string): Pick<DkimPublicKey, 'algorithm' | 'publicKey'> {
  const key = read(pem, file)
  const kind = `${key.asymmetricKeyType}/${key.asymmetricKeyDetails?.modulusLength ?? ''}`
  const algorithm = ALGORITHMS.get(kind)
  if (algorithm === undefined)
    throw unusable(file, `holds a key that is none of rsa-1024, rsa-2048, rsa-4096, ed25519: ${kind}`)
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
