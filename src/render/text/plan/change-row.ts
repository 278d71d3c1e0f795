import { sharesRRset } from '../../../../records/families/slot.js'
import { readManifests } from '../../../../records/manifest.js'
import type { Name } from '../../../../records/rr/name.js'
import { afterOf, beforeOf, type RRset, rdataTexts, subjectOf } from '../../../../records/rr/rrset.js'
import type { Position } from '../../../../yaml/read-yaml.js'
import type { PlannedChange, PlannedEdit, ZonePlan } from '../../../plan/plan.js'
import { inert } from '../../inert.js'
import { fileLine } from '../../place.js'
import { defaultWords } from '../../provider-default.js'
import { shortValue } from '../../value/short-value.js'
import { unicodeNames } from '../../value/unicode-names.js'
import { diffValues, type Token, type ValueDiff } from '../../value/value-diff.js'
import { count } from '../../words.js'
import type { Style } from '../paint.js'
import type { Line, Row, Word } from '../rows.js'
import { shownName } from './zone-title.js'

/** How a change is marked. */
export const SIGN: Record<PlannedChange['kind'], Word> = {
  create: { text: '+', style: 'green' },
  update: { text: '~', style: 'yellow' },
  delete: { text: '-', style: 'red' },
}

interface View {
  /** Show what stays as well, and keys in full. */
  readonly verbose: boolean
}

/** The row of one change. */
export function changeRow(change: PlannedChange, { addressOwner }: Pick<ZonePlan, 'addressOwner'>, view: View): Row {
  const { name, type } = subjectOf(change)
  return {
    sign: SIGN[change.kind],
    ...shownName(name),
    type,
    ttl: addressOwner ? '' : ttlOf(change),
    lines: [
      ...change.edits.flatMap((edit) => editLines(edit, change, view)),
      ...keptLines(change, view),
      ...defaultLines(change, addressOwner),
    ],
  }
}

/** The row of the record in which mailsync remembers what is its own: how much that is. */
export function manifestRow(
  change: PlannedChange,
  { zone, memory }: { readonly zone: Name; readonly memory: string | undefined },
  owner: string | false,
): Row {
  const slots = (rrset: RRset | undefined): number =>
    rrset?.type === 'TXT' && owner !== false ? (readManifests(zone, rrset.rdata).get(owner)?.length ?? 0) : 0
  const [before, after] = [slots(beforeOf(change)), slots(afterOf(change))]
  const was = before > 0 && before !== after ? ` (until now ${before})` : ''
  const text = after === 0 ? 'remembers nothing any more' : `remembers ${count(after, 'record')} as its own${was}`
  const { name, type } = subjectOf(change)
  const words = prose(text, 'dim')
  const at = memory === undefined ? { ...shownName(name), type } : { name: inert(memory), type: '' }
  return { sign: { text: '·', style: 'dim' }, ...at, ttl: '', lines: [{ words }] }
}

function ttlOf(change: PlannedChange): string {
  const { ttl } = subjectOf(change)
  return change.kind === 'update' && change.before.ttl !== ttl ? `${change.before.ttl} → ${ttl}` : String(ttl)
}

/** The row of a record that does not change: one that was there already as the spec wants it, or that left the spec and stays. */
export function unchangedRow(
  { name, type, ...record }: ZonePlan['left'][number] & { readonly where?: Position },
  text: string,
): Row {
  const where: Word = { text: record.where ? fileLine(record.where) : 'left the spec', style: 'dim' }
  const words = prose(text, 'dim')
  return { sign: { text: '=', style: 'dim' }, ...shownName(name), type, ttl: '', lines: [{ words, where }] }
}

function editLines(edit: PlannedEdit, change: PlannedChange, view: View): Line[] {
  const where: Word = { text: edit.where ? fileLine(edit.where) : 'left the spec', style: 'dim' }
  const label = sharesRRset(edit.purpose) && change.kind === 'update' ? [word(`${edit.purpose}:`, 'dim')] : []
  const lines = change.kind === 'update' ? diffLines(edit, view) : wholeLines(edit, view)
  return [...lines, ...adoptionLines(edit)].map((words, index) =>
    index === 0 ? { words: [...label, ...words], where } : { words },
  )
}

function wholeLines({ before, after }: PlannedEdit, view: View): Word[][] {
  return [...before, ...after].map((value) => valueWords(value, view))
}

function diffLines({ purpose, before, after }: PlannedEdit, view: View): Word[][] {
  const diffs = diffValues(purpose, before, after)
  const moved = diffs.filter(({ state }) => state !== 'kept')
  const stays = diffs.length - moved.length
  if (moved.length === 0) return wholeLines({ purpose, before: [], after, adopts: false }, view)
  const shown = view.verbose ? diffs : moved
  const note =
    stays > 0 && !view.verbose ? [prose(`(${stays === 1 ? '1 value stays' : `${stays} values stay`})`, 'dim')] : []
  return [...shown.map((diff) => diffWords(diff, view)), ...note]
}

function diffWords({ state, tokens, separator, differs }: ValueDiff, view: View): Word[] {
  if (state !== 'changed') {
    const words = valueWords(tokens.map(({ text }) => text).join(separator), view)
    return state === 'kept'
      ? words
      : [word(MARK[state].text, MARK[state].style), ...words.map(({ text }) => word(text, MARK[state].style))]
  }
  const shown = tokens.filter((token) => view.verbose || token.state !== 'kept')
  const note = differs === 'order' ? '(the terms change their order)' : '(the same, spelt differently)'
  return [...shown.flatMap((token) => tokenWords(token, view)), ...(differs ? prose(note, 'dim') : [])]
}

const MARK: Record<Token['state'], { readonly text: string; readonly style: Style }> = {
  added: { text: '+', style: 'green' },
  removed: { text: '-', style: 'red' },
  kept: { text: '', style: 'plain' },
}

function tokenWords({ text, state }: Token, { verbose }: View): Word[] {
  const shown = inert(verbose ? text : shortValue(text))
  return [word(state === 'kept' ? shown : `${MARK[state].text} ${shown}`, MARK[state].style), ...unicodeWords(text)]
}

/** A stranger's value is shown to the last character: it is about to be lost. */
function adoptionLines({ adopts, purpose, before }: PlannedEdit): Word[][] {
  if (!adopts) return []
  const what = 'adopts what mailsync did not write'
  if (!sharesRRset(purpose)) return [prose(what, 'yellow')]
  return before.map((value) => [...prose(`${what}:`, 'yellow'), ...valueWords(value, { verbose: true })])
}

function keptLines(change: PlannedChange, { verbose }: View): Line[] {
  if (change.kept === 0) return []
  const note = { words: prose(`(${count(change.kept, 'other value')} kept)`, 'dim') }
  if (!verbose) return [note]
  const ours = new Set(change.edits.flatMap(({ before, after }) => [...before, ...after]))
  const values = rdataTexts(subjectOf(change)).filter((value) => !ours.has(value))
  return [note, ...values.map((value) => ({ words: valueWords(value, { verbose }) }))]
}

/** What an address owner answers with before there is a PTR, or once there is none. */
function defaultLines({ kind, providerDefault }: PlannedChange, addressOwner: true | undefined): Line[] {
  const words = defaultWords(kind, providerDefault)
  return addressOwner && words !== undefined ? [{ words: prose(`(${words})`, 'dim') }] : []
}

/** A value in words, at its blanks, each name in Unicode behind its own; the empty one is `""`. */
function valueWords(value: string, { verbose }: View): Word[] {
  const shown = inert(verbose ? value : shortValue(value))
  return (shown === '' ? '""' : shown).split(' ').flatMap((text) => [word(text, 'plain'), ...unicodeWords(text)])
}

function unicodeWords(text: string): Word[] {
  return unicodeNames(text).map((name) => word(`(${name})`, 'dim'))
}

/** A remark of our own, broken at its blanks. */
function prose(text: string, style: Style): Word[] {
  return text.split(' ').map((part) => word(part, style))
}

function word(text: string, style: Style): Word {
  return { text, style }
}
