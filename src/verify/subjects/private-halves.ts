import type { DkimPublicKey } from '../../../records/families/dkim/dkim-key.js'
import type { RingKey } from '../../../records/families/dkim/rotation/ring-key.js'
import { privateFileOf } from '../../keystore/private/private-half.js'
import { verifyPrivateKeys } from '../../keystore/private/verify-private-keys.js'
import type { PrivateHalf } from './spec-scope.js'

/** Looks which private keys are at hand, and whether they fit. One that is encrypted counts as not at hand. */
export async function privateHalves(
  directory: string,
  keys: readonly RingKey[],
): Promise<(key: DkimPublicKey) => PrivateHalf> {
  const plain = keys.filter((key) => key.holder !== 'age')
  const found = new Map<string, PrivateHalf>()
  for (const key of plain) {
    const place = privateFileOf(directory, key)
    if (!place?.isHere) continue
    const [finding] = await verifyPrivateKeys(directory, [key])
    found.set(keyText(key), { isHere: true, ...(finding && { fault: finding.message }) })
  }
  return (key) => found.get(keyText(key)) ?? { isHere: false }
}

function keyText({ domain, selector }: Pick<DkimPublicKey, 'domain' | 'selector'>): string {
  return `${selector} ${domain}`
}
