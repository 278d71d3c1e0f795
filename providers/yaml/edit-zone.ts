import { MailsyncError } from '../../records/error.js'
import { groupBy } from '../../records/group.js'
import {
  type AnyRRset,
  type Change,
  canonical,
  isKnown,
  keyOf,
  type RRset,
  sameRRset,
  subjectOf,
} from '../../records/rr/rrset.js'
import type { YamlNode } from '../../yaml/edit/nodes.js'
import { applySplices, type Splice } from '../../yaml/edit/splice.js'
import type { YamlTree } from '../../yaml/edit/tree.js'
import { meaningOf } from '../../yaml/edit/value.js'
import { addRecords, type NewRecords } from './add-records.js'
import { editRecord } from './edit-record.js'
import { DEFAULT_LAYOUT, type Layout, layoutOf } from './layout.js'
import type { ZoneDialect } from './read-record.js'
import { removeRecords } from './remove-records.js'
import { octodnsRecord } from './render.js'
import type { ZoneSource } from './zone-entries.js'
import { readZone, type ZoneModel } from './zone-model.js'
import { entryKey } from './zone-text.js'

/** How a zone file is edited. */
export interface EditOptions extends ZoneDialect {
  /** Whether a new name goes where octoDNS's order wants it, in a file that keeps that order. */
  readonly enforceOrder: boolean
}

/**
 * The text of the zone file after the changes; `before` of each is what the model holds. Only the octets that must change
 * do. What comes out is read again: throws {@link MailsyncError} `rejected` where anything but the changes would differ.
 */
export function editZone(
  model: ZoneModel,
  changes: readonly Change[],
  source: ZoneSource,
  options: EditOptions,
): string {
  const layout = model.entries.length === 0 ? DEFAULT_LAYOUT : layoutOf(model)
  const splices = changes.flatMap((change) => {
    const held = model.held.get(keyOf(subjectOf(change)))
    if (change.kind !== 'update' || !held) return []
    return editRecord(model.text, held, change.after, options.escapedSemicolons, layout)
  })
  const gone = changes.flatMap((change) => {
    const held = change.kind === 'delete' ? model.held.get(keyOf(change.before)) : undefined
    return held ? [held.record] : []
  })
  if (gone.length === 0) {
    const result = inOnePass(model, changes, splices, source, options, layout)
    if (result) return result.text
  }
  splices.push(...removeRecords(model, new Set(gone)))
  const changed = splices.length === 0 ? model : reread(applySplices(model.text, splices), source, options)
  const added = newRecords(changed, changes, source, options)
  const result =
    added.length === 0
      ? changed
      : reread(applySplices(changed.text, addRecords(changed, added, layout, options.enforceOrder)), source, options)
  if (!isRight(model, changes, result)) throw unsafe(source)
  return result.text
}

/** The file with what is edited and what is added put in together, as it is mostly possible; undefined where they meet. */
function inOnePass(
  model: ZoneModel,
  changes: readonly Change[],
  edits: readonly Splice[],
  source: ZoneSource,
  options: EditOptions,
  layout: Layout,
): ZoneModel | undefined {
  const added = newRecords(model, changes, source, options)
  try {
    const additions = added.length === 0 ? [] : addRecords(model, added, layout, options.enforceOrder)
    const result = readZone(applySplices(model.text, [...edits, ...additions]), source, options)
    return isRight(model, changes, result) ? result : undefined
  } catch (error) {
    if (error instanceof RangeError || error instanceof MailsyncError) return undefined
    throw error
  }
}

function newRecords(
  { entries }: ZoneModel,
  changes: readonly Change[],
  { zone }: ZoneSource,
  options: EditOptions,
): NewRecords[] {
  const created = changes.flatMap((change) => (change.kind === 'create' ? [canonical(change.after)] : []))
  const byName = groupBy(created, ({ name }) => name)
  const entryOf = new Map(entries.toReversed().map((entry) => [entry.name, entry]))
  return [...byName].map(([name, rrsets]) => ({
    key: entryKey(zone, name as RRset['name']),
    entry: entryOf.get(name as RRset['name']),
    records: rrsets.sort((a, b) => (a.type < b.type ? -1 : 1)).map((rrset) => octodnsRecord(rrset, options)),
  }))
}

function reread(text: string, source: ZoneSource, dialect: ZoneDialect): ZoneModel {
  try {
    return readZone(text, source, dialect)
  } catch (error) {
    throw unsafe(source, error)
  }
}

/** Whether the changes are made, and nothing else is. */
function isRight(model: ZoneModel, changes: readonly Change[], result: ZoneModel): boolean {
  const subjects = new Set(changes.map((change) => keyOf(subjectOf(change))))
  const expected = new Map(model.rrsets)
  for (const change of changes) {
    if (change.kind === 'delete') expected.delete(keyOf(change.before))
    else expected.set(keyOf(change.after), canonical(change.after))
  }
  const sets = expected.size === result.rrsets.size && [...expected].every(([key, rrset]) => isHeld(result, key, rrset))
  if (!sets) return false
  const [before, after] = [othersIn(model, subjects), othersIn(result, subjects)]
  return before.length === after.length && before.every((other, index) => isSameRecord(other, after[index] as Other))
}

/** What records of other types mean is compared by {@link isSameRecord}. */
function isHeld({ rrsets }: ZoneModel, key: string, rrset: AnyRRset): boolean {
  const actual = rrsets.get(key)
  if (actual === undefined || !isKnown(actual) || !isKnown(rrset)) return actual?.type === rrset.type
  return sameRRset(actual, rrset) && (actual.locked === undefined) === (rrset.locked === undefined)
}

/** A record that is no subject of a change. */
interface Other {
  readonly key: string
  readonly written: YamlNode
  readonly tree: YamlTree
}

/** They, in the order of the file. */
function othersIn({ entries, tree }: ZoneModel, subjects: ReadonlySet<string>): Other[] {
  return entries.flatMap(({ key, name, records }) =>
    records.flatMap(({ type, written }) =>
      name === undefined || !subjects.has(keyOf({ name, type })) ? [{ key: key.value, written, tree }] : [],
    ),
  )
}

/** Whether two mean the same: the same octets do, where no alias leads elsewhere. */
function isSameRecord(one: Other, other: Other): boolean {
  if (one.key !== other.key) return false
  const isWhole = one.tree.shared.size === 0 && other.tree.shared.size === 0
  return (isWhole && octetsOf(one) === octetsOf(other)) || meaningOf(one.written) === meaningOf(other.written)
}

function octetsOf({ tree, written }: Other): string {
  return tree.text.slice(written.start, written.end)
}

function unsafe({ zone, file }: ZoneSource, cause?: unknown): MailsyncError {
  return new MailsyncError('rejected', 'the zone file cannot be edited without touching other records', {
    where: { zone, ...(file !== undefined && { file }) },
    hint: 'a YAML anchor, merge or unusual layout is in the way: make this change by hand, or write the record out',
    cause,
  })
}
