import { type Name, zoneOf } from '../../rr/name.js'
import type { Domain } from '../../spec.js'
import { type DkimNeed, missingAlgorithms } from './dkim.js'
import type { DkimPublicKey } from './dkim-key.js'
import { keyZonesOf } from './key-zone.js'

/**
 * The keys that the key zones lack which we serve, at fixed selectors that never had one. Where all had one, only a rotation
 * can tell which may have another.
 */
export function neededZoneKeys(
  domains: readonly Domain[],
  keysOf: ReadonlyMap<Name, readonly DkimPublicKey[]>,
  zones: ReadonlyMap<Name, unknown>,
): DkimNeed[] {
  return keyZonesOf(domains)
    .filter(({ name }) => zoneOf(name, zones) !== undefined)
    .flatMap(({ name, dkim }) => {
      const keys = keysOf.get(name) ?? []
      const used = new Set(keys.map(({ selector }) => selector))
      const free = dkim.zone.selectors.filter((selector) => !used.has(selector))
      return missingAlgorithms(dkim, keys).flatMap((algorithm, index) => {
        const selector = free[index]
        return selector === undefined ? [] : [{ domain: name, algorithm, selector, from: dkim.zone.from }]
      })
    })
}
