import { quoted } from '../../cut.js'

/** A `%` and what it stands for (RFC 7208 §7.1). */
const MACRO = /%(?:\{([a-z])(\d*)(r?)([-.+,/_=]*)\}|[%_-])/iy
const TOPLABEL = /^(?:[0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])$/i
const VISIBLE = /^[!-~]*$/
const PRINTABLE = /^[ -~]*$/
const MOST_LABEL = 63
const LETTERS = 'slodiphv'
/** These are for explanations only (RFC 7208 §7.2). */
const EXPLANATION_LETTERS = `${LETTERS}crt`

/** A piece of a macro-string: text that stands for itself, or a macro to be expanded (RFC 7208 §7.1). */
export type MacroPiece = string | Macro

export interface Macro {
  /** In lower case. */
  readonly letter: string
  /** Written in upper case: what it expands to is escaped as in a URL (RFC 7208 §7.3). */
  readonly isEscaped: boolean
  /** How many parts are kept, from the right; all where it is not said. */
  readonly keep?: number
  readonly isReversed: boolean
  /** The characters that part the value; `.` where none is written. */
  readonly delimiters: string
}

const LITERALS: Readonly<Record<string, string>> = { '%%': '%', '%_': ' ', '%-': '%20' }

/** The pieces of the macro-string of a term; a text that says what is wrong with it where it does not parse. */
export function readMacros(text: string): MacroPiece[] | { readonly fault: string } {
  if (!VISIBLE.test(text)) return { fault: 'it has a character that is not printable ASCII' }
  return piecesOf(text, LETTERS)
}

/** The pieces of an explanation, which may have spaces and the letters `c`, `r` and `t` too (RFC 7208 §6.2, §7.2). */
export function readExplanation(text: string): MacroPiece[] | { readonly fault: string } {
  if (!PRINTABLE.test(text)) return { fault: 'it has a character that is not printable ASCII' }
  return piecesOf(text, EXPLANATION_LETTERS)
}

function piecesOf(text: string, letters: string): MacroPiece[] | { readonly fault: string } {
  const pieces: MacroPiece[] = []
  let end = 0
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', end)) {
    MACRO.lastIndex = at
    const [whole, letter, digits = '', reversed, delimiters = ''] = MACRO.exec(text) ?? []
    if (whole === undefined) return { fault: 'a % in it begins no macro' }
    if (at > end) pieces.push(text.slice(end, at))
    end = at + whole.length
    if (letter === undefined) {
      pieces.push(LITERALS[whole] ?? '')
      continue
    }
    const lower = letter.toLowerCase()
    if (!letters.includes(lower)) return { fault: `the macro ${whole} cannot stand there` }
    if (digits !== '' && !/[1-9]/.test(digits)) return { fault: `the macro ${whole} keeps no part` }
    pieces.push({
      letter: lower,
      isEscaped: letter !== lower,
      ...(digits === '' ? {} : { keep: Number(digits) }),
      isReversed: reversed !== '',
      delimiters: delimiters === '' ? '.' : delimiters,
    })
  }
  if (end < text.length) pieces.push(text.slice(end))
  return pieces
}

/** What is wrong with a macro-string (RFC 7208 §7.1); undefined where nothing is. */
export function macroFault(text: string): string | undefined {
  const pieces = readMacros(text)
  return 'fault' in pieces ? pieces.fault : undefined
}

/** What is wrong with a domain-spec (RFC 7208 §7.1): it ends in a macro, or in a dot and a label that is not all digits. */
export function domainFault(text: string): string | undefined {
  const fault = macroFault(text)
  if (fault !== undefined) return fault
  if (endsInMacro(text)) return undefined
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  const dot = bare.lastIndexOf('.')
  const label = bare.slice(dot + 1)
  if (dot < 0) return label === '' ? 'a name is missing' : `${quoted(text)} is no whole name`
  return label.length <= MOST_LABEL && TOPLABEL.test(label)
    ? undefined
    : `${quoted(text)} is no name: it ends in ${quoted(label)}`
}

function endsInMacro(text: string): boolean {
  const last = text.lastIndexOf('%')
  if (last < 0) return false
  for (const at of [last, last - 1]) {
    MACRO.lastIndex = Math.max(at, 0)
    const [whole] = MACRO.exec(text) ?? []
    if (whole !== undefined && Math.max(at, 0) + whole.length === text.length) return true
  }
  return false
}
