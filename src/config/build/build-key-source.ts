import { quoted } from '../../../records/cut.js'
import type { SpecPath } from '../../../records/finding.js'
import type { KeySource } from '../../../records/spec.js'
import { variableIn } from '../../connect/env-values.js'
import { SECRET_OPTIONS, SOURCE_OPTIONS } from '../../dkim/sources/classes.js'
import { placesOf, type Reading } from '../reading.js'
import type { RawDefaults, RawDomain } from '../schema.js'

/** Who makes the keys of a domain, where the spec or its defaults say that somebody does; nobody where that is written wrongly. */
export function buildKeySource(
  reading: Reading,
  raw: RawDomain['dkim'],
  defaults: RawDefaults['dkim'],
  dkim: SpecPath,
): { readonly keySource?: KeySource } {
  if (raw === false) return {}
  const source = raw?.from ?? (defaults || undefined)?.from
  if (source === undefined) return {}
  const from = placesOf(raw, dkim)('from')
  const { class: name, ...options } = source
  const { required, optional } = SOURCE_OPTIONS[name]
  let isSound = true
  const report = (path: SpecPath, message: string, hint: string): void => {
    isSound = false
    reading.report('dkim-from', path, message, hint)
  }
  const missing = required.filter((option) => !Object.hasOwn(options, option))
  if (missing.length > 0)
    report(
      from,
      `${name} needs ${missing.join(' and ')}`,
      `write ${missing.map((option) => `${option}: …`).join(', ')}`,
    )
  for (const option of Object.keys(options))
    if (![...required, ...optional].includes(option))
      report([...from, option], `${name} takes no ${option}`, `it takes ${[...required, ...optional].join(', ')}`)
  for (const option of SECRET_OPTIONS) {
    const value = (options as Readonly<Record<string, unknown>>)[option]
    if (value !== undefined && variableIn(value) === undefined)
      report(
        [...from, option],
        `${option} is a secret, and a spec is read by many`,
        `write ${option}: env/NAME, and set the variable`,
      )
  }
  if (options.url !== undefined && variableIn(options.url) === undefined && !/^https?:$/.test(protocolOf(options.url)))
    report([...from, 'url'], `${quoted(options.url)} is no URL of a server`, 'write it whole: https://mail.example.com')
  return isSound ? { keySource: { class: name, options, from } } : {}
}

function protocolOf(url: string): string {
  return URL.canParse(url) ? new URL(url).protocol : ''
}
