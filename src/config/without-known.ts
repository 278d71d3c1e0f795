import { isDeepStrictEqual } from 'node:util'
import { groupBy } from '../../records/group.js'
import type { Domain, MailSpec } from '../../records/spec.js'
import type { YamlSource } from '../../yaml/read-yaml.js'

interface Reduced {
  /** A spec as plain data. */
  readonly value: unknown
  /** The domains that were taken out of it, as they were built before. */
  readonly domains: readonly Domain[]
}

/**
 * A spec without the domains that another one has too, word for word. What a domain is follows from its own part, and from all that is
 * no domain: where that is the same in both, they are. A list of parked domains may name any of them, so nothing is taken out beside one.
 */
export function withoutKnown(value: unknown, known: Written): Reduced {
  const whole = { value, domains: [] }
  if (!isMapping(value) || !isMapping(known.value)) return whole
  const { domains, ...frame } = value
  const { domains: knownDomains, ...knownFrame } = known.value
  if (!isMapping(domains) || !isMapping(knownDomains)) return whole
  if ('parked' in frame || !isDeepStrictEqual(frame, knownFrame)) return whole
  const builtFrom = groupBy(known.spec.domains, ({ from }) => from[1])
  const left: [string, unknown][] = []
  const taken: Domain[] = []
  for (const [key, part] of Object.entries(domains)) {
    const built = builtFrom.get(key)
    if (built && isDeepStrictEqual(part, knownDomains[key])) taken.push(...built)
    else left.push([key, part])
  }
  return { value: { ...frame, domains: Object.fromEntries(left) }, domains: taken }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A spec that was read before, with its text as plain data: what another one has of it is not built again. */
export interface Written {
  readonly value: unknown
  /** What its files came to. */
  readonly composed: YamlSource['composed']
  readonly spec: Pick<MailSpec, 'domains'>
}
