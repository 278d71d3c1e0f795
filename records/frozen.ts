import type { Slot } from './families/mail-record.js'
import { sendingHosts } from './families/spf/senders.js'
import { labelsOf, type Name, parentOf } from './rr/name.js'
import { isUnobserved, type MailSpec } from './spec.js'

/** Whether a slot, with what stands in it, is neither changed nor deleted. */
export type Frozen = (slot: Slot, held: readonly string[]) => boolean

/**
 * What stays as it is where the addresses of some hosts are not known: their A and AAAA, the PTRs that lead to them, and the SPF of
 * the domains they send for. Undefined where all are known.
 */
export function frozenSlots({ hosts, domains }: Pick<MailSpec, 'hosts' | 'domains'>): Frozen | undefined {
  const unknown = new Set<string>(hosts.filter(isUnobserved).map(({ name }) => name))
  if (unknown.size === 0) return undefined
  const byName = new Map(hosts.map((host) => [host.name, host]))
  const served = new Set(
    domains
      .filter((domain) => sendingHosts(domain, byName).some(({ name }) => unknown.has(name)))
      .map(({ name }) => name),
  )
  const isServed = (name: Name): boolean =>
    served.has(name) || (/^_spf\d+$/.test(labelsOf(name)[0] ?? '') && served.has(parentOf(name)))
  return ({ name, purpose }, held) => {
    if (purpose === 'host') return unknown.has(name)
    if (purpose === 'ptr') return held.some((target) => unknown.has(target))
    return purpose === 'spf' && isServed(name)
  }
}
