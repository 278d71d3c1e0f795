import { familyOf } from '../../rr/address.js'
import type { Name } from '../../rr/name.js'
import type { Domain, Host, SpfAll } from '../../spec.js'
import type { Family } from '../family.js'
import { sendingAddresses } from '../host/host.js'
import type { MailRecord } from '../mail-record.js'
import { observeSpf } from './observe.js'
import { isSpfValue, readSpf, type SpfRecord } from './read-spf.js'
import { spfRules } from './rules.js'
import { sameSpf } from './same-spf.js'
import { sendingHosts } from './senders.js'
import { writeSpf } from './write-spf.js'

const QUALIFIER: Record<SpfAll, string> = { fail: '-', softfail: '~', neutral: '?' }

/** Who may send (RFC 7208). */
export const spf: Family<'spf', SpfRecord> = {
  purpose: 'spf',
  types: ['TXT'],
  rank: 3,
  isOwn: isSpfValue,
  read: readSpf,
  write: writeSpf,
  same: sameSpf,
  compile({ spec, domains, hosts }) {
    const own = new Set(domains.filter(({ mail, spf }) => mail === 'none' || spf !== false).map(({ name }) => name))
    const others = spec.hosts.filter(({ name }) => !own.has(name))
    return { records: [...others.flatMap(heloRecords), ...domains.flatMap((domain) => domainRecords(domain, hosts))] }
  },
  rules: spfRules,
  observe: observeSpf,
  words: {
    noun: 'SPF',
    topic: 'Who may send (SPF)',
    form: 'terms',
    about: 'domain',
    subjects: (name) => [name],
    effect({ name, step, moved }) {
      if (step === 'ends') return `${name} no longer says who may send for it (SPF)`
      return step === 'begins'
        ? `${name} now says who may send for it (SPF)`
        : `Who may send for ${name} (SPF): ${moved()}`
    },
  },
}

/**
 * The SPF of a domain: the addresses of its hosts as `ip4` and `ip6`, which cost no look-up, then further terms in their
 * order, then the includes, then `all` or `redirect`.
 * A parked domain says that nobody sends.
 */
function domainRecords(domain: Domain, hosts: ReadonlyMap<Name, Host>): MailRecord[] {
  if (domain.mail === 'none') return [spfRecord(domain, 'v=spf1 -all', [...domain.from, 'mail'])]
  if (domain.spf === false) return []
  const addresses = [...sendingHosts(domain, hosts).flatMap(sendingAddresses), ...domain.spf.addresses]
  const includes = domain.spf.include.map(({ value }) => `include:${value.slice(0, -1)}`)
  const { all, exp } = domain.spf
  const terms = [
    ...addressTerms(addresses),
    ...new Set(domain.spf.terms.map(({ value }) => value)),
    ...[...new Set(includes)].sort(),
    typeof all === 'string' ? `${QUALIFIER[all]}all` : `redirect=${withoutDot(all.redirect)}`,
    ...(exp === undefined ? [] : [`exp=${withoutDot(exp)}`]),
  ]
  return [spfRecord(domain, `v=spf1 ${terms.join(' ')}`, domain.spf.from)]
}

/** The SPF of a host's own name, for the HELO check (RFC 7208 §2.3): its own addresses, and its NAT's. */
function heloRecords(host: Host): MailRecord[] {
  if (!host.heloSpf) return []
  const own = host.addresses.length > 0 ? ['a'] : []
  const terms = [...own, ...addressTerms(host.egress.map(({ value }) => value)), '-all']
  return [spfRecord(host, `v=spf1 ${terms.join(' ')}`, host.from)]
}

function spfRecord({ name, ttl }: Domain | Host, value: string, from: MailRecord['from']): MailRecord {
  return { rrset: { type: 'TXT', name, ttl: ttl.spf, rdata: [value] }, purpose: 'spf', from }
}

function withoutDot(domain: string): string {
  return domain.endsWith('.') ? domain.slice(0, -1) : domain
}

function addressTerms(addresses: readonly string[]): string[] {
  const terms = addresses.map((address) => `ip${familyOf(address)}:${address}`)
  return [...new Set(terms)].sort()
}
