import { familyOf } from '../../rr/address.js'
import { joinName, type Name, withoutDot } from '../../rr/name.js'
import { octetLength } from '../../rr/octets.js'
import { type Domain, type Host, isUnobserved, type SpfAll } from '../../spec.js'
import type { Family } from '../family.js'
import { sendingAddresses } from '../host/host.js'
import type { MailRecord } from '../mail-record.js'
import type { FlatSpf } from './evaluate/flatten.js'
import { OCTET_LIMIT } from './graph.js'
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
    const flattened = spec.flattened ?? new Map()
    return {
      records: [
        ...others.flatMap(heloRecords),
        ...domains.flatMap((domain) => domainRecords(domain, hosts, flattened)),
      ],
    }
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
 * order, then the includes, then `all` or `redirect`. What flattened includes mean stands among them, or in records of its own
 * that are included where it is too long.
 * A parked domain says that nobody sends.
 */
function domainRecords(
  domain: Domain,
  hosts: ReadonlyMap<Name, Host>,
  flattened: ReadonlyMap<Name, FlatSpf>,
): MailRecord[] {
  if (domain.mail === 'none') return [spfRecord(domain, 'v=spf1 -all', [...domain.from, 'mail'])]
  if (domain.spf === false) return []
  const addresses = [...sendingHosts(domain, hosts).flatMap(sendingAddresses), ...domain.spf.addresses]
  const includes = domain.spf.include.map(({ value }) => `include:${withoutDot(value)}`)
  const { all, exp, terms: further } = domain.spf
  const flat = domain.spf.flatten.flatMap(({ value }) => flattened.get(value) ?? [])
  const terms = (networks: readonly string[], ofClients: readonly string[], links: readonly string[]): string[] => [
    ...networks,
    ...new Set([...further.map(({ value }) => value), ...ofClients]),
    ...links,
    ...[...new Set(includes)].sort(),
    typeof all === 'string' ? `${QUALIFIER[all]}all` : `redirect=${withoutDot(all.redirect)}`,
    ...(exp === undefined ? [] : [`exp=${withoutDot(exp)}`]),
  ]
  const own = addressTerms(addresses)
  const networks = [...new Set(flat.flatMap((one) => one.networks))]
  const ofClients = flat.flatMap((one) => one.terms)
  const whole = spfText(terms([...new Set([...own, ...networks])].sort(), ofClients, []))
  if (flat.length === 0 || octetLength(whole) <= OCTET_LIMIT) return [spfRecord(domain, whole, domain.spf.from)]
  const from = [...domain.spf.from, 'flatten']
  const chain = packed([...networks, ...new Set(ofClients)]).map((value, index) => ({
    name: joinName(`_spf${index + 1}`, domain.name),
    value,
  }))
  const links = chain.map(({ name }) => `include:${withoutDot(name)}`)
  return [
    ...chain.map(({ name, value }) => spfRecord({ ...domain, name }, value, from)),
    spfRecord(domain, spfText(terms(own, [], links)), domain.spf.from),
  ]
}

/** Terms as records of their own, each as full as it may be; one that is included passes whom one of its terms does. */
function packed(terms: readonly string[]): string[] {
  const records: string[][] = [[]]
  for (const term of terms) {
    const last = records.at(-1) ?? []
    if (octetLength(spfText([...last, term, '-all'])) > OCTET_LIMIT && last.length > 0) records.push([term])
    else last.push(term)
  }
  return records.map((record) => spfText([...record, '-all']))
}

function spfText(terms: readonly string[]): string {
  return ['v=spf1', ...terms].join(' ')
}

/** The SPF of a host's own name, for the HELO check (RFC 7208 §2.3): its own addresses, and its NAT's. */
function heloRecords(host: Host): MailRecord[] {
  if (!host.heloSpf) return []
  const own = host.addresses.length > 0 || isUnobserved(host) ? ['a'] : []
  const terms = [...own, ...addressTerms(host.egress.map(({ value }) => value)), '-all']
  return [spfRecord(host, `v=spf1 ${terms.join(' ')}`, host.from)]
}

function spfRecord({ name, ttl }: Domain | Host, value: string, from: MailRecord['from']): MailRecord {
  return { rrset: { type: 'TXT', name, ttl: ttl.spf, rdata: [value] }, purpose: 'spf', from }
}

function addressTerms(addresses: readonly string[]): string[] {
  const terms = addresses.map((address) => `ip${familyOf(address)}:${address}`)
  return [...new Set(terms)].sort()
}
