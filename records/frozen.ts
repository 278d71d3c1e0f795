import type { Slot } from './families/mail-record.js'
import { sendingHosts } from './families/spf/senders.js'
import { labelsOf, type Name, parentOf } from './rr/name.js'
import { isUnobserved, type MailSpec } from './spec.js'

/** Whether a slot, with what stands in it, is neither changed nor deleted. */
export type Frozen = (slot: Slot, held: readonly string[]) => boolean

/** What stays as it is, because what it follows from is not known now. Undefined where all is known. */
export function frozenSlots(spec: Pick<MailSpec, 'hosts' | 'domains'>): Frozen | undefined {
  const parts = [frozenByHosts(spec), frozenKeys(spec)].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : (slot, held) => parts.some((part) => part(slot, held))
}

/** Where a mail server does not tell its keys: the DKIM records of the domains it signs for. */
function frozenKeys({ domains }: Pick<MailSpec, 'domains'>): Frozen | undefined {
  const unread = domains.filter(({ keySource }) => keySource?.failure !== undefined).map(({ name }) => name)
  if (unread.length === 0) return undefined
  const below = new Set(unread.map((name) => `._domainkey.${name}`))
  return ({ name, purpose }) => purpose === 'dkim' && below.has(name.slice(name.indexOf('._domainkey.')))
}

/**
 * Where the addresses of some hosts are not known: their A and AAAA, the PTRs that lead to them, and the SPF of the domains they
 * send for.
 */
function frozenByHosts({ hosts, domains }: Pick<MailSpec, 'hosts' | 'domains'>): Frozen | undefined {
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
