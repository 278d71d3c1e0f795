import { displayName, type Name } from '../../rr/name.js'
import { octetLength } from '../../rr/octets.js'
import { finding, type Rule } from '../../rules/rule.js'
import { lookupTerms, sendingHosts } from './spf.js'

const spfLookups: Rule = ({ records }) => {
  const values = new Map(
    records.flatMap(({ purpose, rrset }) => (purpose === 'spf' ? [[rrset.name, String(rrset.rdata[0])] as const] : [])),
  )
  return records.flatMap(({ purpose, rrset, from }) => {
    if (purpose !== 'spf') return []
    const count = countLookups(rrset.name, values, new Set())
    return count > 10
      ? [
          finding(
            'error',
            'spf-lookups',
            from,
            `the SPF of ${displayName(rrset.name)} needs at least ${count} DNS look-ups, and receivers stop at 10 (RFC 7208 §4.6.4)`,
            'drop an include, or list its addresses under spf.addresses',
          ),
        ]
      : []
  })
}

function countLookups(name: Name, values: ReadonlyMap<Name, string>, seen: Set<Name>): number {
  const value = values.get(name)
  if (value === undefined || seen.has(name)) return 0
  seen.add(name)
  return lookupTerms(value)
    .map((term) => 1 + countLookups(`${/^include:(.+)$/.exec(term)?.[1] ?? ''}.` as Name, values, seen))
    .reduce((sum, count) => sum + count, 0)
}

const spfTooLong: Rule = ({ records }) =>
  records.flatMap(({ purpose, rrset, from }) => {
    const octets = purpose === 'spf' ? octetLength(String(rrset.rdata[0])) : 0
    return octets > 450
      ? [
          finding(
            'warning',
            'spf-too-long',
            from,
            `the SPF of ${displayName(rrset.name)} has ${octets} octets; with over 450 the answer may not fit a UDP packet (RFC 7208 §3.4)`,
            'use networks instead of single addresses under spf.addresses',
          ),
        ]
      : []
  })

const spfNobody: Rule = ({ domains, hosts }) =>
  domains.flatMap((domain) => {
    if (domain.mail === 'none' || domain.spf === false) return []
    const { spf } = domain
    const anyone = sendingHosts(domain, hosts).length + spf.addresses.length + spf.include.length > 0
    return anyone
      ? []
      : [
          finding(
            'warning',
            'spf-nobody',
            spf.from,
            `the SPF of ${displayName(domain.name)} lets nobody send`,
            'name who sends under spf.hosts, spf.include or spf.addresses; `spf: false` publishes none; `mail: none` parks the domain',
          ),
        ]
  })

export const spfRules: readonly Rule[] = [spfLookups, spfTooLong, spfNobody]
