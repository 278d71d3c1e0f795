import type { Caa, Mx, RdataByType, RRType, Srv, Tlsa } from '../../records/rr/rdata.js'
import { afterOf, beforeOf, type Change, type RRset } from '../../records/rr/rrset.js'
import type { Txt } from '../../records/rr/txt.js'

/** Octets of a record beside its owner and its rdata. */
const FIXED = 10

/**
 * Octets that the records of a change take in an UPDATE message at most: each value before as prerequisite and as deletion,
 * each value after as addition, the guard, and the deletion of a whole RRset. It costs a look at the length of texts, where
 * the exact number costs their encoding.
 */
export function changeBound(change: Change): number {
  const [before, after] = [beforeOf(change), afterOf(change)]
  const { name } = (after ?? before) as RRset
  const record = name.length + 2 + FIXED
  const values = (rrset: RRset | undefined): number =>
    rrset?.rdata.reduce((sum: number, rdata: Rdata) => sum + record + rdataBound(rrset.type, rdata), 0) ?? 0
  return 2 * values(before) + values(after) + 2 * record
}

type Rdata = RdataByType[RRType]

/** A character of text is three octets at most (`encodeOctets`), and a name has fewer octets than its text has characters and one. */
function rdataBound(type: RRType, rdata: Rdata): number {
  switch (type) {
    case 'A':
      return 4
    case 'AAAA':
      return 16
    case 'MX':
      return 3 + (rdata as Mx).exchange.length
    case 'SRV':
      return 7 + (rdata as Srv).target.length
    case 'TLSA':
      return 3 + (rdata as Tlsa).data.length
    case 'CAA':
      return 2 + (rdata as Caa).tag.length + 3 * (rdata as Caa).value.length
    case 'TXT':
      return txtBound(rdata as Txt)
    default:
      return (rdata as string).length + 1
  }
}

/** With the octet for the length of each character-string, of which a text has one for every 252 octets at most. */
function txtBound(txt: Txt): number {
  if (typeof txt === 'string') return 4 * txt.length + 1
  return txt.reduce((octets, text) => octets + 3 * text.length + 1, 0)
}
