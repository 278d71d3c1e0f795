import type { SpecPath } from '../../finding.js'
import { joinName, type Name } from '../../rr/name.js'
import type { DkimSpec, Domain, Host } from '../../spec.js'
import type { Family } from '../family.js'
import type { MailRecord } from '../mail-record.js'
import { sendingHosts } from '../spf/senders.js'
import { type DkimAlgorithm, type DkimPublicKey, isUsable } from './dkim-key.js'
import { observeDkim } from './observe.js'
import { type DkimRecord, isDkimValue, publishedKey, readDkim, sameDkim } from './read-dkim.js'
import { dkimRules } from './rules.js'

/** At the wildcard of a parked domain: no key of it is valid (RFC 6376 §3.6.1). */
const NO_KEY = 'v=DKIM1; p='
const UNDER = '._domainkey.'

/** The keys that signatures are checked with (RFC 6376). */
export const dkim: Family<'dkim', DkimRecord> = {
  purpose: 'dkim',
  types: ['TXT'],
  rank: 1,
  isOwn: isDkimValue,
  read: readDkim,
  write,
  same: sameDkim,
  compile: ({ domains, keys }) => ({
    records: domains.flatMap((domain) => dkimRecords(domain, keys.get(domain.name) ?? [])),
  }),
  rules: dkimRules,
  observe: observeDkim,
  words: {
    noun: 'DKIM key',
    topic: 'Keys (DKIM)',
    form: 'tags',
    tags: {
      v: 'version',
      k: 'key type',
      p: 'public key',
      t: 'flags',
      h: 'hash algorithms',
      s: 'service',
      n: 'note',
    },
    about: 'domain',
    subjects: (name) => [name.slice(name.includes(UNDER) ? name.indexOf(UNDER) + UNDER.length : 0) as Name],
    effect({ name, step, after }) {
      const [selector, domain] = name.split(UNDER, 2)
      if (selector === '*')
        return `No DKIM key of ${domain} is ${step === 'ends' ? 'refused by a wildcard any more' : 'valid'}`
      const key = domain === undefined ? `The DKIM key ${name}` : `The DKIM key ${selector} of ${domain}`
      if (after.some((value) => publishedKey(value) === '')) return `${key} is revoked`
      return { begins: `${key} is published`, changes: `${key} is replaced`, ends: `${key} is taken away` }[step]
    },
  },
}

function write({ keyType, publicKey, hashes, services, flags }: DkimRecord): string {
  const isForAll = services.includes('*')
  return [
    'v=DKIM1',
    `k=${keyType}`,
    ...(hashes === undefined ? [] : [`h=${hashes.join(':')}`]),
    ...(isForAll ? [] : [`s=${services.join(':')}`]),
    ...(flags.length === 0 ? [] : [`t=${flags.join(':')}`]),
    `p=${publicKey}`,
  ].join('; ')
}

/** The key records of a domain: one a key that is not gone; a parked domain's empty wildcard key says that none is valid. */
function dkimRecords(domain: Domain, keys: readonly DkimPublicKey[]): MailRecord[] {
  const record = (label: string, value: string, from: SpecPath): MailRecord => ({
    rrset: { type: 'TXT', name: joinName(`${label}._domainkey`, domain.name), ttl: domain.ttl.dkim, rdata: [value] },
    purpose: 'dkim',
    from,
  })
  if (domain.mail === 'none') return [record('*', NO_KEY, [...domain.from, 'mail'])]
  const { dkim } = domain
  const shown = keys.filter(({ state }) => state !== 'gone')
  return dkim === false ? [] : shown.map((key) => record(key.selector, keyValue(key), dkim.from))
}

/** The record of a key, as its state wants it. */
export function keyValue({ algorithm, state, publicKey, tags = {} }: DkimPublicKey): string {
  const list = (text: string | undefined): string[] | undefined => text?.split(':')
  const hashes = list(tags.h)
  return write({
    keyType: algorithm === 'ed25519' ? 'ed25519' : 'rsa',
    publicKey: state === 'revoked' ? '' : publicKey,
    ...(hashes && { hashes }),
    services: list(tags.s) ?? ['*'],
    flags: list(tags.t) ?? [],
  })
}

/** A domain with its DKIM decided: on by default only where a host of ours sends. */
export function withDkimDecided(domain: Domain, hosts: ReadonlyMap<Name, Host>): Domain {
  const off =
    domain.mail === 'none' ||
    (domain.dkim !== false && !domain.dkim.explicit && sendingHosts(domain, hosts).length === 0)
  return off ? { ...domain, dkim: false } : domain
}

/** A key the spec asks for and no index has. */
export interface DkimNeed {
  readonly domain: Name
  readonly algorithm: DkimAlgorithm
  /** Pattern with the algorithm's suffix, see {@link expandSelector}. */
  readonly selector: string
  readonly from: SpecPath
}

/** The keys a domain lacks: one a wanted algorithm, unless a key of it signs or is about to. */
export function neededKeys(domain: Domain, keys: readonly DkimPublicKey[]): DkimNeed[] {
  const { dkim, name } = domain
  if (dkim === false) return []
  const missing = dkim.algorithms.filter(
    (algorithm) => !keys.some((key) => key.algorithm === algorithm && isUsable(key) && key.state !== 'retiring'),
  )
  return missing.map((algorithm) => ({
    domain: name,
    algorithm,
    selector: selectorOf(dkim, algorithm),
    from: dkim.from,
  }))
}

/** Two keys cannot share a selector: the first algorithm has the pattern itself, others add their name, unless the pattern has it. */
export function selectorOf({ selector, algorithms }: DkimSpec, algorithm: DkimAlgorithm): string {
  return algorithm === algorithms[0] || selector.includes('%a') ? selector : `${selector}-${algorithm}`
}
