import { quoted } from '../../../records/cut.js'
import type { SpecPath } from '../../../records/finding.js'
import type { Relay, RelayInput } from '../../../records/relays/relay.js'
import type { Told } from '../../../records/relays/template.js'
import { type Name, withoutDot } from '../../../records/rr/name.js'
import { parseKeyText } from '../build/build-dkim.js'
import type { Reading } from '../reading.js'
import type { RawRelay } from './relays-schema.js'

/** What is told of a relay, as its templates take it; what cannot be is reported, and left out. */
export function toldOf(
  reading: Reading,
  relay: Relay,
  { mx: _, ...raw }: RawRelay,
  { domain, place }: { readonly domain: Name; readonly place: (key: string) => SpecPath },
): { told: Told; wrong: ReadonlySet<string> } {
  const told: Record<string, string | readonly string[]> = {}
  const wrong = new Set<string>()
  for (const [key, given] of Object.entries(raw)) {
    const input = relay.inputs[key]
    if (input === undefined || given === undefined || typeof given === 'boolean') continue
    const texts = typeof given === 'string' ? [given] : given
    const values = texts.map((text, index) =>
      readInput(
        reading,
        { relay, key, input, text, domain },
        typeof given === 'string' ? place(key) : [...place(key), index],
      ),
    )
    if (values.includes(undefined) || !isComplete(reading, { relay, key, input, texts: values }, place(key)))
      wrong.add(key)
    else told[key] = typeof given === 'string' ? (values[0] as string) : (values as string[])
  }
  return { told, wrong }
}

interface Given {
  readonly relay: Relay
  readonly key: string
  readonly input: RelayInput
}

function readInput(
  reading: Reading,
  { relay, key, input, text, domain }: Given & { text: string; domain: Name },
  path: SpecPath,
): string | undefined {
  const report = (why: string): undefined => {
    reading.report('relay-value', path, `${relay.title}: ${key} is ${input.what}; ${why}`, hintFor(input))
    return undefined
  }
  const value = input.form === 'key' ? text : plainText(input, text.trim(), domain)
  if (!input.pattern.test(value)) return report(`${quoted(text)} does not look like it (${input.looksLike})`)
  if (input.form !== 'key') return value
  const record = parseKeyText(text)
  return typeof record === 'string' ? record : report(record.error)
}

function plainText({ form }: RelayInput, text: string, domain: Name): string {
  const lower = withoutDot(text.toLowerCase())
  const end = `.${withoutDot(domain)}`
  return form === 'label' && lower.endsWith(end) ? lower.slice(0, -end.length) : lower
}

function isComplete(
  reading: Reading,
  { relay, key, input, texts }: Given & { texts: readonly (string | undefined)[] },
  path: SpecPath,
): boolean {
  const { count } = input
  if (count === undefined) return true
  const twice = texts.find((text, index) => text !== undefined && texts.indexOf(text) !== index)
  if (texts.length === count && twice === undefined) return true
  const found = twice === undefined ? `there are ${texts.length}` : `${quoted(twice)} is there twice`
  reading.report(
    'relay-value',
    path,
    `${relay.title}: ${key} is ${input.what}, ${count} of them; ${found}`,
    hintFor(input),
  )
  return false
}

/** Where a person finds it, and what it looks like. */
export function hintFor({ where, example, count }: RelayInput): string {
  return `find ${count === undefined ? 'it' : 'them'} in ${where}; an example is ${example}`
}
