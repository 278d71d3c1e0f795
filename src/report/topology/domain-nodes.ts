import { families } from '../../../records/families/index.js'
import type { Purpose } from '../../../records/families/mail-record.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import type { Domain, MailSpec } from '../../../records/spec.js'
import type { Plan } from '../../plan/plan.js'
import type { DomainNode } from './graph.js'
import { linksOf, type Senders } from './links.js'
import { markOf } from './mark.js'
import type { Subject } from './subjects.js'

/** Said only where another domain of its node has a policy. */
export const NO_MTA_STS = 'no MTA-STS'

const QUALIFIER = { fail: '-all', softfail: '~all', neutral: '?all' } as const

/** The domains of the spec, then those that leave it. */
export function domainNodes(
  plan: Plan,
  spec: MailSpec,
  subjects: ReadonlyMap<Name, Subject>,
  senders: Senders,
): DomainNode[] {
  const keys = new Set(plan.keys.map(({ domain }) => domain))
  const known = new Set(spec.domains.map(({ name }) => name))
  return [
    ...spec.domains.map((domain) =>
      domainNode(domain, keys.has(keyZoneOf(domain) ?? domain.name), ofMail(subjects.get(domain.name)), senders),
    ),
    ...[...subjects]
      .filter(([name]) => !known.has(name))
      .flatMap(([name, subject]) => goneDomain(name, ofMail(subject), senders)),
  ]
}

function ofMail(subject: Subject | undefined): Subject {
  const isMail = ({ purpose }: { purpose: Purpose }): boolean => families[purpose].words.about === 'domain'
  return { records: subject?.records.filter(isMail) ?? [], edits: subject?.edits.filter(isMail) ?? [] }
}

function domainNode(domain: Domain, needsKey: boolean, { records, edits }: Subject, senders: Senders): DomainNode {
  const own = markOf(records, edits)
  const keys = records.filter(({ purpose }) => purpose === 'dkim').length
  const isParked = domain.mail === 'none'
  return {
    names: [domain.name],
    mark: own === 'same' && needsKey ? 'changed' : own,
    receiving: isParked ? 'no mail' : receiving(domain),
    sending: isParked ? 'nobody' : sending(domain),
    signing: [isParked ? 'parked' : dkim(keys, needsKey, keyZoneOf(domain)), dmarc(domain), mtaSts(domain)],
    links: linksOf(domain, edits, senders),
  }
}

function goneDomain(name: Name, { records, edits }: Subject, senders: Senders): DomainNode[] {
  const isDomain = edits.some(({ purpose }) => purpose !== 'spf') || senders.hostOf(displayName(name)) === undefined
  if (!isDomain || markOf(records, edits) !== 'gone') return []
  const links = linksOf({ name }, edits, senders)
  return [
    { names: [name], mark: 'gone', receiving: 'no longer', sending: 'no longer', signing: ['leaves the spec'], links },
  ]
}

function receiving({ mx }: Domain): string {
  if (mx === undefined) return 'no MX'
  if (mx === 'none') return 'no mail'
  const preferences = [...new Set(mx.map(({ preference }) => preference))].sort((a, b) => a - b)
  return `MX ${preferences.length > 3 ? `${preferences[0]} … ${preferences.at(-1)}` : preferences.join(', ')}`
}

function sending({ spf }: Domain): string {
  if (spf === false) return 'no SPF'
  return `SPF ${typeof spf.all === 'string' ? QUALIFIER[spf.all] : 'redirect'}`
}

function keyZoneOf({ dkim: spec }: Domain): Name | undefined {
  return spec === false ? undefined : spec.zone?.name
}

function dkim(keys: number, needsKey: boolean, zone: Name | undefined): string {
  if (needsKey) return 'new DKIM key'
  if (keys > 0 && zone !== undefined) return `DKIM keys of ${displayName(zone)}`
  return keys === 0 ? 'no DKIM' : keys === 1 ? '1 DKIM key' : `${keys} DKIM keys`
}

function dmarc({ dmarc: policy, mail }: Domain): string {
  return policy === false ? 'no DMARC' : `DMARC ${mail === 'none' ? 'reject' : policy.policy}`
}

function mtaSts({ mtaSts: spec }: Domain): string {
  if (spec === false) return NO_MTA_STS
  return 'id' in spec.policy ? 'MTA-STS' : `MTA-STS ${spec.policy.mode}`
}
