import stringWidth from 'fast-string-width'
import type { PanelEntry, Plan, PlannedManualStep } from '../../../plan/plan.js'
import { panelFields, wholeValue } from '../../../steps/panel-fields.js'
import { titleOf, WAIT } from '../../../steps/words.js'
import { inert, inertSentence } from '../../inert.js'
import { fileLine } from '../../place.js'
import { count } from '../../words.js'
import { paint } from '../paint.js'

interface View {
  readonly colour: boolean
  /** Cells in a line. */
  readonly width: number
}

const INDENT = '     '
const LABEL = 10
const REVERSE_LABEL = 14

/** The steps in a zone that a person writes: each with the fields of a web panel. */
export function stepLines(steps: readonly PlannedManualStep[], view: View): string[] {
  return steps.flatMap((step, index) => {
    const isToldBelow = isSameWait(step, steps[index + 1])
    return [...oneStep(isToldBelow ? { ...step, remarks: [] } : step, index + 1, view), ...(isToldBelow ? [] : [''])]
  })
}

/** The steps in no zone of the spec; empty where there are none. */
export function renderLooseSteps(steps: readonly PlannedManualStep[], { colour }: Pick<View, 'colour'>): string {
  if (steps.length === 0) return ''
  const lines = steps.flatMap((step) => looseStepLines(step, colour))
  return [paint('To do by hand', 'bold', colour), ...lines.map((line) => `  ${line}`.trimEnd()), ''].join('\n')
}

/** A step in no zone of the spec: in words, with what to send to whoever can take it. */
function looseStepLines(step: PlannedManualStep, colour: boolean): string[] {
  const { what, why, where, remarks = [], waits, request, reverse } = step
  const place = where === undefined ? '' : `  ${fileLine(where)}`
  const field = (label: string, text: string): string => `  ${paint(label.padEnd(REVERSE_LABEL), 'dim', colour)}${text}`
  return [
    `${waits ? `${WAIT}: ` : ''}${inertSentence(what)}${place}`,
    `  because ${inertSentence(why)}`,
    ...remarks.flatMap(({ message, hint }) => [
      `  ${paint(`! ${inertSentence(message)}`, 'yellow', colour)}`,
      ...(hint === undefined ? [] : [`    ${inertSentence(hint)}`]),
    ]),
    ...(reverse && request
      ? [
          field('Address', inert(reverse.address)),
          field('Reverse name', `${inert(reverse.name)} (the address backwards)`),
          field('Target', inert(reverse.target)),
        ]
      : []),
    ...(request
      ? [
          field('Ask', inertSentence(request.to)),
          ...field('To send', '').trimEnd().split('\n'),
          ...request.text.split('\n').map((line) => `    ${inert(line)}`.trimEnd()),
        ]
      : []),
  ]
}

/** What waits for the same servers is told once. */
function isSameWait({ waits, remarks }: PlannedManualStep, next: PlannedManualStep | undefined): boolean {
  return waits !== undefined && JSON.stringify(remarks) === JSON.stringify(next?.remarks)
}

function oneStep(
  { entries = [], remarks = [], waits, where }: PlannedManualStep,
  number: number,
  view: View,
): string[] {
  const place = where ? [paint(fileLine(where), 'dim', view.colour)] : []
  const told = remarks.flatMap(({ message, hint }) => [
    `${INDENT}${paint(`! ${inertSentence(message)}`, 'yellow', view.colour)}`,
    ...(hint === undefined ? [] : [`${INDENT}  ${inertSentence(hint)}`]),
  ])
  const head = (text: string, sign: string): string =>
    [`${sign.padStart(4)} ${paint(text, 'bold', view.colour)}`, ...place].join('  ')
  if (waits) return [head(WAIT, `${number}.`), ...entries.map(inShort), ...told]
  return [
    ...entries.flatMap((entry, index) => [
      head(inert(titleOf(entry)), index === 0 ? `${number}.` : ''),
      ...entryLines(entry, view),
    ]),
    ...told,
  ]
}

function inShort(entry: PanelEntry): string {
  const { do: what, host, type } = entry
  const value = wholeValue(entry)
  return `${INDENT}${what === 'remove' ? 'deleted: ' : ''}${inert(`${host} ${type} ${value.slice(0, 40)}${value.length > 40 ? '…' : ''}`)}`
}

function entryLines(entry: PanelEntry, view: View): string[] {
  const { do: what, host, type, value, ttl, was, pieces } = entry
  const fields = panelFields(entry)
  const rows: [label: string, text: string | number | undefined][] = [
    ['Host', host],
    ['Type', type],
    ['Old host', was?.host],
    ...fields.map(({ label, old }): [string, string | undefined] => [`Old ${label.toLowerCase()}`, old]),
    ['Old value', was?.value === value ? undefined : was?.value],
    ...fields.map(({ label, text }): [string, string] => [label, text]),
    ['Value', value],
    ['TTL', ttl],
  ]
  const shown = rows.filter(([, text]) => text !== undefined)
  const label = Math.max(LABEL, ...shown.map(([name]) => name.length + 1))
  return shown.flatMap(([name, text]) => [
    ...fieldLines(name.padEnd(label), inert(String(text)), view),
    ...(name === 'Value' && pieces && what !== 'remove' ? piecesLines(pieces, view) : []),
  ])
}

/** A value that does not fit is a line of its own, so that copying it gives neither blanks nor line breaks. */
function fieldLines(label: string, text: string, { width, colour }: View): string[] {
  const name = `${INDENT}${paint(label, 'dim', colour)}`
  if (stringWidth(text) <= width - INDENT.length - label.length) return [`${name}${text}`]
  return [`${name}${paint(`(${count(text.length, 'character')}: all of the next line)`, 'dim', colour)}`, text]
}

function piecesLines(pieces: readonly string[], { colour }: View): string[] {
  const note = `${INDENT}${paint(`or, where the panel takes at most 255 characters, in ${count(pieces.length, 'piece')}:`, 'dim', colour)}`
  return [note, ...pieces.map(inert)]
}

/** The lines that must not be broken, whatever the width of the terminal. */
export function unbrokenLines({ manual }: Pick<Plan, 'manual'>): ReadonlySet<string> {
  const entries = manual.flatMap((step) => step.entries ?? [])
  const texts = entries.flatMap((entry) => [
    entry.host,
    entry.value,
    ...(entry.was ? [entry.was.value] : []),
    ...panelFields(entry).flatMap(({ text, old = text }) => [text, old]),
    ...(entry.pieces ?? []),
  ])
  const requests = manual.flatMap(({ request }) =>
    request ? request.text.split('\n').map((line) => `      ${inert(line)}`) : [],
  )
  return new Set([...texts.map(inert), ...requests])
}
