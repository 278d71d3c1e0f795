import type { DkimAlgorithm } from '../../../records/families/dkim/dkim-key.js'
import { isRsa, type SignerFormat } from './signer-format.js'
import type { HandOver } from './signing-keys.js'

/** A key that signs, and that a signer of this format cannot use. */
export interface LeftOut {
  readonly domain: string
  readonly selector: string
  readonly algorithm: DkimAlgorithm
  /** Whether nothing signs for the domain without it. */
  readonly isLast: boolean
}

/** What a signer of a format can use of some keys, and what it cannot. */
export function chosenKeys(
  { domains, keys, over }: HandOver,
  { isRsaOnly, isOneKey }: Pick<SignerFormat, 'isRsaOnly' | 'isOneKey'>,
): { readonly chosen: HandOver; readonly leftOut: readonly LeftOut[] } {
  const leftOut: LeftOut[] = []
  const isFit = (algorithm: DkimAlgorithm): boolean => isRsaOnly !== true || isRsa(algorithm)
  const chosen = domains.map(({ name, signers, retiring }) => {
    const fit = signers.filter(({ key }) => isFit(key.algorithm))
    const kept = isOneKey === true ? fit.slice(0, 1) : fit
    for (const { selector, key } of signers.filter((one) => !kept.includes(one)))
      leftOut.push({ domain: name, selector, algorithm: key.algorithm, isLast: kept.length === 0 })
    return { name, signers: kept, retiring: retiring.filter(({ key }) => isFit(key.algorithm)) }
  })
  return { chosen: { domains: chosen, keys: keys.filter(({ algorithm }) => isFit(algorithm)), over }, leftOut }
}
