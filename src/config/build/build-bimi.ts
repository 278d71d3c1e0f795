import { quoted } from '../../../records/cut.js'
import { bimiUriFault } from '../../../records/families/bimi/read-bimi.js'
import type { SpecPath } from '../../../records/finding.js'
import type { BimiSpec } from '../../../records/spec.js'
import { placesOf, type Reading } from '../reading.js'
import type { RawDefaults, RawDomain } from '../schema.js'

/** The `bimi` of a domain, with the defaults merged in. */
export function buildBimi(
  reading: Reading,
  raw: RawDomain['bimi'],
  defaults: RawDefaults['bimi'],
  from: SpecPath,
): BimiSpec | false {
  if (raw === false || (raw === undefined && defaults === undefined)) return false
  const { location, authority, selector = 'default' } = { ...defaults, ...raw }
  const place = placesOf(raw, from)
  if (location === 'none') return { selector, location: '', authority: '', from }
  const logo = location === undefined ? '' : readUri(reading, location, place('location'))
  const evidence = authority === undefined ? '' : readUri(reading, authority, place('authority'))
  if (location === undefined && authority === undefined)
    reading.report(
      'bimi-without-logo',
      from,
      'it names no logo',
      'write location: https://…/logo.svg; or location: none, which says that none is wanted',
    )
  return { selector, location: logo, authority: evidence, from }
}

/** What would end the tag is percent-encoded. */
function readUri(reading: Reading, text: string, path: SpecPath): string {
  const uri = text.replace(/[,;]/g, (char) => (char === ',' ? '%2C' : '%3B'))
  const fault = bimiUriFault(uri)
  if (fault === undefined) return uri
  reading.report(
    'bimi-uri',
    path,
    `${quoted(text)}: ${fault} (BIMI draft-14 §4.3)`,
    'write it as https://example.com/logo.svg',
  )
  return ''
}
