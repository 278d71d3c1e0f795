import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import type { RRType } from '../../records/rr/rdata.js'
import { type Change, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import {
  HEADER_LENGTH,
  MESSAGE_LIMIT,
  OPCODE,
  type OutgoingRecord,
  type Request,
  recordLength,
  SOA,
} from '../dns/message.js'
import { tsigLength } from '../dns/tsig.js'
import type { TsigKey } from '../dns/tsig-key.js'
import { encodeName } from '../dns/wire-name.js'
import { type Batch, packed } from '../write-batches.js'
import { type ChangeRecords, recordsOf, valueByValue } from './convert.js'
import { changeBound } from './size-bound.js'

/** Changes, and the UPDATE messages that make them. */
export interface UpdateBatch extends Batch {
  /** One, which is all or nothing; or several for an RRset that is edited value by value. */
  readonly messages: readonly Omit<Request, 'id'>[]
  /** Whether the server itself refuses what is not as planned. */
  readonly comparesValues: boolean
  /** Why no messages can make the change. */
  readonly impossible?: MailsyncError
}

/**
 * Puts changes into as few UPDATE messages as their order allows, split at RRset borders. An RRset too large for a message
 * that compares it whole is edited value by value.
 */
export function batchesOf(zone: Name, changes: readonly Change[], key: TsigKey | undefined): UpdateBatch[] {
  const room = updateRoom(zone, key)
  const parts = changes.map((change) => ({ change, records: recordsOf(zone, change) }))
  return packed(parts, ({ records }) => [lengthOf(records)], [room]).map((batch): UpdateBatch => {
    const [only] = batch
    if (batch.length === 1 && only && lengthOf(only.records) > room) return editedByValue(zone, only.change, room)
    return {
      changes: batch.map(({ change }) => change),
      messages: [wholeMessage(zone, batch)],
      comparesValues: true,
    }
  })
}

/** How many UPDATE messages changes take. Nearly all zones need one, and that is seen without making it. */
export function messagesFor(zone: Name, changes: readonly Change[], key: TsigKey | undefined): number {
  if (changes.length > 0 && changes.reduce((sum, change) => sum + changeBound(change), 0) <= updateRoom(zone, key))
    return 1
  return batchesOf(zone, changes, key).reduce((count, { messages }) => count + Math.max(messages.length, 1), 0)
}

/** Whether an RRset is more than a server can be told, or can tell, in one message. */
export function isTooLarge(rrset: RRset): boolean {
  if (changeBound({ kind: 'create', after: rrset }) <= updateRoom(rrset.name, undefined)) return false
  return lengthOf(recordsOf(rrset.name, { kind: 'create', after: rrset })) > updateRoom(rrset.name, undefined)
}

function editedByValue(zone: Name, change: Change, room: number): UpdateBatch {
  const edit = valueByValue(zone, change)
  if (edit === undefined)
    return { changes: [change], messages: [], comparesValues: false, impossible: tooLarge(change) }
  const { prerequisite, updates } = edit
  const messages = packed(updates, (record) => [recordLength(record)], [room - recordLength(prerequisite)])
  return {
    changes: [change],
    messages: messages.map((records) => updateOf(zone, [prerequisite], records)),
    comparesValues: false,
  }
}

/** Octets for records in one signed UPDATE message of this zone. */
function updateRoom(zone: Name, key: TsigKey | undefined): number {
  const zoneSection = encodeName(zone).length + 4
  return MESSAGE_LIMIT - HEADER_LENGTH - zoneSection - (key ? tsigLength(key) : 0)
}

function lengthOf({ prerequisites, guard, deletions, additions }: ChangeRecords): number {
  const records = [...prerequisites, ...(guard ? [guard] : []), ...deletions, ...additions]
  return records.reduce((octets, record) => octets + recordLength(record), 0)
}

interface Part {
  readonly change: Change
  readonly records: ChangeRecords
}

/** The message of several changes. Deletions stand first, so that a CNAME makes room for what replaces it. */
function wholeMessage(zone: Name, parts: readonly Part[]): Omit<Request, 'id'> {
  const typesAt = new Map<Name, RRType[]>()
  for (const { change } of parts) {
    const { name, type } = subjectOf(change)
    typesAt.set(name, [...(typesAt.get(name) ?? []), type])
  }
  const guards = parts.flatMap(({ change, records: { guard } }) => {
    const types = typesAt.get(subjectOf(change).name) ?? []
    const isReplacing = types.length > 1 && types.includes('CNAME')
    return guard && !isReplacing ? [guard] : []
  })
  const all = (section: 'prerequisites' | 'deletions' | 'additions'): OutgoingRecord[] =>
    parts.flatMap(({ records }) => records[section])
  return updateOf(zone, [...all('prerequisites'), ...guards], [...all('deletions'), ...all('additions')])
}

function updateOf(
  zone: Name,
  prerequisites: readonly OutgoingRecord[],
  updates: readonly OutgoingRecord[],
): Omit<Request, 'id'> {
  return { opcode: OPCODE.UPDATE, name: zone, type: SOA, prerequisites, updates }
}

function tooLarge(change: Change): MailsyncError {
  const record = keyOf(subjectOf(change))
  return new MailsyncError('rejected', `${record} has more values than one DNS message can replace`, {
    where: { record },
    hint: 'a message holds 65,535 octets, the old and the new values together; use fewer or shorter values, or keep the TTL',
  })
}
