import type { Output } from '../../../output.js'
import type { PanelEntry, Plan, PlannedManualStep } from '../../../plan/plan.js'
import { panelFields, wholeValue } from '../../../steps/panel-fields.js'
import { titleOf, WAIT } from '../../../steps/words.js'
import { inert, inertSentence } from '../../inert.js'
import { fileLine } from '../../place.js'
import { stringWidth } from '../../string-width.js'
import { unicodeNames, withUnicode } from '../../value/unicode-names.js'
import { count } from '../../words.js'
import { paint } from '../paint.js'
import { letterLines, letterValues } from './letter-lines.js'

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

/** The steps in no zone of the spec; empty where there are none. Letters are broken into lines on a terminal alone. */
export function renderLooseSteps(
  steps: readonly PlannedManualStep[],
  { colour, columns, isTerminal }: Pick<Output, 'colour' | 'columns' | 'isTerminal'>,
): string {
  if (steps.length === 0) return ''
  const width = isTerminal ? columns : Number.POSITIVE_INFINITY
  const lines = steps.flatMap((step) => looseStepLines(step, { colour, width }))
  return [paint('To do by hand', 'bold', colour), ...lines, ''].join('\n')
}

/** A step in no zone of the spec: in words, with what to send to whoever can take it. */
function looseStepLines(step: PlannedManualStep, { colour, width }: View): string[] {
  const { what, why, where, remarks = [], waits, request, reverse } = step
  const place = where === undefined ? '' : `  ${fileLine(where)}`
  const field = (label: string, text: string): string =>
    `    ${paint(label.padEnd(REVERSE_LABEL), 'dim', colour)}${text}`
  return [
    `  ${waits ? `${WAIT}: ` : ''}${told(what)}${place}`,
    `    because ${told(why)}`,
    ...remarks.flatMap(({ message, hint }) => [
      `    ${paint(`! ${told(message)}`, 'yellow', colour)}`,
      ...(hint === undefined ? [] : [`      ${inertSentence(hint)}`]),
    ]),
    ...(reverse && request
      ? [
          field('Address', inert(reverse.address)),
          field('Reverse name', `${inert(reverse.name)} (the address backwards)`),
          ...besideLines(field('Target', inert(reverse.target)), reverse.target, {
            indent: `    ${' '.repeat(REVERSE_LABEL)}`,
            width,
          }),
        ]
      : []),
    ...(request
      ? [
          field('Ask', inertSentence(request.to)),
          `    ${paint('To send', 'dim', colour)}`,
          ...letterLines(request.text, width),
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
  const notes = remarks.flatMap(({ message, hint }) => [
    `${INDENT}${paint(`! ${told(message)}`, 'yellow', view.colour)}`,
    ...(hint === undefined ? [] : [`${INDENT}  ${inertSentence(hint)}`]),
  ])
  const head = (text: string, sign: string): string =>
    [`${sign.padStart(4)} ${paint(text, 'bold', view.colour)}`, ...place].join('  ')
  if (waits) return [head(WAIT, `${number}.`), ...entries.map(inShort), ...notes]
  return [
    ...entries.flatMap((entry, index) => [
      head(told(titleOf(entry)), index === 0 ? `${number}.` : ''),
      ...entryLines(entry, view),
    ]),
    ...notes,
  ]
}

function inShort(entry: PanelEntry): string {
  const { do: what, host, type } = entry
  const value = wholeValue(entry)
  return `${INDENT}${what === 'remove' ? 'deleted: ' : ''}${inert(`${host} ${type} ${value.slice(0, 40)}${value.length > 40 ? '…' : ''}`)}${unicodeNames(
    `${host} ${value}`,
  )
    .map((name) => ` (${name})`)
    .join('')}`
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

/**
 * A value that does not fit is a line of its own, so that copying it gives neither blanks nor line breaks; nor does its line hold
 * anything else.
 */
function fieldLines(label: string, text: string, { width, colour }: View): string[] {
  const name = `${INDENT}${paint(label, 'dim', colour)}`
  const indent = INDENT + ' '.repeat(label.length)
  if (stringWidth(text) <= width - indent.length) return [`${name}${text}`, ...belowLines(text, { indent, width })]
  const note = paint(`(${count(text.length, 'character')}: all of the next line)`, 'dim', colour)
  return [`${name}${note}`, text, ...unicodeNames(text).map((unicode) => `${INDENT}(${unicode})`)]
}

/** A line with the names of its value in Unicode behind it, or below where there is no room. */
function besideLines(line: string, value: string, { indent, width }: { indent: string; width: number }): string[] {
  const names = unicodeNames(value).map((name) => `(${name})`)
  if (names.length === 0) return [line]
  const whole = [line, ...names].join(' ')
  return stringWidth(whole) <= width ? [whole] : [line, ...belowLines(value, { indent, width })]
}

/** The names of a value in Unicode, each on a line below it. */
function belowLines(value: string, { indent, width }: { indent: string; width: number }): string[] {
  return unicodeNames(value)
    .map((name) => `(${name})`)
    .map((name) => (stringWidth(indent + name) <= width ? `${indent}${name}` : `${INDENT}${name}`))
}

/** A sentence, with the names in it in Unicode too. */
function told(sentence: string): string {
  return withUnicode(inertSentence(sentence))
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
  const requests = manual.flatMap(({ request }) => (request ? letterValues(request.text) : []))
  return new Set([...texts.map(inert), ...requests])
}
