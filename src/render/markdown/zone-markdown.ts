import { sharesRRset } from '../../../records/families/slot.js'
import { subjectOf } from '../../../records/rr/rrset.js'
import type { PlannedChange, PlannedEdit, ZonePlan } from '../../plan/plan.js'
import { fileLine } from '../place.js'
import { defaultWords } from '../provider-default.js'
import { shortValue } from '../value/short-value.js'
import { diffValues, type ValueDiff } from '../value/value-diff.js'
import { count } from '../words.js'
import { fitting } from './fitting.js'
import { codeSpan, tableRow } from './markdown.js'

/** Longer values are cut in the table and follow below it. */
const MAX_CELL = 120
/** Values longer than this are cut even there. */
const MAX_FULL = 2_000
/** Lines of a cell. */
const MAX_LINES = 12
/** A table with more rows is folded. */
const MAX_OPEN = 10

export interface ZoneSection {
  readonly text: string
  /** Changes that had no room. */
  readonly left: number
}

/** A zone's changes as a table, with as many rows as have room in `limit` characters; no text where not one has. */
export function zoneMarkdown(zone: ZonePlan, { limit, folded }: { limit: number; folded: boolean }): ZoneSection {
  const changes = zone.changes.filter(({ manifest }) => !manifest)
  const rows = changes.map((change) => rowOf(change, zone))
  const notes = [
    ...(zone.addressOwner ? ['PTRs of addresses'] : []),
    ...(zone.writes > 1 ? [`${count(zone.writes, 'write')}, not atomic`] : []),
  ].map((note) => ` (${note})`)
  const title = `#### ${codeSpan(zone.zone)} at ${codeSpan(zone.provider)}${notes.join('')}`
  const fold = folded || rows.length > MAX_OPEN
  const around = [title, '', ...(fold ? FOLD(count(rows.length, 'change')) : []), ...HEAD]
  const end = fold ? ['', '</details>'] : []
  const frame = [...around, ...end, ...FOLD('Long values in full'), '', '</details>', ''].join('\n').length
  const shown = fitting(rows, limit - frame, ({ row, full }) => [row, ...full].join('\n').length + 1)
  const left = changes.length - shown.length
  if (shown.length === 0) return { text: '', left }
  const full = shown.flatMap((row) => row.full)
  const details = full.length > 0 ? ['', ...FOLD('Long values in full'), ...full, '', '</details>'] : []
  return { text: [...around, ...shown.map(({ row }) => row), ...details, ...end, ''].join('\n'), left }
}

const FOLD = (summary: string): string[] => [`<details><summary>${summary}</summary>`, '']
const HEAD = [tableRow(['change', 'record', 'type', 'TTL', 'value', 'spec']), tableRow(['-', '-', '-', '-', '-', '-'])]

interface ChangeRow {
  readonly row: string
  /** List items with the values that are cut in the row. */
  readonly full: readonly string[]
}

function rowOf(change: PlannedChange, { addressOwner }: ZonePlan): ChangeRow {
  const { name, type } = subjectOf(change)
  const ttl = addressOwner ? '' : ttlOf(change)
  const byDefault = addressOwner ? defaultWords(change.kind, change.providerDefault) : undefined
  const lines = change.edits.flatMap((edit) => editLines(edit, change.kind))
  const kept = change.kept > 0 ? [`(${count(change.kept, 'other value')} kept)`] : []
  const more = lines.length > MAX_LINES ? [`and ${count(lines.length - MAX_LINES, 'line')} more`] : []
  const notSet = byDefault === undefined ? [] : [`(${byDefault})`]
  const value = [...lines.slice(0, MAX_LINES), ...more, ...kept, ...notSet].join('<br>')
  const where = change.edits.map((edit) => (edit.where ? codeSpan(fileLine(edit.where)) : 'left the spec'))
  const cells = [change.kind, codeSpan(name), type, ttl, value, [...new Set(where)].join('<br>')]
  return { row: tableRow(cells), full: fullValues(change).map((text) => `- ${codeSpan(name)} ${type}, ${text}`) }
}

function ttlOf(change: PlannedChange): string {
  const { ttl } = subjectOf(change)
  return change.kind === 'update' && change.before.ttl !== ttl ? `${change.before.ttl} → ${ttl}` : `${ttl}`
}

function editLines(edit: PlannedEdit, kind: PlannedChange['kind']): string[] {
  const { before, after, adopts } = edit
  const lines = kind === 'update' ? diffLines(edit) : [...before, ...after].map(cut)
  if (!adopts) return lines
  const old = sharesRRset(edit.purpose) ? `: ${before.map(cut).join(', ')}` : ''
  return [...lines, `**adopts** what mailsync did not write${old}`]
}

function diffLines({ purpose, before, after }: PlannedEdit): string[] {
  const diffs = diffValues(purpose, before, after)
  const moved = diffs.filter(({ state }) => state !== 'kept')
  const stays = diffs.length - moved.length
  if (moved.length === 0) return after.map(cut)
  const note = stays > 0 ? [`(${stays === 1 ? '1 value stays' : `${stays} values stay`})`] : []
  return [...moved.flatMap(linesOf), ...note]
}

const SIGN = { added: '+', removed: '−', kept: '' }

function linesOf({ state, tokens, separator, differs }: ValueDiff): string[] {
  if (state !== 'changed') return [`${SIGN[state]} ${cut(tokens.map(({ text }) => text).join(separator))}`]
  const moved = tokens.filter((token) => token.state !== 'kept')
  const note = differs === 'order' ? 'the terms change their order' : 'the same, spelt differently'
  return [...moved.map((token) => `${SIGN[token.state]} ${cut(token.text)}`), ...(differs ? [`(${note})`] : [])]
}

function cut(value: string): string {
  const short = shortValue(value)
  return short.length > MAX_CELL ? `${codeSpan(short.slice(0, MAX_CELL))}…` : codeSpan(short)
}

/** The values a row does not show whole: what comes, and what a stranger wrote. */
function fullValues({ edits, kind }: PlannedChange): string[] {
  const isLong = (value: string): boolean => shortValue(value) !== value || value.length > MAX_CELL
  return edits.flatMap(({ before, after, adopts }) => [
    ...after.filter((value) => isLong(value) && !before.includes(value)).map((value) => `new: ${whole(value)}`),
    ...(adopts || kind === 'delete' ? before.filter(isLong).map((value) => `until now: ${whole(value)}`) : []),
  ])
}

function whole(value: string): string {
  if (value.length <= MAX_FULL) return codeSpan(value)
  return `${codeSpan(value.slice(0, MAX_FULL))} and ${count(value.length - MAX_FULL, 'character')} more`
}
