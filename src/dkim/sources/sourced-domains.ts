import type { Finding } from '../../../records/finding.js'
import type { Domain } from '../../../records/spec.js'
import type { KeySourceOptions } from './read-key-sources.js'

/** Milliseconds that all keepers of DKIM keys together have to tell them. */
const SOURCES_LIMIT = 60_000

export interface SourcedDomains {
  readonly domains: readonly Domain[]
  readonly findings: readonly Finding[]
}

/** The domains with the keys that mail servers tell; what asks those is loaded where a spec names one. */
export async function sourcedDomains(
  domains: readonly Domain[],
  options: Omit<KeySourceOptions, 'signal'>,
): Promise<SourcedDomains> {
  if (domains.every(({ keySource }) => keySource === undefined)) return { domains, findings: [] }
  return (await import('./read-key-sources.js')).readKeySources(domains, {
    ...options,
    signal: AbortSignal.timeout(SOURCES_LIMIT),
  })
}

/** The domains in a tree that does not say which keys a server told then. */
export function unsourcedDomains(domains: readonly Domain[]): SourcedDomains {
  return { domains: domains.map(unsourced), findings: [] }
}

function unsourced(domain: Domain): Domain {
  const { keySource } = domain
  return keySource === undefined ? domain : { ...domain, keySource: { ...keySource, failure: 'it is not asked' } }
}
