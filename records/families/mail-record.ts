import type { SpecPath } from '../finding.js'
import type { Name } from '../rr/name.js'
import type { RRset, RRType } from '../rr/rrset.js'

/** What a record is for. `report` is a `_report._dmarc` authorisation (RFC 9990). */
export type Purpose = 'host' | 'ptr' | 'mx' | 'spf' | 'dkim' | 'dmarc' | 'report'

export const PURPOSES: readonly Purpose[] = ['host', 'ptr', 'mx', 'spf', 'dkim', 'dmarc', 'report']

/** One RRset, or the part of one, that the spec asks for. */
export interface MailRecord {
  readonly rrset: RRset
  readonly purpose: Purpose
  /** `own-values`: strangers' values in the same RRset are none of our business and stay. */
  readonly scope: 'whole-rrset' | 'own-values'
  readonly from: SpecPath
}

/** What mailsync owns: not a zone, not always an RRset, but the values of one purpose in it. */
export interface Slot {
  readonly name: Name
  readonly type: RRType
  readonly purpose: Purpose
}

/** The types a purpose is written as. */
export function typesOf(purpose: Purpose): readonly RRType[] {
  return TYPES[purpose] ?? ['TXT']
}

const TYPES: Partial<Record<Purpose, readonly RRType[]>> = { host: ['A', 'AAAA'], ptr: ['PTR'], mx: ['MX'] }

/** Identity of a slot within a zone. */
export function slotKey(slot: Slot): string {
  return `${slot.name} ${slot.type} ${slot.purpose}`
}
