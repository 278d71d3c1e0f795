import type { Name } from '../../rr/name.js'
import { rdataText } from '../../rr/rdata.js'
import type { CaaSpec } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { observeCaa } from './observe.js'
import { type CaaProperty, caaMeaning, caaRdata, readCaa } from './read-caa.js'
import { caaRules } from './rules.js'

/** Which CAs may issue certificates (RFC 8659). The values at a name are shared with whoever else has certificates there. */
export const caa: Family<'caa', CaaProperty> = {
  purpose: 'caa',
  types: ['CAA'],
  rank: 7,
  meaningOf: caaMeaning,
  read: readCaa,
  write: (property) => rdataText('CAA', caaRdata(property)),
  same: (a, b) => caaMeaning(a) === caaMeaning(b),
  compile: ({ domains, spec }) => {
    const parts = [
      ...domains.flatMap(({ name, ttl, caa }) => caaRecords(name, ttl.caa, caa)),
      ...spec.hosts.flatMap(({ name, ttl, caa }) => caaRecords(name, ttl.caa, caa)),
    ]
    return { records: [...new Map(parts.map((part) => [part.key, part.record])).values()] }
  },
  rules: caaRules,
  observe: observeCaa,
  words: {
    noun: 'CAA',
    topic: 'Who may issue certificates (CAA)',
    form: 'plain',
    about: 'domain',
    subjects: (name) => [name],
    effect({ name, moved }) {
      return `Certificates for ${name}: ${moved()}`
    },
  },
}

/** A record a value; where a domain and a host of one name say the same, it is one. */
function caaRecords(name: Name, ttl: number, spec: CaaSpec | false): { key: string; record: MailRecord }[] {
  if (spec === false) return []
  return spec.properties.map(({ value, from }) => {
    const rrset = { type: 'CAA', name, ttl, rdata: [value] } as const
    const asked = from[0] === 'defaults' ? spec.from : from
    return { key: `${name} ${caaMeaning(rdataText('CAA', value))}`, record: { rrset, purpose: 'caa', from: asked } }
  })
}
