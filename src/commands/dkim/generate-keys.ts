import type { DkimAlgorithm, DkimKeyRequest } from '../../../records/families/dkim/dkim-key.js'
import { keyZonesOf } from '../../../records/families/dkim/key-zone.js'
import type { Name } from '../../../records/rr/name.js'
import type { MadeKey } from '../../apply/result.js'
import { privateFileOf } from '../../dkim/keystore/private/private-half.js'
import type { Io } from '../../io.js'
import type { PlannedKey } from '../../plan/plan.js'
import { progressLine } from '../../progress.js'
import type { Session } from '../../session.js'

/** Makes the keys a plan waits for, in the key store, and gives those that are there now. No key is ever overwritten. */
export async function generateMissingKeys(
  { keysDirectory, spec }: Session,
  keys: readonly PlannedKey[],
  io: Io,
): Promise<readonly MadeKey[]> {
  const { generateKeys } = await import('../../dkim/keystore/generate-keys.js')
  const recipients = new Map(
    [...spec.domains, ...keyZonesOf(spec.domains)].map(({ name, dkim }) => [
      name,
      dkim === false ? [] : dkim.recipients,
    ]),
  )
  const requests = keys.map(
    ({ domain, selector, algorithm }): DkimKeyRequest => ({
      domain: domain as Name,
      selector,
      algorithm: algorithm as DkimAlgorithm,
      recipients: recipients.get(domain as Name) ?? [],
    }),
  )
  const progress = progressLine(io, 'generating DKIM keys')
  try {
    const options = { now: io.now(), signal: io.signal, onProgress: progress.update }
    const made = await generateKeys(keysDirectory, requests, options)
    return made.map((key): MadeKey => {
      const { domain, selector, algorithm, found } = key
      const place = privateFileOf(keysDirectory, key)
      return {
        domain,
        selector,
        algorithm,
        ...(place && { privateKey: place.file }),
        ...(found && { found }),
      }
    })
  } finally {
    progress.end()
  }
}
