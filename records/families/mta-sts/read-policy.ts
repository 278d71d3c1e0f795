import { quoted } from '../../cut.js'
import { parseHostname } from '../../rr/name.js'
import { octetLength } from '../../rr/octets.js'
import type { StsMode } from '../../spec.js'
import type { Field } from '../field-list.js'
import { type Fault, none, type Reading } from '../reading.js'
import { strip, WSP } from '../tag-list.js'
import { MAX_AGE_LIMIT, type StsPolicy } from './policy.js'

const SECTION = 'RFC 8461 §3.2'
/** Octets that a sender reads at least of a policy (RFC 8461 §3.3). */
const SIZE_LIMIT = 65_536
const FIELD = /^([A-Za-z0-9][A-Za-z0-9_.-]{0,31}):[ \t]*(.*)$/s
/** No control characters, and no blank at either end. */
const EXTENSION = /^[^\p{Cc} ](?:[^\p{Cc}]*[^\p{Cc} ])?$/u
const MODES: readonly string[] = ['enforce', 'testing', 'none'] satisfies StsMode[]

/** Reads the text of a policy (RFC 8461 §3.2). Lines end in LF or CRLF. With a fault in its form it is no policy. */
export function readStsPolicy(text: string): Reading<StsPolicy> {
  if (octetLength(text) > SIZE_LIMIT)
    return none([{ section: 'RFC 8461 §3.3', message: `it has more than ${SIZE_LIMIT} octets` }])
  const { fields, mx, extensions, faults, twice } = readLines(text)
  const wrong = (message: string): void => void faults.push({ section: SECTION, message })
  const version = fields.get('version')
  if (version === undefined) wrong('there is no version:')
  else if (version !== 'STSv1') wrong(`version: ${version}: only STSv1 can stand there`)
  const mode = fields.get('mode')
  if (mode === undefined) wrong('there is no mode:')
  else if (!MODES.includes(mode)) wrong(`mode: ${mode}: only ${MODES.join(', ')} can stand there`)
  const age = fields.get('max_age')
  if (age === undefined) wrong('there is no max_age:')
  else if (!/^[0-9]{1,10}$/.test(age)) wrong(`max_age: ${age}: it is a number of seconds, of up to 10 digits`)
  if (mx.length === 0 && mode !== 'none') wrong('there is no mx:')
  for (const pattern of mx) if (!isPattern(pattern)) wrong(`mx: ${pattern}: it is no host name in A-labels`)
  if (faults.length > 0) return none([...faults, ...twice])
  const maxAge = Number(age)
  const isLong = maxAge > MAX_AGE_LIMIT
  const long = { section: SECTION, message: `max_age: ${age}: ${MAX_AGE_LIMIT} is the most` }
  return {
    value: { mode: mode as StsMode, maxAge, mx, extensions },
    faults: [...(isLong ? [long] : []), ...twice],
  }
}

interface Lines {
  /** The first of each name but `mx`: others are ignored. */
  readonly fields: ReadonlyMap<string, string>
  readonly mx: readonly string[]
  readonly extensions: readonly Field[]
  readonly faults: Fault[]
  readonly twice: readonly Fault[]
}

const KNOWN = ['version', 'mode', 'max_age']

function readLines(text: string): Lines {
  const fields = new Map<string, string>()
  const mx: string[] = []
  const extensions: Field[] = []
  const faults: Fault[] = []
  const twice: Fault[] = []
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  for (const [index, line] of lines.entries()) {
    const at = `line ${index + 1}`
    const wrong = (message: string): void => void faults.push({ section: SECTION, message: `${at}: ${message}` })
    const [, name, written = ''] = FIELD.exec(line) ?? []
    const value = strip(written, WSP)
    if (name === undefined) wrong(line === '' ? 'it is empty' : `${quoted(line)} is no field`)
    else if (name === 'mx') mx.push(value)
    else if (fields.has(name))
      twice.push({ section: SECTION, message: `${at}: ${name} is there twice; senders take the first` })
    else {
      fields.set(name, value)
      if (KNOWN.includes(name)) continue
      extensions.push({ name, value })
      if (!EXTENSION.test(value)) wrong(`${name} has a value that no field can have`)
    }
  }
  return { fields, mx, extensions, faults, twice }
}

/** A host name in ASCII, perhaps with `*.` before it (RFC 8461 §3.2). */
function isPattern(pattern: string): boolean {
  const name = pattern.startsWith('*.') ? pattern.slice(2) : pattern
  return /^[!-~]+$/.test(name) && !name.endsWith('.') && typeof parseHostname(name) === 'string'
}
