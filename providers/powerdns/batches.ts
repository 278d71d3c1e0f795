import { isAscii } from '../../records/rr/octets.js'
import { type RRType, rdataKey } from '../../records/rr/rdata.js'
import { type Change, keyOf, type RRset, subjectOf } from '../../records/rr/rrset.js'
import { type Batch, packed } from '../write-batches.js'
import { contentOf, type NativeRecord } from './convert.js'
import type { HeldRecord } from './held.js'

/** One entry of a PATCH; they are carried out in their order, all of them or none. */
export interface Patch {
  readonly name: string
  readonly type: string
  readonly changetype: 'REPLACE' | 'DELETE' | 'EXTEND' | 'PRUNE'
  readonly ttl?: number
  /** For EXTEND and PRUNE exactly one. */
  readonly records?: readonly NativeRecord[]
}

/** Changes that go in one call. */
export interface PowerdnsBatch extends Batch {
  readonly patches: readonly Patch[]
}

/** Octets of one PATCH: half of `webserver-max-bodysize` as it comes, above which the connection is cut (4.7.3, verified 2026-11). */
const BODY_OCTETS = 2 ** 20

/**
 * The changes as calls. What is taken away comes first in each: the API refuses an address while a CNAME stands at its name.
 *
 * @param takesValues whether the server knows EXTEND and PRUNE
 */
export function batchesOf(
  changes: readonly Change[],
  records: ReadonlyMap<string, readonly HeldRecord[]>,
  takesValues: boolean,
): PowerdnsBatch[] {
  const items = changes.map((change) => ({
    change,
    patches: patchesOf(change, records.get(keyOf(subjectOf(change))) ?? [], takesValues),
  }))
  const sizeOf = ({ patches }: (typeof items)[number]): number[] => [Buffer.byteLength(JSON.stringify(patches))]
  return packed(items, sizeOf, [BODY_OCTETS]).map((batch) => {
    const [gone, put] = [true, false].map((isGone) =>
      batch.filter(({ change }) => (change.kind === 'delete') === isGone),
    )
    return {
      changes: batch.map(({ change }) => change),
      patches: [...(gone ?? []), ...(put ?? [])].flatMap(({ patches }) => patches),
    }
  })
}

/** How many calls the changes take, as far as the RRsets alone tell. */
export function batchCount(changes: readonly Change[]): number {
  const planned = changes.flatMap((change) => (change.kind === 'create' ? [] : [change.before]))
  const records = new Map(planned.map((rrset) => [keyOf(rrset), valuesOf(rrset)]))
  return batchesOf(changes, records, true).length
}

function valuesOf({ type, rdata }: RRset): HeldRecord[] {
  return rdata.map((value) => {
    const content = contentOf(type, value)
    return { content, usual: content, key: rdataKey(type, value) }
  })
}

/**
 * What takes one RRset from what is held to what the change wants: value by value where the server can, so that a value
 * which somebody adds at the same moment stays; else the whole RRset, with what stays as it was read. Comments of the RRset
 * stay either way (4.7.3 and 5.1.5, verified 2026-11).
 *
 * Whole all the same: a new TTL, as EXTEND takes no other than the RRset has; an RRset with disabled records, which EXTEND and
 * PRUNE delete; a CNAME, as only REPLACE looks for what it cannot stand beside (5.1.5, verified 2026-11); and a value to be
 * taken away that is spelled as mailsync would not, which PRUNE may not find.
 */
function patchesOf(change: Change, records: readonly HeldRecord[], takesValues: boolean): Patch[] {
  const { type, name, ttl } = subjectOf(change)
  const wanted = change.kind === 'delete' ? [] : valuesOf(change.after)
  const wantedKeys = new Set(wanted.map(({ key }) => key))
  const isWanted = ({ key }: HeldRecord): boolean => wantedKeys.has(key)
  const served = records.filter(({ disabled }) => !disabled)
  const gone = served.filter((record) => !isWanted(record))
  const present = new Set(served.map(({ key }) => key))
  const fresh = wanted.filter(({ key }) => !present.has(key))
  const one = (changetype: 'EXTEND' | 'PRUNE', { usual: content }: HeldRecord): Patch => ({
    name,
    type,
    changetype,
    ttl,
    records: [{ content, disabled: false }],
  })

  const isRetimed = change.kind === 'update' && change.before.ttl !== ttl
  const isFound = gone.every(({ content, usual }) => content === usual)
  if (takesValues && !isRetimed && isFound && served.length === records.length && type !== 'CNAME')
    return [...fresh.map((record) => one('EXTEND', record)), ...gone.map((record) => one('PRUNE', record))]

  const disabled = records.filter((record) => record.disabled && !isWanted(record))
  if (change.kind === 'delete' && disabled.length === 0) return [{ name, type, changetype: 'DELETE' }]
  const whole = [
    ...served.filter(isWanted).map((record) => ({ content: asRead(type, record), disabled: false })),
    ...fresh.map(({ content }) => ({ content, disabled: false })),
    ...disabled.map((record) => ({ content: asRead(type, record), disabled: true })),
  ]
  return [{ name, type, changetype: 'REPLACE', ttl, records: whole }]
}

/**
 * As the API gave it, but for what it does not take as it gives it: octets that 5.1 takes only escaped, and addresses that 4.7
 * takes only in groups (5.1.5 and 4.7.3, verified 2026-11).
 */
function asRead(type: RRType, { content, usual }: HeldRecord): string {
  return isAscii(content) && type !== 'AAAA' ? content : usual
}
