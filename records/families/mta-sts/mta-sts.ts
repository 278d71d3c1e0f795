import { joinName, type Name, withoutPrefix } from '../../rr/name.js'
import type { Domain } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { sameReading } from '../reading.js'
import { observeMtaSts } from './observe.js'
import { policyId, policyText } from './policy.js'
import { isStsValue, readStsRecord, type StsRecord, writeStsRecord } from './read-record.js'
import { mtaStsRules } from './rules.js'

const PREFIX = '_mta-sts.'

/** That mail to a domain is given to its MX over verified TLS only (RFC 8461). */
export const mtaSts: Family<'mtasts', StsRecord> = {
  purpose: 'mtasts',
  types: ['TXT'],
  // Before the MX: whoever sees a new one finds that there is a new policy, which allows it.
  rank: 3,
  isOwn: isStsValue,
  read: readStsRecord,
  write: writeStsRecord,
  same: (a, b) => sameReading([a, b], readStsRecord, ({ id }) => id),
  compile: ({ domains }) => ({ records: domains.flatMap(stsRecord) }),
  rules: mtaStsRules,
  observe: observeMtaSts,
  words: {
    noun: 'MTA-STS record',
    topic: 'Which TLS policies are in force (MTA-STS)',
    form: 'tags',
    tags: { v: 'version', id: 'which policy' },
    inError: { becomes: 'senders see no MTA-STS policy', several: 'RFC 8461 §3.1' },
    about: 'domain',
    subjects: (name) => [withoutPrefix(name, PREFIX) as Name],
    effect({ name, step }) {
      const domain = withoutPrefix(name, PREFIX)
      if (step === 'ends')
        return `${domain} no longer says that it has an MTA-STS policy; senders keep what they have of it`
      const policy = step === 'begins' ? 'now has an MTA-STS policy' : 'has another MTA-STS policy'
      return `${domain} ${policy}, which must be in place before this`
    },
  },
}

function stsRecord(domain: Domain): MailRecord[] {
  const { mtaSts, name, ttl } = domain
  if (mtaSts === false) return []
  const id = 'id' in mtaSts.policy ? mtaSts.policy.id : policyId(policyText(domain) as string)
  const value = writeStsRecord({ id, extensions: [] })
  const rrset = { type: 'TXT', name: joinName('_mta-sts', name), ttl: ttl.mta_sts, rdata: [value] } as const
  return [{ rrset, purpose: 'mtasts', from: mtaSts.from }]
}
