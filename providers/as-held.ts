import { canonical, type RRset } from '../records/rr/rrset.js'
import type { ProviderPlugin } from './provider.js'

/** The RRset as a provider will show it once it is written: its TTL moved into what the provider allows, and canonical. */
export function asHeld<T extends RRset>(plugin: Pick<ProviderPlugin, 'traits' | 'canonicalize'>, rrset: T): T {
  const { min, max } = plugin.traits.ttl
  const ttl = Math.min(Math.max(rrset.ttl, min), max)
  const held = canonical(ttl === rrset.ttl ? rrset : { ...rrset, ttl })
  return plugin.canonicalize ? (canonical(plugin.canonicalize(held)) as T) : held
}
