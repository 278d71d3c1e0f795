import { quoted } from '../cut.js'
import type { Fault } from './reading.js'
import { strip, WSP } from './tag-list.js'

/** One `name=value` of a record of RFC 8461 or RFC 8460. */
export interface Field {
  readonly name: string
  readonly value: string
}

/** What a record says after its version. */
export interface FieldList {
  /** The first of each name: others are ignored (RFC 8461 §3.2). */
  readonly fields: ReadonlyMap<string, string>
  /** Those that the family does not know, and senders ignore. */
  readonly extensions: readonly Field[]
  readonly faults: readonly Fault[]
  /** Whether senders take it for a record: no fault is one of its form. */
  readonly isRecord: boolean
}

interface FieldSyntax {
  /** `v=STSv1` */
  readonly version: string
  readonly section: string
  /** The names of fields whose values the family reads itself. */
  readonly known: readonly string[]
}

const FIELD = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31})=(.*)$/s
/** Printing characters without `;` and `=`. */
const EXTENSION = /^[!-:<>-~]+$/

/**
 * Reads the form that `_mta-sts` (RFC 8461 §3.1) and `_smtp._tls` (RFC 8460 §3) share: a version, then fields, with a semicolon
 * and perhaps blanks between them. Names and versions are written in one case only. Linear.
 */
export function readFields(text: string, { version, section, known }: FieldSyntax): FieldList {
  const faults: Fault[] = []
  const wrong = (message: string): void => void faults.push({ section, message })
  const [head = '', ...parts] = text.split(';')
  const last = parts.at(-1) ?? ''
  const isEnded = strip(last, WSP) === ''
  const written = isEnded ? parts.slice(0, -1) : parts
  if (head !== version || parts.length === 0) wrong(`it does not begin with "${version};", so senders discard it`)
  else if (written.length === 0) wrong('it has nothing but its version')
  if (!isEnded && WSP.includes(last.at(-1) as string)) wrong('it ends in a blank')
  const fields = new Map<string, string>()
  const extensions: Field[] = []
  const twice: string[] = []
  for (const part of written) {
    const field = strip(part, WSP)
    const [, name, value = ''] = FIELD.exec(field) ?? []
    if (name === undefined) wrong(field === '' ? 'there is an empty field' : `${quoted(field)} is no field`)
    else if (fields.has(name)) twice.push(name)
    else {
      fields.set(name, value)
      if (known.includes(name)) continue
      extensions.push({ name, value })
      if (!EXTENSION.test(value)) wrong(`the field ${name} has a value that no field can have`)
    }
  }
  const isRecord = faults.length === 0
  for (const name of twice) wrong(`the field ${name} is there twice; senders take the first`)
  return { fields, extensions, faults, isRecord }
}

/** A record from its version and fields. */
export function writeFields(version: string, fields: readonly Field[]): string {
  return [version, ...fields.map(({ name, value }) => `${name}=${value}`)].map((part) => `${part};`).join(' ')
}
