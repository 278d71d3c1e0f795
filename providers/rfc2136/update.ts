import type { Name } from '../../records/rr/name.js'
import {
  type Change,
  canonical,
  keyOf,
  type RdataByType,
  type RRset,
  type RRType,
  rdataKey,
  subjectOf,
} from '../../records/rr/rrset.js'
import { ANY_TYPE, CLASS, type OutgoingRecord, TYPE_CODES } from '../dns/message.js'
import { encodeOwner } from '../dns/wire-name.js'
import { encodeRdata } from '../dns/wire-rdata.js'

/** One value, and the octets that stand for it on the server. TXT can be cut into strings in many ways. */
export interface WireValue {
  /** As `rdataKey` gives it. */
  readonly text: string
  readonly rdata: Buffer
}

/** `keyOf` → the RRset's values as the server holds them; an RRset that is not here is held as mailsync would write it. */
export type WireValues = ReadonlyMap<string, readonly WireValue[]>

/** What one change puts into an UPDATE message (RFC 2136 §2.4 and §2.5). */
export interface ChangeRecords {
  readonly prerequisites: readonly OutgoingRecord[]
  /**
   * That no record stands at the name which makes a server ignore what is added there, in silence (RFC 2136 §3.4.2.2):
   * a CNAME, or for a CNAME anything else.
   */
  readonly guard?: OutgoingRecord
  readonly deletions: readonly OutgoingRecord[]
  readonly additions: readonly OutgoingRecord[]
}

/**
 * Turns a change into records. The prerequisite is the whole RRset as it was planned, or that there is none, so the server
 * itself refuses what was changed meanwhile. Only the values that differ are deleted and added; strangers' values beside
 * them are in the prerequisite only. Prerequisites ignore TTLs (RFC 2136 §2.4.2). For a new TTL the RRset is deleted and
 * added again: RFC 2136 §3.4.2.2 has the TTL replaced when a value is added that is there, but Knot keeps the old one
 * (Knot 3.2.6, 2026-11).
 */
export function recordsOf(zone: Name, change: Change, held?: WireValues): ChangeRecords {
  const { type, name } = subjectOf(change)
  const record = (recordClass: number, ttl: number, rdata: Buffer, code = TYPE_CODES[type]): OutgoingRecord => ({
    owner: encodeOwner(name, zone),
    type: code,
    class: recordClass,
    ttl,
    rdata,
  })
  const none = Buffer.alloc(0)
  if (change.kind === 'create') {
    return {
      prerequisites: [record(CLASS.NONE, 0, none)],
      guard: record(CLASS.NONE, 0, none, type === 'CNAME' ? ANY_TYPE : TYPE_CODES.CNAME),
      deletions: [],
      additions: valuesOf(change.after).map(({ rdata }) => record(CLASS.IN, change.after.ttl, rdata)),
    }
  }
  const before = held?.get(keyOf(change.before)) ?? valuesOf(change.before)
  const prerequisites = before.map(({ rdata }) => record(CLASS.IN, 0, rdata))
  if (change.kind === 'delete') return { prerequisites, deletions: [record(CLASS.ANY, 0, none)], additions: [] }
  const { ttl } = change.after
  const wanted = valuesOf(change.after)
  const kept = before.filter(({ text }) => wanted.some((value) => value.text === text))
  const added = wanted.filter(({ text }) => !before.some((value) => value.text === text))
  const adding = (values: readonly WireValue[]): OutgoingRecord[] =>
    values.map(({ rdata }) => record(CLASS.IN, ttl, rdata))
  if (ttl !== change.before.ttl)
    return { prerequisites, deletions: [record(CLASS.ANY, 0, none)], additions: adding([...kept, ...added]) }
  const gone = before.filter((value) => !kept.includes(value))
  return {
    prerequisites,
    deletions: gone.map(({ rdata }) => record(CLASS.NONE, 0, rdata)),
    additions: adding(added),
  }
}

function valuesOf(rrset: RRset): WireValue[] {
  return canonical(rrset).rdata.map((rdata: RdataByType[RRType]) => ({
    text: rdataKey(rrset.type, rdata),
    rdata: encodeRdata(rrset.type, rdata),
  }))
}
