import type { RecordBatchParams } from 'cloudflare/resources/dns/records'
import { withoutDot } from '../../records/rr/name.js'
import { type RdataByType, type RRType, rdataKey } from '../../records/rr/rdata.js'
import { type Change, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { type Batch, packed } from '../write-batches.js'
import { type NativeRdata, nativeRdata, shownTtl } from './convert.js'
import type { HeldRecord } from './held.js'
import type { PlanLimits } from './limits.js'

/** What one batch call does; the API runs deletes, then patches, then posts, whatever the order here (verified 2026-11). */
export interface Operations {
  readonly deletes: NonNullable<RecordBatchParams['deletes']>
  readonly patches: NonNullable<RecordBatchParams['patches']>
  readonly posts: NonNullable<RecordBatchParams['posts']>
}

/** Changes that go in one call. */
export interface CloudflareBatch extends Batch {
  readonly items: readonly { readonly change: Change; readonly operations: Operations }[]
}

/** The changes as batch calls. A change that alone has too many operations has a call of its own, which the API refuses. */
export function batchesOf(
  changes: readonly Change[],
  records: ReadonlyMap<string, readonly HeldRecord[]>,
  limits: PlanLimits,
): CloudflareBatch[] {
  const items = changes.map((change) => ({
    change,
    operations: operationsOf(change, records.get(keyOf(subjectOf(change))) ?? [], limits.comment),
  }))
  const batches = packed(items, ({ operations }) => [Object.values(operations).flat().length], [limits.operations])
  return batches.map((batch) => ({ changes: batch.map(({ change }) => change), items: batch }))
}

/** How many calls the changes take, as far as the RRsets alone tell. */
export function batchCount(changes: readonly Change[], limits: PlanLimits): number {
  return packed(changes, (change) => [operationCount(change)], [limits.operations]).length
}

/** All operations of a batch. */
export function allOperations({ items }: CloudflareBatch): Operations {
  return {
    deletes: items.flatMap(({ operations }) => operations.deletes),
    patches: items.flatMap(({ operations }) => operations.patches),
    posts: items.flatMap(({ operations }) => operations.posts),
  }
}

/**
 * The operations that take one RRset from what is held to what the change wants: records that stay as they are, strangers'
 * above all, are not among them. An old value and a new one make one patch, which keeps the record's comment and tags.
 *
 * @param commentLimit characters that the plan allows in the comment of a new record
 */
function operationsOf(change: Change, records: readonly HeldRecord[], commentLimit: number): Operations {
  const { type, name } = subjectOf(change)
  const wanted = new Map(change.kind === 'delete' ? [] : textsOf(change.after))
  const kept = records.filter(({ text }) => wanted.has(text))
  const spare = records.filter(({ text }) => !wanted.has(text))
  const present = new Set(kept.map(({ text }) => text))
  const fresh = [...wanted].filter(([text]) => !present.has(text))

  const ttl = change.kind === 'delete' ? 0 : nativeTtl(change.after.ttl, records)
  const bodyOf = (native: NativeRdata): Body => ({ type, name: withoutDot(name), ttl, ...native }) as Body
  const retimed = change.kind === 'update' ? kept.filter(needsTtl(change, kept, fresh.length)) : []
  const patchable = spare.filter(({ nativeType }) => nativeType === type)
  const { pairs, left, unpaired } = pair(patchable, fresh, type)
  const gone = [...left, ...spare.filter(({ nativeType }) => nativeType !== type)]
  const comment = commentOf(change, commentLimit)
  return {
    deletes: gone.map(({ id }) => ({ id })),
    patches: [
      ...retimed.map(({ id, native, nativeType }) => ({ id, ...bodyOf(native), type: nativeType }) as Patch),
      ...pairs.map(([{ id }, [, rdata]]) => ({ id, ...bodyOf(nativeRdata(type, rdata)) })),
    ],
    posts: unpaired.map(([, rdata]) => ({ ...bodyOf(nativeRdata(type, rdata)), ...unproxied(type), comment })),
  }
}

/** As {@link batchCount}. */
function operationCount(change: Change): number {
  if (change.kind === 'create') return change.after.rdata.length
  if (change.kind === 'delete') return change.before.rdata.length
  const before = new Set(textsOf(change.before).map(([text]) => text))
  const kept = textsOf(change.after).filter(([text]) => before.has(text)).length
  const moved = Math.max(before.size, change.after.rdata.length) - kept
  return moved + (change.before.ttl === change.after.ttl ? 0 : kept)
}

type Value = readonly [text: string, rdata: RdataByType[RRType]]
type Body = Extract<Operations['posts'][number], { type: RRType }>
type Patch = Operations['patches'][number]

function textsOf(rrset: RRset): Value[] {
  return rrset.rdata.map((rdata) => [rdataKey(rrset.type, rdata), rdata])
}

/** The TTL to write: "automatic" stays automatic where the RRset keeps its TTL. */
function nativeTtl(ttl: number, records: readonly HeldRecord[]): number {
  return records.find(({ nativeTtl: native }) => shownTtl(native) === ttl)?.nativeTtl ?? ttl
}

/**
 * Which kept records get the RRset's TTL: all that differ if it changes. If it does not, a longer TTL beside the one that
 * counts is a stranger's business, as long as one record still has it.
 */
function needsTtl(
  { before, after }: Extract<Change, { kind: 'update' }>,
  kept: readonly HeldRecord[],
  fresh: number,
): (record: HeldRecord) => boolean {
  const differs = ({ nativeTtl: native }: HeldRecord): boolean => shownTtl(native) !== after.ttl
  const carried = before.ttl === after.ttl && (fresh > 0 || !kept.every(differs))
  return carried ? () => false : differs
}

/** Pairs old records with new values, those first that differ in their priority alone: no two records are alike on the way. */
function pair(
  spare: readonly HeldRecord[],
  fresh: readonly Value[],
  type: RRType,
): { pairs: [HeldRecord, Value][]; left: HeldRecord[]; unpaired: Value[] } {
  const left = [...spare]
  const pairs: [HeldRecord, Value][] = []
  const take = (values: readonly Value[], fits: (record: HeldRecord, value: Value) => boolean): Value[] =>
    values.filter((value) => {
      const index = left.findIndex((record) => fits(record, value))
      if (index < 0) return true
      pairs.push([left.splice(index, 1)[0] as HeldRecord, value])
      return false
    })
  const isTwin = (record: HeldRecord, [text]: Value): boolean => withoutPriority(record.text) === withoutPriority(text)
  const unpaired = take(type === 'MX' || type === 'SRV' ? take(fresh, isTwin) : fresh, () => true)
  return { pairs, left, unpaired }
}

function withoutPriority(text: string): string {
  return text.slice(text.indexOf(' ') + 1)
}

function unproxied(type: RRType): { proxied?: false } {
  return type === 'A' || type === 'AAAA' || type === 'CNAME' ? { proxied: false } : {}
}

function commentOf({ origin }: Change, limit: number): string {
  const comment = origin === undefined ? 'mailsync' : `mailsync ${origin}`
  return comment.length <= limit ? comment : `mailsync ...${comment.slice(12 - limit)}`
}
