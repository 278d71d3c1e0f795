import { type Event, parseEvents, YAMLException } from 'js-yaml'
import { YAML_LIMITS } from './limits.js'
import type { Report } from './report.js'

/** js-yaml counts a scalar as a level, and a flow collection that might yet be a key as two (js-yaml 5.5, 2026-11). */
const PARSER_LEVELS = YAML_LIMITS.levels + 2

/** The events of a YAML text; none when it is not YAML, which is reported with the place and what usually causes it. */
export function parseYaml(text: string, start: number, report: Report): readonly Event[] {
  try {
    return parseEvents(text, { maxDepth: PARSER_LEVELS })
  } catch (error) {
    if (!(error instanceof YAMLException) || error.mark === undefined) throw error
    const offset = error.mark.position
    if (error.reason.includes('maxDepth')) {
      report('yaml-too-deep', start + offset, `nested more than ${YAML_LIMITS.levels} levels deep`)
    } else {
      report('yaml-syntax', start + offset, `not valid YAML: ${error.reason}`, hintFor(text, offset, error.reason))
    }
    return []
  }
}

interface Scene {
  /** The line up to the place of the error, the text from there on, and the line above. */
  readonly before: string
  readonly rest: string
  readonly above: string
  readonly reason: string
}

const EXCERPT = 200
/** What looks like a space, and is none to YAML. */
const NO_SPACE = /[\u00a0\u2000-\u200b\u202f\u205f\u3000]/
const ALIAS_NAME = /^\s*(- +)?\*/

const HINTS: readonly (readonly [applies: (scene: Scene) => boolean, hint: string])[] = [
  [
    ({ before, rest }) => /^\s*$/.test(before) && /^ *\t/.test(before + rest),
    'Indent with spaces: YAML allows no tabs.',
  ],
  [
    ({ before, rest }) => NO_SPACE.test(before + rest.slice(0, 1)),
    'A blank in this line is no space, but one that web pages and word processors have (such as U+00A0): type a space.',
  ],
  [
    ({ before, rest, above }) => ALIAS_NAME.test(before + rest) || ALIAS_NAME.test(above) || before.endsWith('*'),
    "Quote a name that begins with *, as in '*': without quotes it is a YAML alias.",
  ],
  [({ rest }) => /^[@`%]/.test(rest), 'Quote a value that begins with @, %, or a backquote.'],
  [
    ({ before, rest }) => isOpen(before, rest.startsWith('}') ? '[' : '{') && /^[\]}]/.test(rest),
    'Another bracket is open here: close that one first.',
  ],
  [({ rest }) => /^[\]}]/.test(rest), 'This bracket closes nothing: quote it, or remove it.'],
  [
    ({ reason }) => /deficient indentation|unexpected end|missed comma/.test(reason),
    'Is a bracket or a quote that was opened above not closed?',
  ],
  [({ reason }) => /printable|JSON character/.test(reason), 'Remove this control character.'],
  [
    ({ before }) => /["']\S*\s*$/.test(before),
    "A value ends with the quote it begins with. Quote all of it; inside single quotes, write '' for one '.",
  ],
  [
    ({ before, rest }) => before.includes(': ') && rest.startsWith('- '),
    'A list begins on the next line, or is written as [one, two].',
  ],
  [({ reason }) => reason.includes('escape'), 'Use single quotes: in double quotes a backslash begins an escape.'],
  [
    ({ before, rest }) => rest.startsWith(':') && before.includes(': '),
    'Quote a value that holds a colon and a space.',
  ],
  [
    ({ reason, rest }) => rest.startsWith(':') || /multiline key|after a mapping key|after the key/.test(reason),
    'Here or in the line above: a key ends with a colon and a space, as in "key: value".',
  ],
  [
    ({ reason }) => /indentation of|end of the stream or/.test(reason),
    'Indent this line like its neighbours; keys and "- " items cannot be mixed at one level.',
  ],
]

/** Whether a bracket of this kind is opened in a line and not closed. */
function isOpen(line: string, bracket: '[' | '{'): boolean {
  const closing = bracket === '[' ? ']' : '}'
  return line.split(bracket).length > line.split(closing).length
}

function hintFor(text: string, offset: number, reason: string): string | undefined {
  const lines = text.slice(Math.max(0, offset - EXCERPT), offset).split(/\r\n|\r|\n/)
  const scene: Scene = {
    before: lines.at(-1) ?? '',
    above: lines.at(-2) ?? '',
    rest: text.slice(offset, offset + EXCERPT).split(/[\r\n]/, 1)[0] ?? '',
    reason,
  }
  return HINTS.find(([applies]) => applies(scene))?.[1]
}
