import type { Name } from '../../rr/name.js'
import type { Domain, Host } from '../../spec.js'

/** The hosts of ours that send for a domain: those of its MX, unless `spf.mx` is off, and `spf.hosts`. */
export function sendingHosts(domain: Domain, hosts: ReadonlyMap<Name, Host>): Host[] {
  if (domain.mail === 'none' || domain.spf === false) return []
  const mx = domain.spf.mx && Array.isArray(domain.mx) ? domain.mx.map(({ host }) => host) : []
  const names = new Set<Name>([...mx, ...domain.spf.hosts.map(({ value }) => value)])
  return [...names].flatMap((name) => hosts.get(name) ?? [])
}

/** Whether the spec names anybody who sends for a domain. */
export function doesSend(domain: Domain, hosts: ReadonlyMap<Name, Host>): boolean {
  if (domain.mail === 'none' || domain.spf === false) return false
  const { addresses, include, flatten, terms, all } = domain.spf
  if (typeof all !== 'string' || terms.some(({ value }) => !/^[-~?]/.test(value))) return true
  return addresses.length + include.length + flatten.length + sendingHosts(domain, hosts).length > 0
}
