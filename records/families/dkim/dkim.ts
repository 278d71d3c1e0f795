import type { SpecPath } from '../../finding.js'
import { joinName, type Name } from '../../rr/name.js'
import type { DkimSpec, Domain } from '../../spec.js'
import type { MailRecord } from '../mail-record.js'
import type { DkimAlgorithm, DkimPublicKey } from './dkim-key.js'

/** The TXT value of a key (RFC 6376 §3.6.1, RFC 8463 §4.2). */
function dkimValue(key: Pick<DkimPublicKey, 'algorithm' | 'state' | 'publicKey'>): string {
  const kind = key.algorithm === 'ed25519' ? 'ed25519' : 'rsa'
  return `v=DKIM1; k=${kind}; p=${key.state === 'revoked' ? '' : key.publicKey}`
}

/** Whether a TXT value is a DKIM key record: it says so, or it has a `p=` tag. */
export function isDkimValue(value: string): boolean {
  return /^\s*v\s*=\s*DKIM1\s*(;|$)/.test(value) || /(^|;)\s*p\s*=/.test(value)
}

/** A key the spec asks for and no index has. */
export interface DkimNeed {
  readonly domain: Name
  readonly algorithm: DkimAlgorithm
  /** Pattern with the algorithm's suffix, see {@link expandSelector}. */
  readonly selector: string
  readonly from: SpecPath
}

/** The keys a domain lacks: one a wanted algorithm, unless a key of it is in DNS and not revoked. */
export function neededKeys(domain: Domain, keys: readonly DkimPublicKey[]): DkimNeed[] {
  const { dkim, name } = domain
  if (dkim === false) return []
  const missing = dkim.algorithms.filter(
    (algorithm) => !keys.some((key) => key.algorithm === algorithm && key.state !== 'revoked'),
  )
  return missing.map((algorithm) => ({
    domain: name,
    algorithm,
    selector: selectorOf(dkim, algorithm),
    from: dkim.from,
  }))
}

/** Two keys cannot share a selector: the first algorithm has the pattern itself, others add their name. */
function selectorOf({ selector, algorithms }: DkimSpec, algorithm: DkimAlgorithm): string {
  return algorithm === algorithms[0] ? selector : `${selector}-${algorithm}`
}

/** The key records of a domain: one a key, whatever its state; a parked domain's empty wildcard key says that none is valid. */
export function dkimRecords(domain: Domain, keys: readonly DkimPublicKey[]): MailRecord[] {
  const record = (label: string, value: string, from: SpecPath): MailRecord => ({
    rrset: { type: 'TXT', name: joinName(`${label}._domainkey`, domain.name), ttl: domain.ttl, rdata: [value] },
    purpose: 'dkim',
    scope: 'own-values',
    from,
  })
  if (domain.mail === 'none') return [record('*', 'v=DKIM1; p=', [...domain.from, 'mail'])]
  const { dkim } = domain
  return dkim === false ? [] : keys.map((key) => record(key.selector, dkimValue(key), dkim.from))
}
