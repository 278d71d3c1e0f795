import type { PanelEntry } from '../plan/plan.js'
import { count } from '../render/words.js'
import { panelFields } from './panel-fields.js'
import type { NameMistake } from './wrong-name.js'
import type { ValueMistake } from './wrong-value.js'

/** The title of a step that is done and does not show at every server yet. */
export const WAIT = 'Wait; there is nothing to enter'

/** What to do with one record, in a sentence without its end. */
export function titleOf({ do: what, type, value, was, beside = 0 }: PanelEntry): string {
  const others =
    beside > 0 ? `; leave the ${count(beside, 'other value')} there as ${beside === 1 ? 'it is' : 'they are'}` : ''
  if (what === 'add') return `Add this record${others}`
  if (what === 'remove') return `Delete this record${others}`
  if (was?.host !== undefined) return `Change the host of the record at ${was.host}`
  return type === 'TXT'
    ? `Change the value that begins ${beginOf(was?.value ?? value)}${others}`
    : `Change this record${others}`
}

const SHOWN = 24

/** Enough of a text to find it: its first word. */
function beginOf(text: string): string {
  const [word = ''] = /^\s*[^\s;]*/.exec(text) ?? []
  return word.slice(0, SHOWN)
}

/** What went wrong, and what to do about it. */
export interface Explained {
  readonly message: string
  readonly hint: string
}

interface Spoilt {
  /** `mail.example.com` */
  readonly name: string
  /** As the panel has it. */
  readonly entry: PanelEntry
  /** Of the zone, without its dot. */
  readonly zone: string
}

/** How a value that was entered wrongly is told. */
export const VALUE_MISTAKES: Readonly<Record<ValueMistake, (spoilt: Spoilt) => Explained>> = {
  quotes: ({ name }) => ({
    message: `the value at ${name} has quotation marks in it: the panel took them for a part of the value`,
    hint: 'enter the value without the quotation marks around it',
  }),
  backslash: ({ name }) => ({
    message: `the value at ${name} has backslashes in it: the panel took them for a part of the value`,
    hint: 'enter the value without backslashes: it is no zone file',
  }),
  blank: ({ name }) => ({
    message: `the value at ${name} has a blank or a line break where none belongs`,
    hint: 'copy the value in one piece; a long one gets a blank where its lines or pieces were joined',
  }),
  'split-quotes': ({ name }) => ({
    message: `the value at ${name} has the quotation marks between its pieces in it`,
    hint: 'enter the value in one piece; where the panel takes only 255 characters, enter the pieces as it asks for them, without quotation marks',
  }),
  cut: ({ name, entry }) => ({
    message: `the value at ${name} ends too early, after ${count((entry.was?.value ?? '').length, 'character')} of ${count(entry.value.length, 'character')}`,
    hint: 'the panel cut it: enter it in pieces of at most 255 characters, or ask the provider how it takes long values',
  }),
  'dot-in-text': ({ name }) => ({
    message: `the value at ${name} has the dot at the end of a name as a part of the name`,
    hint: 'enter the name without a dot at its end',
  }),
  'priority-in-value': ({ name, entry }) => ({
    message: `the target at ${name} begins with ${entry.type === 'SRV' ? 'numbers' : 'a priority'}`,
    hint: `enter ${panelFields(entry)
      .map(({ label, text }) => `${text} in the field for the ${label.toLowerCase()}`)
      .join(', ')}, and the name alone as the value`,
  }),
  'relative-target': ({ name, entry, zone }) => ({
    message: `the target at ${name} has ${zone} twice: the panel took it for a name inside the zone`,
    hint: `enter it with a dot at its end, ${entry.value}.`,
  }),
  'reversed-address': ({ name, entry }) => ({
    message: `the address at ${name} is written backwards`,
    hint: `only the host of a PTR is written backwards; enter ${entry.value}`,
  }),
}

interface Misplaced extends Spoilt {
  /** Where it stands, without the dot at the end. */
  readonly wrong: string
}

/** How a record that was entered at a wrong name is told. */
export const NAME_MISTAKES: Readonly<Record<NameMistake, (misplaced: Misplaced) => Explained>> = {
  'doubled-name': ({ wrong, entry, zone }) => ({
    message: `this record stands at ${wrong}: the panel adds ${zone} to the host by itself`,
    hint: `enter "${entry.host}" as its host`,
  }),
  'dot-in-name': ({ wrong, entry }) => ({
    message: `this record stands at ${wrong}: the panel took the dot at the end for a part of the name`,
    hint: `enter "${entry.host}" as its host`,
  }),
  'not-reversed': ({ wrong, entry }) => ({
    message: `this record stands at ${wrong}: the address is written forwards`,
    hint: `the host of a PTR is the address backwards, as far as the zone does not say it already: enter "${entry.host}"`,
  }),
  'underscore-lost': ({ wrong, entry }) => ({
    message: `this record stands at ${wrong}, without the underscore`,
    hint: `enter "${entry.host}" as its host, with every underscore`,
  }),
  'selector-alone': ({ wrong, entry }) => ({
    message: `this record stands at ${wrong}: the selector alone is no place where a key is looked for`,
    hint: `enter "${entry.host}" as its host`,
  }),
}
