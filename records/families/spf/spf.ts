import { familyOf } from '../../rr/address.js'
import { joinName, type Name, withoutDot } from '../../rr/name.js'
import { octetLength } from '../../rr/octets.js'
import { type Domain, type Host, isUnobserved, type MailSpec, type SpfAll, type SpfSpec } from '../../spec.js'
import type { Family } from '../family.js'
import { sendingAddresses } from '../host/host.js'
import type { MailRecord } from '../mail-record.js'
import { type ChainLink, chainValue, nextChain } from './chain.js'
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
    return {
      records: [...others.flatMap(heloRecords), ...domains.flatMap((domain) => domainRecords(domain, hosts, spec))],
    }
  },
  rules: spfRules,
  observe: observeSpf,
  words: {
    noun: 'SPF',
    topic: 'Who may send (SPF)',
    form: 'terms',
    inError: { becomes: 'receivers answer permerror and heed nothing of it', several: 'RFC 7208 §4.5' },
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
 * order, then the includes, then `all` or `redirect`. What flattened includes mean stands among them; networks that have no room
 * there in records of their own, which are included.
 * A parked domain says that nobody sends.
 */
function domainRecords(domain: Domain, hosts: ReadonlyMap<Name, Host>, spec: MailSpec): MailRecord[] {
  if (domain.mail === 'none') return [spfRecord(domain, 'v=spf1 -all', [...domain.from, 'mail'])]
  if (domain.spf === false) return []
  const { value, chain } = flattenedSpf(domain, domain.spf, hosts, spec)
  const from = domain.spf.flatten.length > 0 ? [...domain.spf.from, 'flatten'] : domain.spf.from
  return [
    ...chain.map((link) =>
      spfRecord({ ...domain, name: joinName(`_spf${link.number}`, domain.name) }, chainValue(link), from),
    ),
    spfRecord(domain, value, domain.spf.from),
  ]
}

/** The SPF of a domain, and the records of what it flattens as far as that has no room there. */
export function flattenedSpf(
  domain: Domain,
  spf: SpfSpec,
  hosts: ReadonlyMap<Name, Host>,
  { flattened, chains }: Pick<MailSpec, 'flattened' | 'chains'>,
): { value: string; chain: ChainLink[] } {
  const includes = spf.include.map(({ value }) => `include:${withoutDot(value)}`)
  const { all, exp, terms: further } = spf
  const held = chains?.get(domain.name) ?? []
  const flat = spf.flatten.flatMap(({ value }) => flattened?.get(value) ?? [])
  const ofClients = flat.flatMap((one) => one.terms)
  const own = ownTerms(sendingHosts(domain, hosts), spf.addresses, hosts)
  /** What only a client tells stands behind all networks: its look-ups that find nothing are counted. */
  const text = (inWords: readonly string[], links: readonly string[]): string =>
    [
      'v=spf1',
      ...inWords,
      ...new Set([...further.map(({ value }) => value), ...links, ...ofClients]),
      ...[...new Set(includes)].sort(),
      typeof all === 'string' ? `${QUALIFIER[all]}all` : `redirect=${withoutDot(all.redirect)}`,
      ...(exp === undefined ? [] : [`exp=${withoutDot(exp)}`]),
    ].join(' ')
  const networks = flat.flatMap((one) => one.networks)
  if (flat.length === 0 && held.length === 0) return { value: text(own, []), chain: [] }
  const whole = text([...new Set([...own, ...networks])].sort(), [])
  const isInline = flat.length === 0 || octetLength(whole) <= OCTET_LIMIT
  const chain = nextChain(held, networks, isInline)
  const links = chain.filter(({ retired }) => retired === undefined)
  const included = links.map(({ number }) => `include:${withoutDot(joinName(`_spf${number}`, domain.name))}`)
  return {
    value: included.length === 0 ? whole : text(own, included),
    chain,
  }
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

/** By the hosts of a spec: the terms of some of them and of further addresses, which many domains have alike. */
const known = new WeakMap<ReadonlyMap<Name, Host>, Map<string, readonly string[]>>()

function ownTerms(
  senders: readonly Host[],
  addresses: readonly string[],
  hosts: ReadonlyMap<Name, Host>,
): readonly string[] {
  const terms = known.get(hosts) ?? new Map<string, readonly string[]>()
  known.set(hosts, terms)
  const key = `${senders.map(({ name }) => name).join(' ')}, ${addresses.join(' ')}`
  const found = terms.get(key) ?? addressTerms([...senders.flatMap(sendingAddresses), ...addresses])
  terms.set(key, found)
  return found
}

function addressTerms(addresses: readonly string[]): string[] {
  const terms = addresses.map((address) => `ip${familyOf(address)}:${address}`)
  return [...new Set(terms)].sort()
}
