import type { Name } from '../../records/rr/name.js'
import { type Change, type RRType, subjectOf } from '../../records/rr/rrset.js'
import {
  encodeRequest,
  MESSAGE_LIMIT,
  OPCODE,
  type OutgoingRecord,
  type Request,
  recordLength,
  SOA,
} from '../dns/message.js'
import { tsigLength } from '../dns/tsig.js'
import type { TsigKey } from '../dns/tsig-key.js'
import { packed } from '../write-batches.js'
import { type ChangeRecords, recordsOf, type WireValues } from './update.js'

/** The changes that go into one UPDATE message, which is all or nothing. */
export type Batch = readonly [Change, ...Change[]]

/** Splits changes at RRset borders into as few messages as their order allows. A change too large for any is alone. */
export function batchesOf(
  zone: Name,
  changes: readonly Change[],
  key: TsigKey | undefined,
  held?: WireValues,
): Batch[] {
  const octetsOf = (change: Change): [number] => [lengthOf(recordsOf(zone, change, held))]
  return packed(changes, octetsOf, [updateRoom(zone, key)])
}

/** Whether a batch, which is then a single change, is more than one message can hold. */
export function isTooLarge(zone: Name, batch: Batch, key: TsigKey | undefined, held?: WireValues): boolean {
  return batch.length === 1 && lengthOf(recordsOf(zone, batch[0], held)) > updateRoom(zone, key)
}

/** Octets for records in one signed UPDATE message of this zone. */
function updateRoom(zone: Name, key: TsigKey | undefined): number {
  const empty = encodeRequest({ id: 0, opcode: OPCODE.UPDATE, name: zone, type: SOA })
  return MESSAGE_LIMIT - empty.length - (key ? tsigLength(key) : 0)
}

function lengthOf({ prerequisites, guard, deletions, additions }: ChangeRecords): number {
  const records = [...prerequisites, ...(guard ? [guard] : []), ...deletions, ...additions]
  return records.reduce((octets, record) => octets + recordLength(record), 0)
}

/** The UPDATE message of a batch. Deletions stand first, so that a CNAME makes room for what replaces it. */
export function updateRequest(zone: Name, batch: readonly Change[], held?: WireValues): Omit<Request, 'id'> {
  const parts = batch.map((change) => ({ subject: subjectOf(change), records: recordsOf(zone, change, held) }))
  const typesAt = new Map<Name, RRType[]>()
  for (const { subject } of parts) typesAt.set(subject.name, [...(typesAt.get(subject.name) ?? []), subject.type])
  const guards = parts.flatMap(({ subject, records: { guard } }) => {
    const types = typesAt.get(subject.name) ?? []
    const isReplacing = types.length > 1 && types.includes('CNAME')
    return guard && !isReplacing ? [guard] : []
  })
  const all = (section: 'prerequisites' | 'deletions' | 'additions'): OutgoingRecord[] =>
    parts.flatMap(({ records }) => records[section])
  return {
    opcode: OPCODE.UPDATE,
    name: zone,
    type: SOA,
    prerequisites: [...all('prerequisites'), ...guards],
    updates: [...all('deletions'), ...all('additions')],
  }
}
