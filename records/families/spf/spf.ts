import { familyOf } from '../../rr/address.js'
import type { Name } from '../../rr/name.js'
import type { Domain, Host, SpfAll } from '../../spec.js'
import { sendingAddresses } from '../host/host.js'
import type { MailRecord } from '../mail-record.js'

const QUALIFIER: Record<SpfAll, string> = { fail: '-', softfail: '~', neutral: '?' }

/** Whether a TXT value is an SPF record (RFC 7208 §4.5): the version, then a space or the end. */
export function isSpfValue(value: string): boolean {
  return /^v=spf1(?: |$)/i.test(value)
}

/** The hosts of ours that send for a domain: those of its MX, unless `spf.mx` is off, and `spf.hosts`. */
export function sendingHosts(domain: Domain, hosts: ReadonlyMap<Name, Host>): Host[] {
  if (domain.mail === 'none' || domain.spf === false) return []
  const mx = domain.spf.mx && Array.isArray(domain.mx) ? domain.mx.map(({ host }) => host) : []
  const names = new Set<Name>([...mx, ...domain.spf.hosts.map(({ value }) => value)])
  return [...names].flatMap((name) => hosts.get(name) ?? [])
}

/**
 * The SPF of a domain (RFC 7208): the addresses of its hosts as `ip4` and `ip6`, which cost no look-up, then the
 * includes, then `all`. A parked domain says that nobody sends.
 */
export function spfRecords(domain: Domain, hosts: ReadonlyMap<Name, Host>): MailRecord[] {
  if (domain.mail === 'none') return [spfRecord(domain.name, domain.ttl, 'v=spf1 -all', [...domain.from, 'mail'])]
  if (domain.spf === false) return []
  const addresses = [...sendingHosts(domain, hosts).flatMap(sendingAddresses), ...domain.spf.addresses]
  const includes = domain.spf.include.map(({ value }) => `include:${value.slice(0, -1)}`)
  const terms = [...addressTerms(addresses), ...[...new Set(includes)].sort(), `${QUALIFIER[domain.spf.all]}all`]
  return [spfRecord(domain.name, domain.ttl, `v=spf1 ${terms.join(' ')}`, domain.spf.from)]
}

/** The SPF of a host's own name, for the HELO check (RFC 7208 §2.3): its own addresses, and its NAT's. */
export function heloSpfRecords(host: Host): MailRecord[] {
  if (!host.heloSpf) return []
  const own = host.addresses.length > 0 ? ['a'] : []
  const terms = [...own, ...addressTerms(host.egress.map(({ value }) => value)), '-all']
  return [spfRecord(host.name, host.ttl, `v=spf1 ${terms.join(' ')}`, host.from)]
}

function spfRecord(name: Name, ttl: number, value: string, from: MailRecord['from']): MailRecord {
  return { rrset: { type: 'TXT', name, ttl, rdata: [value] }, purpose: 'spf', scope: 'own-values', from }
}

function addressTerms(addresses: readonly string[]): string[] {
  const terms = addresses.map((address) => `ip${familyOf(address)}:${address}`)
  return [...new Set(terms)].sort()
}

/** Terms of an SPF value that cost a DNS look-up (RFC 7208 §4.6.4). */
export function lookupTerms(value: string): string[] {
  return value
    .split(' ')
    .filter((term) => /^[-+~?]?(?:include:|a(?:$|[:/])|mx(?:$|[:/])|ptr(?:$|:)|exists:)|^redirect=/i.test(term))
}
