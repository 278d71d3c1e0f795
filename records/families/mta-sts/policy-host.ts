import { familyOf } from '../../rr/address.js'
import { type Name, parseName, withoutPrefix } from '../../rr/name.js'
import { canonical } from '../../rr/rrset.js'
import type { Domain, Host } from '../../spec.js'
import type { Family } from '../family.js'
import { host } from '../host/host.js'
import type { MailRecord } from '../mail-record.js'
import { none, type Reading, sameReading } from '../reading.js'
import { policyHostName } from './policy.js'
import { policyHostRules } from './rules.js'

const PREFIX = 'mta-sts.'

/** Where the MTA-STS policy of a domain is fetched: at `mta-sts.<domain>` (RFC 8461 §3.3). */
export const policyHost: Family<'mtastshost', string> = {
  purpose: 'mtastshost',
  types: ['A', 'AAAA', 'CNAME'],
  rank: 0,
  read,
  write: (value) => value,
  same: (a, b) => sameReading([a, b], read, (value) => value),
  compile: ({ domains, hosts }) => ({ records: domains.flatMap((domain) => hostRecords(domain, hosts)) }),
  rules: policyHostRules,
  words: {
    noun: 'policy host',
    topic: 'Where TLS policies are fetched (MTA-STS)',
    form: 'plain',
    about: 'domain',
    subjects: (name) => [withoutPrefix(name, PREFIX) as Name],
    effect({ name, step, after, listed }) {
      const policy = `The MTA-STS policy of ${withoutPrefix(name, PREFIX)}`
      return step === 'ends' ? `${policy} is no longer fetched from us` : `${policy} is fetched at ${listed(after)}`
    },
  },
}

/** Reads an address, or the name that a CNAME leads to. */
function read(text: string): Reading<string> {
  if (text.includes(':') || /^[\d.]+$/.test(text)) return host.read(text)
  const name = parseName(text)
  return typeof name === 'string'
    ? { value: name, faults: [] }
    : none([{ section: 'RFC 1035 §3.3.1', message: name.error }])
}

function hostRecords({ name: domain, mtaSts, ttl }: Domain, hosts: ReadonlyMap<Name, Host>): MailRecord[] {
  const name = policyHostName(domain)
  const target = mtaSts === false ? undefined : mtaSts.host
  // A host of that very name has its addresses there already.
  if (mtaSts === false || target === undefined || target.value === name) return []
  const place = { name, ttl: ttl.mta_sts_host }
  const from = [...mtaSts.from, 'host']
  const record = (rrset: MailRecord['rrset']): MailRecord => ({ rrset, purpose: 'mtastshost', from })
  if (target.as === 'cname') return [record({ type: 'CNAME', ...place, rdata: [target.value] })]
  const addresses = (hosts.get(target.value)?.addresses ?? []).map(({ value }) => value)
  return ([4, 6] as const).flatMap((family) => {
    const rdata = addresses.filter((address) => familyOf(address) === family)
    const type = family === 4 ? 'A' : 'AAAA'
    return rdata.length === 0 ? [] : [record(canonical({ type, ...place, rdata }))]
  })
}
