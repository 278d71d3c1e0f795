import type { SpecPath } from '../../finding.js'
import { displayName, type Name, parseName, ROOT } from '../../rr/name.js'
import type { Mx } from '../../rr/rdata.js'
import { canonical } from '../../rr/rrset.js'
import type { Domain, MxTarget } from '../../spec.js'
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
  compile({ domains }) {
    const rdataOf = sharedRdata()
    return { records: domains.flatMap((domain) => mxRecords(domain, rdataOf)) }
  },
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
function mxRecords(domain: Domain, rdataOf: RdataOf): MailRecord[] {
  const { name, ttl } = domain
  const targets = domain.mail === 'none' ? 'none' : domain.mx
  if (targets === undefined) return []
  const rdata = targets === 'none' ? [{ preference: 0, exchange: ROOT }] : rdataOf(targets)
  return [{ rrset: { type: 'MX', name, ttl: ttl.mx, rdata }, purpose: 'mx', from: whereAsked(domain) }]
}

type RdataOf = (targets: readonly MxTarget[]) => readonly Mx[]

/** The rdata of targets in canonical order; what many domains have alike is one list. */
function sharedRdata(): RdataOf {
  const known = new Map<string, readonly Mx[]>()
  return (targets) => {
    const key = targets.map(({ preference, host }) => `${preference} ${host}`).join(' ')
    const found = known.get(key)
    if (found) return found
    const rdata = targets.map(({ preference, host }) => ({ preference, exchange: host }))
    const ordered = canonical({ type: 'MX', name: ROOT, ttl: 0, rdata } as const).rdata
    known.set(key, ordered)
    return ordered
  }
}

/** The list itself, or the relay whose servers they are. */
function whereAsked({ from, mail, mx }: Domain): SpecPath {
  const first = mail !== 'none' && Array.isArray(mx) ? (mx as readonly MxTarget[])[0]?.from : undefined
  if (first === undefined) return [...from, mail === 'none' ? 'mail' : 'mx']
  return typeof first.at(-1) === 'number' ? first.slice(0, -1) : first
}
