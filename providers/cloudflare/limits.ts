import type { Zone } from 'cloudflare/resources/zones/zones'
import { octetLength } from '../../records/rr/octets.js'
import type { RRset } from '../../records/rr/rrset.js'
import { joinedTxt, txtWireLength } from '../../records/rr/txt.js'
import { AUTOMATIC_TTL } from './convert.js'

/** What a zone's plan allows. */
export interface PlanLimits {
  /** Records in one batch call (developers.cloudflare.com/dns/manage-dns-records/how-to/batch-record-changes, 2026-11). */
  readonly operations: number
  /** Characters in a record's comment (developers.cloudflare.com/dns/manage-dns-records/reference/record-attributes, 2026-11). */
  readonly comment: number
}

const FREE: PlanLimits = { operations: 200, comment: 100 }
const PAID: PlanLimits = { operations: 3500, comment: 500 }
const PAID_PLANS: ReadonlySet<string | undefined> = new Set(['pro', 'business', 'enterprise'])

/** Wire octets of one TXT record; more is error 9015 (2026-11). */
const TXT_OCTETS = 4096
/** Characters of all TXT contents at one name; more is error 83011 (2026-11). */
const TXT_CHARACTERS = 8192
/** Seconds; less needs an Enterprise zone (30), and is error 9021 elsewhere (2026-11). */
const SHORTEST_TTL = 60

/** The limits of the plan a zone says it has; a plan that is not known counts as the free one. */
export function limitsOf(zone: Zone): PlanLimits {
  return PAID_PLANS.has(zone.plan?.legacy_id) ? PAID : FREE
}

/** TTL 1 is automatic. */
export function canonicalizeTtl<T extends RRset>(rrset: T): T {
  if (rrset.ttl >= SHORTEST_TTL) return rrset
  return { ...rrset, ttl: rrset.ttl === 1 ? AUTOMATIC_TTL : SHORTEST_TTL }
}

/** Why no Cloudflare zone can hold the RRset. */
export function rejects(rrset: RRset): string | undefined {
  if (rrset.type !== 'TXT') return undefined
  for (const text of rrset.rdata) {
    if (joinedTxt(text) === '') return 'Cloudflare does not take an empty TXT value'
    if (/[\r\n]/.test(joinedTxt(text))) return 'Cloudflare does not take a line break in a TXT value'
    const octets = txtWireLength(text)
    if (octets > TXT_OCTETS)
      return `a TXT value takes ${octets} octets, and Cloudflare takes ${TXT_OCTETS}, length octets included`
  }
  const all = rrset.rdata.reduce((sum, text) => sum + octetLength(joinedTxt(text)), 0)
  return all > TXT_CHARACTERS
    ? `the TXT values at this name have ${all} characters together, and Cloudflare takes ${TXT_CHARACTERS}`
    : undefined
}
