import { isWithin, joinName, type Name, parseHostname } from '../../rr/name.js'
import type { DmarcSpec, Domain } from '../../spec.js'
import type { MailRecord } from '../mail-record.js'

/** Whether a TXT value is a DMARC policy or a report authorisation (RFC 9989 §4.7): the version tag comes first. */
export function isDmarcValue(value: string): boolean {
  return /^\s*v\s*=\s*DMARC1\s*(?:;|$)/i.test(value)
}

/** The policy of a domain at `_dmarc`. */
export function dmarcRecords(domain: Domain): MailRecord[] {
  const spec = domain.dmarc
  if (spec === false) return []
  const value = dmarcValue(domain.mail === 'none' ? parkedPolicy(spec) : spec)
  const rrset = { type: 'TXT', name: joinName('_dmarc', domain.name), ttl: domain.ttl, rdata: [value] } as const
  return [{ rrset, purpose: 'dmarc', scope: 'own-values', from: spec.from }]
}

/** A parked domain rejects, whatever the defaults say; its reports go where they say. */
function parkedPolicy({ subdomains, nonexistent, ...spec }: DmarcSpec): DmarcSpec {
  return { ...spec, policy: 'reject', testing: false, adkim: 'relaxed', aspf: 'relaxed' }
}

/** The TXT value: `p` second, for readers of before RFC 9989; tags at their default are left out. */
function dmarcValue(spec: DmarcSpec): string {
  const tags: [string, string | undefined][] = [
    ['p', spec.policy],
    ['sp', spec.subdomains === spec.policy ? undefined : spec.subdomains],
    ['np', spec.nonexistent === (spec.subdomains ?? spec.policy) ? undefined : spec.nonexistent],
    ['adkim', spec.adkim === 'strict' ? 's' : undefined],
    ['aspf', spec.aspf === 'strict' ? 's' : undefined],
    ['t', spec.testing ? 'y' : undefined],
    ['fo', spec.failureOptions],
    ['rua', spec.rua.length > 0 ? spec.rua.join(',') : undefined],
    ['ruf', spec.ruf.length > 0 ? spec.ruf.join(',') : undefined],
  ]
  return ['v=DMARC1', ...tags.flatMap(([tag, value]) => (value === undefined ? [] : [`${tag}=${value}`]))].join('; ')
}

/** The domain a report URI such as `mailto:dmarc@example.com` leads to; undefined for what is no mailto. */
function reportDomain(uri: string): Name | undefined {
  const name = parseHostname(/^mailto:[^@]+@([^!?]+)/i.exec(uri)?.[1] ?? '')
  return typeof name === 'string' ? name : undefined
}

/** The report domains of a policy that have to say they want the domain's reports (RFC 9990 §4): those that are no kin of it. */
export function foreignReportDomains(domain: Domain): Name[] {
  if (domain.dmarc === false) return []
  const uris = [...domain.dmarc.rua, ...domain.dmarc.ruf]
  const names = uris.flatMap((uri) => reportDomain(uri) ?? [])
  return [...new Set(names)].filter((name) => !isWithin(name, domain.name) && !isWithin(domain.name, name))
}

/** The authorisation at the report domain: `<domain>._report._dmarc.<report domain>` (RFC 9990 §4). */
export function reportRecord(domain: Domain, reportTo: Name, ttl: number): MailRecord {
  const name = joinName(`${domain.name}_report._dmarc`, reportTo)
  const from = domain.dmarc === false ? domain.from : [...domain.dmarc.from, 'rua']
  return { rrset: { type: 'TXT', name, ttl, rdata: ['v=DMARC1'] }, purpose: 'report', scope: 'own-values', from }
}
