import type { SpecPath } from '../finding.js'
import type { Name } from '../rr/name.js'
import type { RRType } from '../rr/rdata.js'
import type { RRset } from '../rr/rrset.js'
import type { Purpose } from './index.js'

export type { Purpose }

/** One RRset, or the part of one that is of its family, that the spec asks for. */
export interface MailRecord {
  readonly rrset: RRset
  readonly purpose: Purpose
  readonly from: SpecPath
  /** Of a PTR: the reverse name that is asked for, where a CNAME has to lead from it to the record (RFC 2317 §4). */
  readonly alias?: Name
  /** The provider whose address it is about, where that keeps the PTR and no zone does. */
  readonly addressOwner?: string
}

/** What mailsync owns: not a zone, not always an RRset, but the values of one purpose in it. */
export interface Slot {
  readonly name: Name
  readonly type: RRType
  readonly purpose: Purpose
  /** Of a purpose whose values are each a slot of their own, such as CAA: which of them, as `slot.ts` tells it. */
  readonly digest?: string
}

/** Identity of a slot within a zone. */
export function slotKey({ name, type, purpose, digest }: Slot): string {
  return `${name} ${type} ${purpose}${digest === undefined ? '' : ` ${digest}`}`
}
