import { displayName, type Name, parseName, ROOT } from '../../rr/name.js'
import type { Mx } from '../../rr/rdata.js'
import { canonical } from '../../rr/rrset.js'
import type { Domain } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { none, type Reading, sameReading } from '../reading.js'
import { observeMx } from './observe.js'
import { mxRules } from './rules.js'

const NULL_MX = '0 .'

/** Who receives mail. */
export const mx: Family<'mx', Mx> = {
  purpose: 'mx',
  types: ['MX'],
  rank: 4,
  read: readMx,
  write,
  same: (a, b) => sameReading([a, b], readMx, write),
  compile: ({ domains }) => ({ records: domains.flatMap(mxRecords) }),
  rules: mxRules,
  observe: observeMx,
  words: {
    noun: 'mail exchanger',
    topic: 'Where mail goes (MX)',
    form: 'plain',
    about: 'domain',
    subjects: (name) => [name],
    effect({ name, step, before, after, listed }) {
      if (step === 'ends') return `${name} has no MX any more`
      if (after.includes(NULL_MX)) return `${name} takes no mail`
      const [now, until] = [after, before].map((values) => listed(values.map(exchangeOf)))
      return `Mail for ${name} goes to ${now}${until === '' || until === now ? '' : ` instead of ${until}`}`
    },
  },
}

/** Reads a preference and a name, with a space between. */
export function readMx(text: string): Reading<Mx> {
  const [preference = '', exchange = '', ...more] = text.split(' ')
  const name = parseName(exchange)
  if (!/^\d{1,5}$/.test(preference) || Number(preference) > 65_535 || more.length > 0)
    return none([{ section: 'RFC 1035 §3.3.9', message: 'it is no preference and a name' }])
  if (typeof name !== 'string') return none([{ section: 'RFC 5321 §5.1', message: name.error }])
  return { value: { preference: Number(preference), exchange: name }, faults: [] }
}

function write({ preference, exchange }: Mx): string {
  return `${preference} ${exchange}`
}

function exchangeOf(value: string): string {
  return displayName((readMx(value).value?.exchange ?? value.split(' ')[1] ?? value) as Name)
}

/** MX of a domain; the null MX (RFC 7505) of one that takes no mail; nothing where the spec has no `mx`. */
function mxRecords(domain: Domain): MailRecord[] {
  const targets = domain.mail === 'none' ? 'none' : domain.mx
  if (targets === undefined) return []
  const rdata =
    targets === 'none'
      ? [{ preference: 0, exchange: ROOT }]
      : targets.map(({ preference, host }) => ({ preference, exchange: host }))
  const rrset = canonical({ type: 'MX', name: domain.name, ttl: domain.ttl.mx, rdata } as const)
  return [{ rrset, purpose: 'mx', from: [...domain.from, domain.mail === 'none' ? 'mail' : 'mx'] }]
}
