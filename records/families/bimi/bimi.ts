import { afterLabels, joinName, type Name } from '../../rr/name.js'
import type { Domain } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { sameReading } from '../reading.js'
import { type BimiRecord, isBimiValue, meaningOfBimi, readBimi, writeBimi } from './read-bimi.js'
import { bimiRules, observeBimi } from './rules.js'

const UNDER = '._bimi.'

/** Which logo is shown beside the mail of a domain (BIMI). */
export const bimi: Family<'bimi', BimiRecord> = {
  purpose: 'bimi',
  types: ['TXT'],
  // After DMARC, without which it counts for nothing.
  rank: 7,
  isOwn: isBimiValue,
  read: readBimi,
  write: writeBimi,
  same: (a, b) => sameReading([a, b], readBimi, meaningOfBimi),
  compile: ({ domains }) => ({ records: domains.flatMap(bimiRecord) }),
  rules: bimiRules,
  observe: observeBimi,
  words: {
    noun: 'BIMI record',
    topic: 'Which logos are shown (BIMI)',
    form: 'tags',
    tags: { v: 'version', l: 'logo', a: 'mark certificate', avp: 'which picture', lps: 'local-part selectors' },
    inError: { becomes: 'no logo is shown', several: 'BIMI draft-14 §4.3' },
    about: 'domain',
    subjects: (name) => [afterLabels(name, UNDER) as Name],
    effect({ name, step, after: [value = ''] }) {
      const domain = afterLabels(name, UNDER)
      if (step === 'ends') return `${domain} names no logo any more`
      const { location = '', authority = '' } = readBimi(value).value ?? {}
      if (location === '' && authority === '') return `${domain} wants no logo shown beside its mail`
      return `The logo of ${domain} is ${location === '' ? `in ${authority}` : location}`
    },
  },
}

function bimiRecord({ name, ttl, bimi }: Domain): MailRecord[] {
  if (bimi === false) return []
  const { selector, location, authority } = bimi
  const value = writeBimi({ location, authority, others: [] })
  const owner = joinName(`${selector}._bimi`, name)
  return [{ rrset: { type: 'TXT', name: owner, ttl: ttl.bimi, rdata: [value] }, purpose: 'bimi', from: bimi.from }]
}
