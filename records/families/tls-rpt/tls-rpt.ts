import { joinName, type Name, withoutPrefix } from '../../rr/name.js'
import type { Domain } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { sameReading } from '../reading.js'
import { observeTlsRpt } from './observe.js'
import { isTlsRptValue, meaningOfUri, readTlsRpt, type TlsRptRecord, writeTlsRpt } from './read-tls-rpt.js'
import { tlsRptRules } from './rules.js'

const PREFIX = '_smtp._tls.'

/** Who hears how TLS went on the way to a domain (RFC 8460). */
export const tlsRpt: Family<'tlsrpt', TlsRptRecord> = {
  purpose: 'tlsrpt',
  types: ['TXT'],
  rank: 2,
  isOwn: isTlsRptValue,
  read: readTlsRpt,
  write: writeTlsRpt,
  same: (a, b) =>
    sameReading([a, b], readTlsRpt, ({ rua }) => JSON.stringify([...new Set(rua.map(meaningOfUri))].sort())),
  compile: ({ domains }) => ({ records: domains.flatMap(tlsRptRecord) }),
  rules: tlsRptRules,
  observe: observeTlsRpt,
  words: {
    noun: 'TLS reports',
    topic: 'Who gets reports about TLS (TLS-RPT)',
    form: 'tags',
    tags: { v: 'version', rua: 'reports' },
    inError: { becomes: 'nobody sends reports', several: 'RFC 8460 §3' },
    about: 'domain',
    subjects: (name) => [withoutPrefix(name, PREFIX) as Name],
    effect({ name, step, after, listed }) {
      const about = `Reports about TLS on the way to ${withoutPrefix(name, PREFIX)}`
      if (step === 'ends') return `${about} are no longer asked for`
      return `${about} go to ${listed(after.flatMap((value) => readTlsRpt(value).value?.rua ?? []))}`
    },
  },
}

function tlsRptRecord({ name, ttl, tlsRpt }: Domain): MailRecord[] {
  if (tlsRpt === false) return []
  const value = writeTlsRpt({ rua: tlsRpt.rua, extensions: [] })
  const rrset = { type: 'TXT', name: joinName('_smtp._tls', name), ttl: ttl.tls_rpt, rdata: [value] } as const
  return [{ rrset, purpose: 'tlsrpt', from: tlsRpt.from }]
}
