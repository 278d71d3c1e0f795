import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { MailsyncError } from '../../records/error.js'
import type { DkimAlgorithm } from '../../records/families/dkim/dkim-key.js'

const BITS = { 'rsa-2048': 2048, 'rsa-4096': 4096 } as const

/**
 * A new private key, in PEM of PKCS#8 (RFC 5208 for RSA, RFC 8410 for Ed25519). The work is done off the main thread.
 *
 * Throws {@link MailsyncError} `spec` for an RSA key of 1024 bits.
 */
export async function generatePrivateKey(algorithm: DkimAlgorithm): Promise<string> {
  if (algorithm === 'rsa-1024')
    throw new MailsyncError('spec', 'a DKIM key of 1024 bits is too short to be generated (RFC 8301 §3.2)', {
      hint: 'use rsa-2048',
    })
  if (algorithm === 'ed25519') {
    const { privateKey } = await promisify(generateKeyPair)('ed25519')
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  }
  const { pki } = (await import('node-forge')).default
  const { privateKey } = await new Promise<import('node-forge').pki.rsa.KeyPair>((resolve, reject) => {
    pki.rsa.generateKeyPair({ bits: BITS[algorithm] }, (error, pair) =>
      error === null ? resolve(pair) : reject(error),
    )
  })
  const info = pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(privateKey))
  return pki.privateKeyInfoToPem(info).replaceAll('\r\n', '\n')
}
