import { families, purposes } from '../../records/families/index.js'
import { type Name, relativeTo } from '../../records/rr/name.js'
import {
  type Change,
  keyOf,
  type RdataByType,
  type RRType,
  rdataKey,
  rdataText,
  subjectOf,
} from '../../records/rr/rrset.js'
import type { Batch } from '../write-batches.js'
import type { Step } from './api.js'
import { type NativeRecord, nativeValue, nativeValues } from './convert.js'
import type { HeldRecord } from './held.js'

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
  records: ReadonlyMap<string, readonly HeldRecord[]>,
): HetznerBatch[] {
  return changes.map((change) => {
    const held = records.get(keyOf(subjectOf(change))) ?? []
    return { changes: [change], change, ...stepsOf(change, zone, held) }
  })
}

/**
 * The requests that lead from what is held to what a change wants. Only its own values are in them, in the octets the API
 * has them in, so that what strangers have there, or put there meanwhile, stays with its comment: a new RRset is made, which
 * the API refuses where one stands; values are added and removed one by one; the last value that is removed takes its RRset
 * along. Only where no value stays, all are overwritten in one call. Of a value that is replaced the comment is kept.
 */
function stepsOf(change: Change, zone: Name, held: readonly HeldRecord[]): Pick<HetznerBatch, 'steps' | 'overwrites'> {
  const { type, name } = subjectOf(change)
  const owner = relativeTo(zone, name)
  const act = (action: string, body: object): Step => ({
    doing: `${WORDS[action]} ${keyOf(subjectOf(change))}`,
    path: [owner, type, 'actions', action],
    body,
  })
  if (change.kind === 'create') {
    const records = nativeValues(change.after).map((value) => ({ value }))
    const body = { name: owner, type, ttl: change.after.ttl, records }
    return { steps: [{ doing: `create ${keyOf(change.after)}`, path: [], body }], overwrites: false }
  }
  if (change.kind === 'delete')
    return {
      steps: [act('remove_records', { records: held.map(({ native }) => valueAlone(native)) })],
      overwrites: false,
    }

  const { before, after } = change
  const wanted = new Map(after.rdata.map((rdata) => [rdataKey(type, rdata), rdata as RdataByType[RRType]]))
  const present = new Set(held.map(({ key }) => key))
  const spare = held.filter(({ key }) => !wanted.has(key))
  const fresh = [...wanted].filter(([key]) => !present.has(key)).map(([, rdata]) => rdata)
  const added = fresh.map((rdata, index) => withComment(nativeValue(type, rdata), spare[index]?.native.comment))
  const retime = before.ttl === after.ttl ? [] : [act('change_ttl', { ttl: after.ttl })]
  const overwrites = spare.length > 0 && fresh.length > 0 && spare.length === held.length
  if (overwrites) return { steps: [{ ...act('set_records', { records: added }), isOnce: true }, ...retime], overwrites }

  const add = fresh.length === 0 ? [] : [act('add_records', { records: added })]
  const gone = spare.map(({ native }) => valueAlone(native))
  const remove = gone.length === 0 ? [] : [act('remove_records', { records: gone })]
  const isAlone =
    type === 'TXT' &&
    cannotMeet(
      spare,
      fresh.map((rdata) => rdataText(type, rdata)),
    )
  return { steps: [...(isAlone ? [...remove, ...add] : [...add, ...remove]), ...retime], overwrites }
}

const WORDS: Readonly<Record<string, string>> = {
  add_records: 'add values to',
  remove_records: 'remove values from',
  set_records: 'set the values of',
  change_ttl: 'change the TTL of',
}

function valueAlone({ value }: NativeRecord): NativeRecord {
  return { value }
}

function withComment(value: string, comment: string | null | undefined): NativeRecord {
  return comment ? { value, comment } : { value }
}

/**
 * Whether a value that goes and one that comes are of a kind of which there is one at a name. Two SPF records are an error to
 * receivers (RFC 7208 §4.5), two DKIM keys undefined (RFC 6376 §3.6.2.2), so that for a moment there is rather none.
 */
function cannotMeet(spare: readonly HeldRecord[], fresh: readonly string[]): boolean {
  const gone = spare.map(({ text }) => text)
  return purposes.some((purpose) => {
    const { isOwn } = families[purpose]
    return isOwn !== undefined && gone.some(isOwn) && fresh.some(isOwn)
  })
}
