import type { DkimPublicKey } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { privateFileOf } from '../../dkim/keystore/private/private-half.js'
import { verifyPrivateKeys } from '../../dkim/keystore/private/verify-private-keys.js'
import type { PrivateHalf } from './spec-scope.js'

/** Looks which private keys are at hand, and whether they fit. One that age encrypts is at hand where an identity is given. */
export async function privateHalves(
  directory: string,
  keys: readonly RingKey[],
  identities: readonly string[],
): Promise<(key: DkimPublicKey) => PrivateHalf> {
  const found = new Map<string, PrivateHalf>()
  for (const key of keys) {
    const place = privateFileOf(directory, key)
    if (!place?.isHere || (key.holder === 'age' && identities.length === 0)) continue
    const [finding] = await verifyPrivateKeys(directory, [key], identities)
    found.set(keyText(key), { isHere: true, ...(finding && { fault: finding.message }) })
  }
  return (key) => found.get(keyText(key)) ?? { isHere: false }
}

function keyText({ domain, selector }: Pick<DkimPublicKey, 'domain' | 'selector'>): string {
  return `${selector} ${domain}`
}
