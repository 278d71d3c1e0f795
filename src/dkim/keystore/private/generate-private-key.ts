import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { MailsyncError } from '../../../../records/error.js'
import { bitsOf, type DkimAlgorithm, TRUSTED_BITS } from '../../../../records/families/dkim/dkim-key.js'

/**
 * A new private key, in PEM of PKCS#8 (RFC 5208 for RSA, RFC 8410 for Ed25519). The work is done off the main thread.
 *
 * Throws {@link MailsyncError} `spec` for an RSA key of fewer than 2048 bits.
 */
export async function generatePrivateKey(algorithm: DkimAlgorithm): Promise<string> {
  const bits = bitsOf(algorithm)
  if (bits === undefined) {
    const { privateKey } = await promisify(generateKeyPair)('ed25519')
    return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  }
  if (bits < TRUSTED_BITS)
    throw new MailsyncError('spec', `a DKIM key of ${bits} bits is too short to be generated (RFC 8301 §3.2)`, {
      hint: 'use rsa-2048',
    })
  const { pki } = (await import('node-forge')).default
  const { privateKey } = await new Promise<import('node-forge').pki.rsa.KeyPair>((resolve, reject) => {
    pki.rsa.generateKeyPair({ bits }, (error, pair) => (error === null ? resolve(pair) : reject(error)))
  })
  const info = pki.wrapRsaPrivateKey(pki.privateKeyToAsn1(privateKey))
  return pki.privateKeyInfoToPem(info).replaceAll('\r\n', '\n')
}
