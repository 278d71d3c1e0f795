import type { Name } from '../../rr/name.js'
import type { Domain, Host } from '../../spec.js'

/** The hosts of ours that send for a domain: those of its MX, unless `spf.mx` is off, and `spf.hosts`. */
export function sendingHosts(domain: Domain, hosts: ReadonlyMap<Name, Host>): Host[] {
  if (domain.mail === 'none' || domain.spf === false) return []
  const found = new Set<Host>()
  const add = (name: Name): void => {
    const host = hosts.get(name)
    if (host !== undefined) found.add(host)
  }
  if (domain.spf.mx && Array.isArray(domain.mx)) for (const { host } of domain.mx) add(host)
  for (const { value } of domain.spf.hosts) add(value)
  return [...found]
}

/** Whether the spec names anybody who sends for a domain. */
export function doesSend(domain: Domain, hosts: ReadonlyMap<Name, Host>): boolean {
  if (domain.mail === 'none' || domain.spf === false) return false
  const { addresses, include, flatten, terms, all } = domain.spf
  if (typeof all !== 'string' || terms.some(({ value }) => !/^[-~?]/.test(value))) return true
  return addresses.length + include.length + flatten.length + sendingHosts(domain, hosts).length > 0
}
