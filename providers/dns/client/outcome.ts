import { isWithin, type Name, parentOf } from '../../../records/rr/name.js'
import { type AnyRRset, isKnown, keyOf, type OpaqueRRset, type RRsetOf, sameRRset } from '../../../records/rr/rrset.js'
import { RCODE } from '../rcode.js'
import type { Answer } from './answer.js'
import { rrsetIn } from './zone-finder.js'

/**
 * What an authoritative server says of a name and type.
 *
 * - `rrset`: the records. `cname`, `dname`: another name is asked instead, of the name or of all below `rrset.name`.
 * - `nodata`: the name exists, without this type, or only names below it do. `nxdomain`: nothing is there, nor below it.
 * - `delegation`: the name lies at or below a zone cut; other servers answer for it.
 */
export type Outcome =
  | { readonly kind: 'rrset'; readonly rrset: AnyRRset; readonly synthesized: boolean }
  | { readonly kind: 'cname'; readonly rrset: RRsetOf<'CNAME'>; readonly synthesized: boolean }
  | { readonly kind: 'dname'; readonly rrset: OpaqueRRset }
  | { readonly kind: 'delegation'; readonly rrset: RRsetOf<'NS'> }
  | { readonly kind: 'nodata' }
  | { readonly kind: 'nxdomain' }

/** What an answer says, as long as its server answers for the zone; undefined where it does not (it is lame). */
export function outcomeOf(answer: Answer, zone: Name): Outcome | undefined {
  const { name, type } = answer.question
  const dname = answer.answer.find(
    (rrset): rrset is OpaqueRRset => rrset.type === ('DNAME' as string) && isBelow(name, rrset.name),
  )
  const rrset = answer.answer.find((one) => one.name === name && one.type === type)
  const cname = rrsetIn(answer.answer, name, 'CNAME')
  if (!answer.authoritative) {
    const cut = answer.authority.find(
      (one): one is RRsetOf<'NS'> => one.type === 'NS' && isBelow(one.name, zone) && isWithin(name, one.name),
    )
    return cut && { kind: 'delegation', rrset: cut }
  }
  if (dname) return { kind: 'dname', rrset: dname }
  if (rrset) return { kind: 'rrset', rrset, synthesized: false }
  if (cname) return { kind: 'cname', rrset: cname, synthesized: false }
  return answer.rcode === RCODE.NXDOMAIN ? { kind: 'nxdomain' } : { kind: 'nodata' }
}

function isBelow(name: Name, ancestor: Name): boolean {
  return name !== ancestor && isWithin(name, ancestor)
}

/** Whether two servers say the same, TTL included. */
export function sameOutcome(a: Outcome, b: Outcome): boolean {
  if (a.kind !== b.kind) return false
  return 'rrset' in a && 'rrset' in b ? sameSet(a.rrset, b.rrset) : true
}

/** Whether `sibling`, what a name says that nobody made, makes it likely that a wildcard said the other too (RFC 4592). */
export function isSynthesized(outcome: Outcome, sibling: Outcome): boolean {
  if (!('rrset' in outcome) || !('rrset' in sibling) || outcome.kind !== sibling.kind) return false
  return sameSet({ ...outcome.rrset, name: sibling.rrset.name } as AnyRRset, sibling.rrset)
}

function sameSet(a: AnyRRset, b: AnyRRset): boolean {
  if (isKnown(a) && isKnown(b)) return sameRRset(a, b)
  return keyOf(a) === keyOf(b) && a.ttl === b.ttl && String([...a.rdata].sort()) === String([...b.rdata].sort())
}

/**
 * Below which name another would be answered by the wildcard that may have answered `name`; undefined where none can. A wildcard that
 * was asked for by its own name may come from one further up.
 */
export function siblingPlace(name: Name, zone: Name): Name | undefined {
  if (name === zone) return undefined
  const parent = parentOf(name)
  if (!name.startsWith('*.')) return parent
  return parent === zone ? undefined : parentOf(parent)
}
