import { families, purposes } from '../../records/families/index.js'
import { type Name, relativeTo } from '../../records/rr/name.js'
import { presentation, type RdataByType, type RRType, rdataKey, rdataText } from '../../records/rr/rdata.js'
import { type Change, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import type { Batch } from '../write-batches.js'
import type { Step } from './api.js'
import { type NativeRecord, nativeValues } from './convert.js'
import type { HeldRecord, HeldRRset } from './held.js'

/** One change, and the requests it takes. */
export interface HetznerBatch extends Batch {
  readonly change: Change
  readonly steps: readonly Step[]
  /** Whether it puts all values of an RRset in the place of all others, whatever stands there. */
  readonly overwrites: boolean
}

/** The changes of a zone, each a batch of its own: the API changes one RRset a call. */
export function batchesOf(
  changes: readonly Change[],
  zone: Name,
  held: ReadonlyMap<string, HeldRRset>,
): HetznerBatch[] {
  return changes.map((change) => {
    const now = held.get(keyOf(subjectOf(change))) ?? { records: [], nativeTtl: null }
    const steps = stepsOf(change, zone, now)
    return { changes: [change], change, steps, overwrites: steps.some(({ isOnce }) => isOnce) }
  })
}

/**
 * The requests that lead from what is held to what a change wants. Only its own values are in them, in the octets the API
 * has them in, so that what strangers have there, or put there meanwhile, stays with its comment: a new RRset is made, which
 * the API refuses where one stands; values are added and removed one by one; the last value that is removed takes its RRset
 * along. Only where no value stays, all are overwritten in one call. Of a value that is replaced the comment is kept.
 */
function stepsOf(change: Change, zone: Name, { records, nativeTtl }: HeldRRset): Step[] {
  const subject = subjectOf(change)
  const { type } = subject
  const name = relativeTo(zone, subject.name)
  const act = (action: keyof typeof WORDS, body: object): Step => ({
    doing: `${WORDS[action]} ${keyOf(subject)}`,
    path: [name, type, 'actions', action],
    body,
  })
  const remove = (gone: readonly HeldRecord[]): Step[] =>
    gone.length === 0 ? [] : [act('remove_records', { records: gone.map(({ native: { value } }) => ({ value })) })]
  if (change.kind === 'delete') return remove(records)
  if (change.kind === 'create') {
    const body = { name, type, ttl: subject.ttl, records: nativeValues(subject).map((value) => ({ value })) }
    return [{ doing: `create ${keyOf(subject)}`, path: [], body }]
  }
  const { spare, fresh } = moved(change.after, records)
  const added = fresh.map((rdata, index) => withComment(presentation(type, rdata), spare[index]?.native.comment))
  const retime = change.before.ttl === subject.ttl ? [] : [act('change_ttl', { ttl: subject.ttl })]
  if (spare.length > 0 && fresh.length > 0 && spare.length === records.length)
    return [{ ...act('set_records', { records: added }), isOnce: true }, ...retime]
  // Without its TTL it is not said what an RRset that has one of its own gets.
  const ttl = nativeTtl === null ? {} : { ttl: nativeTtl }
  const add = fresh.length === 0 ? [] : [act('add_records', { records: added, ...ttl })]
  const values = cannotMeet(type, spare, fresh) ? [...remove(spare), ...add] : [...add, ...remove(spare)]
  return [...values, ...retime]
}

const WORDS = {
  add_records: 'add values to',
  remove_records: 'remove values from',
  set_records: 'set the values of',
  change_ttl: 'change the TTL of',
} as const

/** The records that go, and the values that come. */
function moved(
  after: RRset,
  records: readonly HeldRecord[],
): { spare: readonly HeldRecord[]; fresh: readonly RdataByType[RRType][] } {
  const wanted = new Map(after.rdata.map((rdata): Value => [rdataKey(after.type, rdata), rdata]))
  const present = new Set(records.map(({ key }) => key))
  return {
    spare: records.filter(({ key }) => !wanted.has(key)),
    fresh: [...wanted].filter(([key]) => !present.has(key)).map(([, rdata]) => rdata),
  }
}

type Value = readonly [key: string, rdata: RdataByType[RRType]]

function withComment(value: string, comment: string | null | undefined): NativeRecord {
  return comment ? { value, comment } : { value }
}

/**
 * Whether a value that goes and one that comes are of a kind of which there is one at a name. Two SPF records are an error to
 * receivers (RFC 7208 §4.5), two DKIM keys undefined (RFC 6376 §3.6.2.2), so that for a moment there is rather none.
 */
function cannotMeet(type: RRType, spare: readonly HeldRecord[], fresh: readonly RdataByType[RRType][]): boolean {
  if (type !== 'TXT') return false
  const [gone, come] = [spare.map(({ text }) => text), fresh.map((rdata) => rdataText(type, rdata))]
  return purposes.some((purpose) => {
    const { isOwn } = families[purpose]
    const isOurs = (text: string): boolean => isOwn?.(text, type) ?? false
    return gone.some(isOurs) && come.some(isOurs)
  })
}
