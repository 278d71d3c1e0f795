import { joinName, type Name } from '../../rr/name.js'
import { rdataText, type Tlsa } from '../../rr/rdata.js'
import { canonical } from '../../rr/rrset.js'
import type { Host } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { sameReading } from '../reading.js'
import { observeTlsa } from './observe.js'
import { readTlsa } from './read-tlsa.js'
import { tlsaRules } from './rules.js'

const PLACE = /^_(\d+)\._tcp\.(.+)$/

/**
 * The keys that a host's certificates have (RFC 6698, RFC 7672). The whole RRset is one slot: what is there beside our keys
 * would be accepted too (RFC 7671 §8.1), so none stays that the spec does not know.
 */
export const tlsa: Family<'tlsa', Tlsa> = {
  purpose: 'tlsa',
  types: ['TLSA'],
  rank: 3,
  read: readTlsa,
  write,
  same: (a, b) => sameReading([a, b], readTlsa, write),
  compile: ({ spec }) => ({ records: spec.hosts.flatMap(tlsaRecords) }),
  rules: tlsaRules,
  observe: observeTlsa,
  words: {
    noun: 'TLSA',
    topic: 'Keys of mail servers (DANE)',
    form: 'plain',
    about: 'host',
    subjects: (name) => [(PLACE.exec(name)?.[2] ?? name) as Name],
    effect({ name, step, moved }) {
      const [, port, host = name] = PLACE.exec(name) ?? []
      const at = `${host}${port === undefined || port === '25' ? '' : ` port ${port}`}`
      if (step === 'ends') return `${at} has no DANE keys any more: senders take any certificate again`
      return step === 'begins'
        ? `DANE begins for ${at}: senders refuse any other key`
        : `DANE keys of ${at}: ${moved()}`
    },
  },
}

function write(value: Tlsa): string {
  return rdataText('TLSA', value)
}

/** TLSA at `_<port>._tcp.<host>` (RFC 6698 §3). */
function tlsaRecords({ name, ttl, tlsa: spec }: Host): MailRecord[] {
  if (spec === undefined || spec.associations.length === 0) return []
  const rdata = spec.associations.map(({ value }) => value)
  return spec.ports.map((port): MailRecord => {
    const owner = joinName(`_${port}._tcp`, name)
    return { rrset: canonical({ type: 'TLSA', name: owner, ttl: ttl.tlsa, rdata }), purpose: 'tlsa', from: spec.from }
  })
}
