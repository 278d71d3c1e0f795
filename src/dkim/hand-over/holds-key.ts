import { createPrivateKey } from 'node:crypto'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { publicKeyOf } from '../keystore/private/public-key-of.js'

/** Whether a text, in any of the forms signers have, is the private half of a key. */
export function holdsKey(text: string, { publicKey }: Pick<RingKey, 'publicKey'>): boolean {
  const raw = /^[A-Za-z0-9+/]{86}==\s*$/.test(text) ? Buffer.from(text, 'base64') : undefined
  // The form of rspamd for Ed25519: the seed, and the public key.
  if (raw !== undefined) return raw.subarray(32).toString('base64') === publicKey
  try {
    const pem = createPrivateKey(text).export({ type: 'pkcs8', format: 'pem' }).toString()
    return publicKeyOf(pem, '').publicKey === publicKey
  } catch {
    return false
  }
}
