import type { PanelEntry, PlannedManualStep } from '../../plan/plan.js'
import { panelFields } from '../../steps/panel-fields.js'
import { titleOf, WAIT } from '../../steps/words.js'
import { inert } from '../inert.js'
import { fileLine } from '../place.js'
import { fitting } from './fitting.js'
import { codeSpan, markdownSentence, tableRow } from './markdown.js'

/** Longer values are a block of their own, which GitHub gives a button to copy. */
const MAX_CELL = 80

export interface StepsSection {
  readonly text: string
  /** Steps that had no room. */
  readonly left: number
}

/** What a person enters in one zone, as a list of tables, with as many steps as have room in `limit` characters. */
export function stepsMarkdown(steps: readonly PlannedManualStep[], title: string, limit: number): StepsSection {
  const texts = steps.map((step, index) => stepText(step, index + 1))
  const shown = fitting(texts, limit - title.length - 4, (text) => text.length + 2)
  if (shown.length === 0) return { text: '', left: steps.length }
  return { text: [title, '', ...shown.flatMap((text) => [text, ''])].join('\n'), left: steps.length - shown.length }
}

function stepText({ entries = [], remarks = [], waits, where }: PlannedManualStep, number: number): string {
  const place = where === undefined ? '' : ` (${codeSpan(fileLine(where))})`
  const notes = remarks.map(({ message, hint }) => {
    return `> ${markdownSentence(message)}${hint === undefined ? '' : `<br>${markdownSentence(hint)}`}`
  })
  const titles = waits ? [WAIT] : [...new Set(entries.map(titleOf))].map(markdownSentence)
  return [
    `**${number}.** ${titles.join('; ')}${place}`,
    '',
    ...tableOf(entries),
    ...entries.flatMap(longValues),
    ...(notes.length > 0 ? ['', ...notes.flatMap((note) => [note, '>']).slice(0, -1)] : []),
  ].join('\n')
}

function tableOf(entries: readonly PanelEntry[]): string[] {
  const labels = entries
    .slice(0, 1)
    .flatMap(panelFields)
    .map(({ label }) => label.toLowerCase())
  const head = ['', 'host', 'type', ...labels, 'value', 'TTL']
  return [head, head.map(() => '-'), ...entries.map(rowOf)].map(tableRow)
}

function rowOf(entry: PanelEntry): string[] {
  const { do: what, host, type, value, ttl, was } = entry
  const before = (text: string | undefined, fresh: string): string =>
    text === undefined || text === fresh ? '' : `${cell(text)} → `
  return [
    what,
    `${before(was?.host, host)}${codeSpan(host)}`,
    type,
    ...panelFields(entry).map(({ text, old }) => `${before(old, text)}${cell(text)}`),
    `${before(was?.value, value)}${cell(value)}`,
    ttl === undefined ? '' : String(ttl),
  ]
}

function cell(value: string): string {
  return value.length > MAX_CELL ? `${codeSpan(value.slice(0, MAX_CELL))}… (below)` : codeSpan(value)
}

function longValues({ value, was, pieces, do: what }: PanelEntry): string[] {
  const old = was && was.value.length > MAX_CELL ? ['', 'The old value:', ...codeBlock([was.value])] : []
  if (value.length <= MAX_CELL) return old
  const parts =
    pieces && what !== 'remove'
      ? ['', 'or in pieces, where the panel takes at most 255 characters:', ...codeBlock(pieces)]
      : []
  return [...old, '', 'The value, in one piece:', ...codeBlock([value]), ...parts]
}

/** A fenced block (CommonMark §4.5), in which nothing is markup. */
export function codeBlock(lines: readonly string[]): string[] {
  const shown = lines.map(inert)
  const longest = shown.flatMap((line) => line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2)
  const fence = '`'.repeat(longest + 1)
  return ['', fence, ...shown, fence]
}
