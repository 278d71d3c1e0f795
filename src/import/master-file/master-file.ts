import { groupBy } from '../../../records/group.js'
import { isWithin, type Name } from '../../../records/rr/name.js'
import { type AnyRRset, canonical, keyOf, type OpaqueRRset, opaque, type RRset } from '../../../records/rr/rrset.js'
import type { Problem } from '../../problem.js'
import { SpecErrors } from '../../problem.js'
import { type MasterFault, masterEntries } from './master-entries.js'
import { MasterReader, type OtherRecord, type ReadRecord } from './master-reader.js'

/** A zone as its master file has it. */
export interface MasterZone {
  readonly zone: Name
  /** Those of other types too, but for SOA. */
  readonly rrsets: readonly AnyRRset[]
  /** Records of which mailsync cannot hold the name or a value, `bücher A`. */
  readonly others: readonly string[]
}

interface MasterFile {
  /** For errors. */
  readonly file: string
  /** Counts until the file states its own. */
  readonly origin?: Name | undefined
}

/**
 * Reads a master file (RFC 1035 §5, `$TTL` of RFC 2308 §4, TTLs with units as BIND has them). Where records of one set differ
 * in their TTL, the first counts, as in BIND. Throws {@link SpecErrors} with everything that is wrong: half a zone is worse than none.
 */
export function readMasterFile(text: string, { file, origin }: MasterFile): MasterZone {
  const { entries, faults } = masterEntries(text)
  const reader = new MasterReader(origin)
  for (const entry of entries) {
    const fault = reader.read(entry)
    if (fault) faults.push({ line: entry.line, ...fault })
  }
  const zone = reader.zone ?? origin
  if (zone === undefined && faults.length === 0)
    faults.push({
      line: 1,
      fault: 'it is not known which zone this is: there is no SOA record',
      hint: 'begin the file with $ORIGIN and the name of the zone',
    })
  if (faults.length > 0 || zone === undefined)
    throw new SpecErrors(faults.sort((a, b) => a.line - b.line).map((fault) => problemOf(fault, file)))
  const inside = reader.records.filter(({ name }) => isWithin(name, zone))
  const sets = groupBy(inside, (record) => keyOf(record))
  const unread = [...reader.odd].flatMap(([key, { value, ...set }]) =>
    sets.has(key) || !isWithin(set.name, zone) ? [] : [{ ...set, rdata: [], locked: lockedBy(value) } as RRset],
  )
  return {
    zone,
    rrsets: [
      ...[...sets.values()].map((records) => rrsetOf(records, reader.odd)),
      ...unread,
      ...opaqueSets(reader.opaque.filter(({ name }) => isWithin(name, zone))),
    ],
    others: reader.others,
  }
}

function opaqueSets(records: readonly OtherRecord[]): OpaqueRRset[] {
  const sets = groupBy(records, ({ name, type }) => `${name} ${type}`)
  return [...sets.values()].map((set) => {
    const { name, type, ttl } = set[0] as OtherRecord
    return opaque(name, type, ttl, [...new Set(set.map(({ rdata }) => rdata))])
  })
}

/** A set of which mailsync has not every value is locked: what is not known cannot be kept. */
function rrsetOf(records: readonly ReadRecord[], odd: MasterReader['odd']): RRset {
  const { name, type, ttl } = records[0] as ReadRecord
  const value = odd.get(keyOf({ name, type }))?.value
  return canonical({
    name,
    type,
    ttl,
    rdata: records.map(({ rdata }) => rdata),
    ...(value === undefined ? {} : { locked: lockedBy(value) }),
  } as RRset)
}

function lockedBy(value: string): string {
  return `mailsync cannot hold what stands there, ${value}`
}

function problemOf({ line, fault, hint }: MasterFault, file: string): Problem {
  const where = { file, line, column: 1 }
  return { rule: 'zone-file', severity: 'error', message: fault, ...(hint === undefined ? {} : { hint }), where }
}
