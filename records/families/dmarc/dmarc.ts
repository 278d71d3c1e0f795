import { joinName, type Name, withoutDot, withoutPrefix } from '../../rr/name.js'
import type { DmarcSpec, Domain } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { observeDmarc } from './observe.js'
import { type DmarcRecord, isDmarcValue, readDmarc, sameDmarc } from './read-dmarc.js'
import { dmarcRules } from './rules.js'

const PREFIX = '_dmarc.'

/** What becomes of mail that fails (RFC 9989). */
export const dmarc: Family<'dmarc', DmarcRecord> = {
  purpose: 'dmarc',
  types: ['TXT', 'CNAME'],
  rank: 6,
  isOwn: (value, type) => type !== 'TXT' || isDmarcValue(value),
  aliasStays: true,
  read: readDmarc,
  write,
  same: sameDmarc,
  compile: ({ domains }) => ({ records: domains.flatMap(dmarcRecords) }),
  rules: dmarcRules,
  observe: observeDmarc,
  words: {
    noun: 'DMARC policy',
    topic: 'What becomes of mail that is not authentic (DMARC)',
    form: 'tags',
    tags: {
      v: 'version',
      p: 'policy',
      sp: 'subdomains',
      np: 'names that do not exist',
      adkim: 'DKIM alignment',
      aspf: 'SPF alignment',
      t: 'testing',
      fo: 'failures to report',
      rua: 'aggregate reports',
      ruf: 'failure reports',
    },
    inError: { becomes: 'receivers apply no policy', several: 'RFC 9989 §4.10' },
    about: 'domain',
    subjects: (name) => [withoutPrefix(name, PREFIX) as Name],
    effect({ name, step, after: [value = ''], moved }) {
      const domain = withoutPrefix(name, PREFIX)
      if (value !== '' && !isDmarcValue(value))
        return `The DMARC policy of ${domain} is the one at ${withoutDot(value)}`
      if (step === 'ends') return `${domain} has no DMARC policy any more`
      if (step === 'changes') return `DMARC of ${domain}: ${moved()}`
      const policy = readDmarc(value).value?.policy
      return `DMARC begins for ${domain}, with ${policy === undefined ? 'no policy' : `p=${policy}`}`
    },
  },
}

/** `p` second, for readers of before RFC 9989; tags at their default are left out. */
function write(record: DmarcRecord): string {
  const { policy, subdomains, nonexistent, psd, rua, ruf } = record
  let text = 'v=DMARC1'
  const add = (tag: string, value: string | undefined): void => {
    if (value !== undefined) text += `; ${tag}=${value}`
  }
  add('p', record.hasPolicy ? policy : undefined)
  add('sp', subdomains === policy ? undefined : subdomains)
  add('np', nonexistent === (subdomains ?? policy) ? undefined : nonexistent)
  add('adkim', record.adkim === 'strict' ? 's' : undefined)
  add('aspf', record.aspf === 'strict' ? 's' : undefined)
  add('t', record.testing ? 'y' : undefined)
  add('psd', psd === 'u' ? undefined : psd)
  add('fo', record.failureOptions)
  add('rua', rua.length > 0 ? rua.map(({ uri }) => uri).join(',') : undefined)
  add('ruf', ruf.length > 0 ? ruf.map(({ uri }) => uri).join(',') : undefined)
  for (const { name, value } of record.ignored) add(name, value)
  return text
}

/** The policy of a domain at `_dmarc`. */
function dmarcRecords(domain: Domain): MailRecord[] {
  const spec = domain.dmarc
  const name = joinName('_dmarc', domain.name)
  const ttl = domain.ttl.dmarc
  if (domain.dmarcAlias) {
    const { value, from } = domain.dmarcAlias
    return [{ rrset: { type: 'CNAME', name, ttl, rdata: [value] }, purpose: 'dmarc', from }]
  }
  if (spec === false) return []
  const value = policyValue(domain.mail === 'none' ? parkedPolicy(spec) : spec)
  return [{ rrset: { type: 'TXT', name, ttl, rdata: [value] }, purpose: 'dmarc', from: spec.from }]
}

/** A parked domain rejects, whatever the defaults say; alignment and reports are as its spec says. */
export function parkedPolicy<P extends Omit<DmarcSpec, 'from'>>({ subdomains, nonexistent, ...spec }: P): P {
  return { ...spec, policy: 'reject', testing: false } as unknown as P
}

/** By the list of who gets reports, that of the defaults for most: what was written, by all else that it says. */
const written = new WeakMap<readonly string[], Map<string, string>>()

/** The value that says what a spec says. */
export function policyValue(spec: Omit<DmarcSpec, 'from'>): string {
  const { policy, subdomains, nonexistent, testing, adkim, aspf, failureOptions, rua, ruf } = spec
  const values = written.get(rua) ?? new Map<string, string>()
  written.set(rua, values)
  const key = `${policy} ${subdomains} ${nonexistent} ${testing} ${adkim} ${aspf} ${failureOptions} ${ruf.join(' ')}`
  const value = values.get(key) ?? writePolicy(spec)
  values.set(key, value)
  return value
}

function writePolicy(spec: Omit<DmarcSpec, 'from'>): string {
  const { policy, subdomains, nonexistent, testing, adkim, aspf, failureOptions } = spec
  const uris = (texts: readonly string[]): { uri: string }[] => texts.map((uri) => ({ uri }))
  const others = { hasPolicy: true, psd: 'u', rua: uris(spec.rua), ruf: uris(spec.ruf), ignored: [] } as const
  return write({ policy, subdomains, nonexistent, testing, adkim, aspf, failureOptions, ...others })
}
