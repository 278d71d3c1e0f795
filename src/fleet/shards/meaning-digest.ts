import { createHash } from 'node:crypto'
import type { Compiled } from '../../../records/compile.js'
import { rdataTexts } from '../../../records/rr/rrset.js'

/** Tells apart what specs mean: their zones and who holds them, every record, and the keys that are to be made. */
export function meaningDigest({ input, zones, addressOwners, neededKeys }: Compiled): string {
  const digest = createHash('sha256')
  const add = (part: unknown): void => void digest.update(`${JSON.stringify(part)}\n`)
  add([input.spec.owner, input.spec.ttl, [...input.zones].sort(([a], [b]) => (a < b ? -1 : 1))])
  for (const [place, records] of [...zones, ...addressOwners])
    add([place, records.map(({ purpose, rrset }) => [purpose, rrset.name, rrset.type, rrset.ttl, rdataTexts(rrset)])])
  add(neededKeys.map(({ domain, algorithm }) => [domain, algorithm]))
  return digest.digest('base64url').slice(0, 22)
}
