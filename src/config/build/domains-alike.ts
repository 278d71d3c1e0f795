import type { SpecPath } from '../../../records/finding.js'
import type { Name } from '../../../records/rr/name.js'
import type { Domain } from '../../../records/spec.js'
import { kindOfDomain } from '../domain-name.js'
import type { Reading } from '../reading.js'
import type { RawDomain } from '../schema.js'
import { type BuiltDomain, buildDomain, type SharedContext } from './build-domain.js'

/**
 * Builds the domains of one spec. Of those that are one value under several names, as a fleet has them by the thousand, the first is built,
 * and the others are copies of it, each part at its own place.
 */
export function domainBuilder(
  reading: Reading,
  shared: SharedContext,
): (raw: RawDomain, name: Name, from: SpecPath) => BuiltDomain {
  const first = new Map<RawDomain, { readonly domain: Domain; copy?: Copier | undefined }>()
  return (raw, name, from) => {
    const known = kindOfDomain(name) === 'mail' ? first.get(raw) : undefined
    if (known && !dependsOnName(raw, shared)) {
      known.copy ??= copier(known.domain, known.domain.from)
      return [{ ...(known.copy?.(from) as Domain), name }]
    }
    const told = reading.findings.length
    const built = buildDomain(reading, raw, { ...shared, name, from })
    // What is wrong with it is told of each.
    if (reading.findings.length === told && kindOfDomain(name) === 'mail') first.set(raw, { domain: built[0] })
    return built
  }
}

/** Whether a domain of another name means something else by the same words: relays make names and keys of it, and no name leads to itself. */
function dependsOnName({ relays, dkim }: RawDomain, { defaults }: SharedContext): boolean {
  const keyZone = (dkim || undefined)?.zone ?? (defaults.dkim || undefined)?.zone
  return Boolean(relays) || defaults.relays !== undefined || Boolean(keyZone)
}

type Copier = (from: SpecPath) => unknown

/** How a part of a domain is made for another one; `undefined` where it is the same object there, as nothing in it has a place in the domain. */
function copier(part: unknown, base: SpecPath): Copier | undefined {
  if (typeof part !== 'object' || part === null) return undefined
  if (isPathBelow(part, base)) {
    const rest = part.slice(base.length)
    return rest.length === 0 ? (from) => from : (from) => from.concat(rest)
  }
  const parts = Object.entries(part).flatMap(([key, value]) => {
    const copy = copier(value, base)
    return copy ? [{ key, copy }] : []
  })
  if (parts.length === 0) return undefined
  return (from) => {
    const whole = (Array.isArray(part) ? [...part] : { ...part }) as Record<string, unknown>
    for (const { key, copy } of parts) whole[key] = copy(from)
    return whole
  }
}

/** Whether a list is the path of something in a domain. */
function isPathBelow(part: object, base: SpecPath): part is SpecPath {
  return Array.isArray(part) && base.every((step, index) => part[index] === step)
}
