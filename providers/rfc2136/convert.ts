import type { Name } from '../../records/rr/name.js'
import { type RdataByType, type RRType, rdataKey, targetOf } from '../../records/rr/rdata.js'
import { type Change, canonical, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { ANY_TYPE, CLASS, type OutgoingRecord, TYPE_CODES } from '../dns/message.js'
import { encodeOwner } from '../dns/wire-name.js'
import { encodeRdata } from '../dns/wire-rdata.js'

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

const NOTHING = Buffer.alloc(0)

/**
 * Turns a change into records. The prerequisite is the whole RRset as it was planned, or that there is none, so the server
 * itself refuses what was changed meanwhile; BIND, Knot and PowerDNS compare names in it without regard to case. Only the
 * values that differ are deleted and added; strangers' values beside them are in the prerequisite only. Prerequisites ignore
 * TTLs (RFC 2136 §2.4.2). For a new TTL the RRset is deleted and added again: RFC 2136 §3.4.2.2 has the TTL replaced when a
 * value is added that is there, but Knot keeps the old one (Knot 3.2.6, 2026-11). Values that
 * hold names are replaced likewise: PowerDNS finds a name to compare it in any case, but not to delete it (4.7.3, 2026-11).
 */
export function recordsOf(zone: Name, change: Change): ChangeRecords {
  const { type } = subjectOf(change)
  const record = recordAt(zone, change)
  if (change.kind === 'create')
    return {
      prerequisites: [record(CLASS.NONE, NOTHING)],
      guard: record(CLASS.NONE, NOTHING, 0, type === 'CNAME' ? ANY_TYPE : TYPE_CODES.CNAME),
      deletions: [],
      additions: valuesOf(change.after).map(({ rdata }) => record(CLASS.IN, rdata, change.after.ttl)),
    }
  const prerequisites = valuesOf(change.before).map(({ rdata }) => record(CLASS.IN, rdata))
  if (change.kind === 'delete') return { prerequisites, deletions: [record(CLASS.ANY, NOTHING)], additions: [] }
  return { prerequisites, ...editOf(zone, change) }
}

/**
 * A change to an RRset so large that one message cannot hold its values as prerequisite: a record for each value that comes or
 * goes. The prerequisite is only that the RRset exists. Undefined for what cannot be done
 * so: a new RRset, and a new TTL.
 */
export function valueByValue(
  zone: Name,
  change: Change,
): { readonly prerequisite: OutgoingRecord; readonly updates: readonly OutgoingRecord[] } | undefined {
  if (change.kind === 'create') return undefined
  const record = recordAt(zone, change)
  const prerequisite = record(CLASS.ANY, NOTHING)
  if (change.kind === 'delete')
    return { prerequisite, updates: valuesOf(change.before).map(({ rdata }) => record(CLASS.NONE, rdata)) }
  if (change.before.ttl !== change.after.ttl || holdsNames(change.after)) return undefined
  const { deletions, additions } = editOf(zone, change)
  return { prerequisite, updates: withinRoom(valuesOf(change.before), deletions, additions) }
}

/** Octets of values and records that BIND 9.18 lets an RRset have, with some to spare (`max-records-per-type` is 100). */
const ROOM = { octets: 60_000, records: 100 }

/** Additions first, as far as a server has room for them beside what stands there; then deletions make room. */
function withinRoom(
  before: readonly WireValue[],
  deletions: readonly OutgoingRecord[],
  additions: readonly OutgoingRecord[],
): OutgoingRecord[] {
  const waiting = [...deletions]
  let records = before.length
  let octets = before.reduce((sum, { rdata }) => sum + rdata.length + 8, 0)
  const updates = additions.flatMap((addition) => {
    const first: OutgoingRecord[] = []
    const size = addition.rdata.length + 8
    while (waiting.length > 0 && (records + 1 > ROOM.records || octets + size > ROOM.octets)) {
      const deletion = waiting.shift() as OutgoingRecord
      first.push(deletion)
      records -= 1
      octets -= deletion.rdata.length + 8
    }
    records += 1
    octets += size
    return [...first, addition]
  })
  return [...updates, ...waiting]
}

function editOf(
  zone: Name,
  change: Extract<Change, { kind: 'update' }>,
): Pick<ChangeRecords, 'deletions' | 'additions'> {
  const record = recordAt(zone, change)
  const [before, wanted] = [valuesOf(change.before), valuesOf(change.after)]
  const { ttl } = change.after
  const adding = (values: readonly WireValue[]): OutgoingRecord[] =>
    values.map(({ rdata }) => record(CLASS.IN, rdata, ttl))
  if (ttl !== change.before.ttl || holdsNames(change.after))
    return { deletions: [record(CLASS.ANY, NOTHING)], additions: adding(wanted) }
  const without = (values: readonly WireValue[], others: readonly WireValue[]): WireValue[] => {
    const keys = new Set(others.map(({ key }) => key))
    return values.filter(({ key }) => !keys.has(key))
  }
  return {
    deletions: without(before, wanted).map(({ rdata }) => record(CLASS.NONE, rdata)),
    additions: adding(without(wanted, before)),
  }
}

function holdsNames({ type, rdata }: RRset): boolean {
  return rdata.some((value) => targetOf(type, value) !== undefined)
}

/** Makes records of the RRset a change is about. */
function recordAt(zone: Name, change: Change) {
  const { type, name } = subjectOf(change)
  const owner = encodeOwner(name, zone)
  return (recordClass: number, rdata: Buffer, ttl = 0, code = TYPE_CODES[type]): OutgoingRecord => ({
    owner,
    type: code,
    class: recordClass,
    ttl,
    rdata,
  })
}

/** One value, and its octets. */
interface WireValue {
  readonly key: string
  readonly rdata: Buffer
}

function valuesOf(rrset: RRset): WireValue[] {
  return canonical(rrset).rdata.map((rdata: RdataByType[RRType]) => ({
    key: rdataKey(rrset.type, rdata),
    rdata: encodeRdata(rrset.type, rdata),
  }))
}
