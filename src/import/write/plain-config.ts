import { displayName, type Name, parseName } from '../../../records/rr/name.js'
import type { Mx } from '../../../records/rr/rdata.js'
import { kindOfDomain } from '../../config/domain-name.js'
import type { DmarcDraft } from '../../config/records/dmarc-tags.js'
import { inert } from '../../render/inert.js'
import type { DomainDraft, DomainKey, HostDraft, HostKey, SpfDraft } from '../draft/draft.js'
import type { Plain } from './yaml-text.js'

/** A name as the spec has it: in Unicode where that is read back as the same name, without the trailing dot. */
export function written(name: Name): string {
  const shown = displayName(name)
  return parseName(shown) === name && inert(shown) === shown ? shown : name.slice(0, -1)
}

/** The keys of a host, in README's order; undefined where the default says the same. */
export function plainHost({
  addresses,
  egress,
  publish,
  reverse,
  heloSpf,
  caa,
  tlsa,
  ttl,
}: HostDraft): Record<HostKey, Plain | undefined> {
  return {
    addresses: addresses.length > 0 ? addresses : undefined,
    egress: egress.length > 0 ? egress : undefined,
    publish: publish ? undefined : false,
    reverse: reverse === 'auto' ? undefined : reverse,
    helo_spf: heloSpf ? undefined : false,
    caa,
    tlsa,
    ttl,
  }
}

/** The keys of a domain, in README's order; `end` is never one. */
export function plainDomain(domain: DomainDraft): Record<DomainKey, Plain | undefined> {
  const { name, parked, mx, spf, dmarc, policies, clients, caa, ttl } = domain
  const common = {
    mta_sts: policies?.mta_sts,
    tls_rpt: policies?.tls_rpt,
    bimi: policies?.bimi,
    clients: parked ? undefined : clients,
    caa,
    ttl,
    end: undefined,
  }
  if (parked)
    return { mail: 'none', mx: undefined, spf: undefined, dkim: undefined, dmarc: parkedDmarc(dmarc), ...common }
  const isMail = kindOfDomain(name) === 'mail'
  return {
    mail: undefined,
    mx: mx === undefined || mx === 'none' ? mx : plainMx(mx),
    spf: spf === false ? false : plainSpf(spf),
    dkim: plainDkim(domain),
    dmarc: !isMail ? undefined : dmarc === false ? false : plainPolicy(dmarc),
    ...common,
  }
}

/** Names alone stand for 10, 20, 30. */
function plainMx(mx: readonly Mx[]): Plain {
  const isUsual = mx.every(({ preference }, index) => preference === (index + 1) * 10)
  return mx.map(({ exchange, preference }) => (isUsual ? written(exchange) : { host: written(exchange), preference }))
}

export function plainSpf({ mx, hosts, addresses, include, terms, redirect, exp, all }: SpfDraft): Plain {
  return {
    hosts: listed(hosts.map(written)),
    mx: mx ? undefined : false,
    addresses: listed(addresses),
    include: listed(include.map(written)),
    terms: listed(terms),
    redirect,
    exp,
    all,
  }
}

/** Keys that are there; and whether keys of its own are to be made. */
function plainDkim({ dkimOff, keys, keysRevoked }: DomainDraft): Plain | undefined {
  if (keys.length === 0 && !keysRevoked) return dkimOff ? false : undefined
  const said = keys.map(({ selector, record, ttl }): [string, Plain] => [
    selector,
    { ...('cname' in record ? { cname: written(record.cname) } : record), ttl },
  ])
  return {
    algorithms: dkimOff ? [] : undefined,
    keys: keys.length === 0 ? undefined : Object.fromEntries(said),
    wildcard: keysRevoked ? 'revoked' : undefined,
  }
}

export function plainPolicy(dmarc: Exclude<DomainDraft['dmarc'], false>): Plain {
  return 'cname' in dmarc ? { cname: written(dmarc.cname) } : plainDmarc(dmarc)
}

export function plainDmarc(dmarc: DmarcDraft): Plain {
  const { policy, subdomains, nonexistent, testing } = dmarc
  return { policy, subdomains, nonexistent, testing: testing ? true : undefined, ...alignmentAndReports(dmarc) }
}

/** What a parked domain may say of its own policy, which rejects in any case; `fo` says nothing without `ruf` (RFC 9989 §4.7). */
function parkedDmarc(dmarc: DomainDraft['dmarc']): Plain | undefined {
  if (dmarc === false) return false
  if ('cname' in dmarc) return plainPolicy(dmarc)
  const { fo, ...others } = alignmentAndReports(dmarc)
  const said = { ...others, fo: dmarc.ruf.length === 0 || fo === '0' ? undefined : fo }
  return Object.values(said).some((value) => value !== undefined) ? said : undefined
}

function alignmentAndReports({ adkim, aspf, rua, ruf, fo }: DmarcDraft) {
  return {
    adkim: adkim === 'strict' ? adkim : undefined,
    aspf: aspf === 'strict' ? aspf : undefined,
    rua: listed(rua),
    ruf: listed(ruf),
    fo,
  }
}

function listed<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items
}
