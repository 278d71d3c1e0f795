import { quoted } from '../../../records/cut.js'
import type { SpecPath } from '../../../records/finding.js'
import { type Name, parseHostname } from '../../../records/rr/name.js'
import type { KeyZoneSpec } from '../../../records/spec.js'
import { type Problem, placesOf, type Reading } from '../reading.js'
import type { RawDefaults, RawDomain } from '../schema.js'

/** For two algorithms one that signs, one that comes, one that goes, and one for a key that leaked. */
const USUAL_SELECTORS: readonly string[] = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8']

/** The name whose keys a domain signs with; undefined where they are its own. */
export function buildKeyZone(
  reading: Reading,
  raw: Exclude<RawDomain['dkim'], false>,
  defaults: Exclude<RawDefaults['dkim'], false>,
  { name: domain, from }: { readonly name: Name; readonly from: SpecPath },
): KeyZoneSpec | undefined {
  const zone = raw?.zone ?? defaults?.zone
  const selectors = raw?.selectors ?? defaults?.selectors ?? USUAL_SELECTORS
  const at = placesOf(raw, from)
  if (zone === undefined || zone === false) {
    if (raw?.selectors)
      reading.report(
        'dkim-zone',
        at('selectors'),
        'fixed selectors are those of a dkim.zone, and this domain has none',
        'name it, such as zone: keys.example.net; the selector of keys of its own is a pattern: selector: "s%Y%m"',
        { atKey: true },
      )
    return undefined
  }
  if (raw?.selector !== undefined)
    reading.report(
      'dkim-zone',
      at('selector'),
      'with dkim.zone selectors are fixed, as they are led there once: a pattern for new ones means nothing',
      'remove it, or list fixed ones: selectors: [a, b, c, d]',
      { atKey: true },
    )
  for (const [index, selector] of selectors.entries())
    if (selectors.indexOf(selector) < index)
      reading.report('dkim-zone', [...at('selectors'), index], `${selector} is listed twice`, 'remove one of the two')
  const name = reading.text(zone, at('zone'), parseKeyZone)
  if (name === undefined) return undefined
  if (name === domain) {
    // The defaults are for all others; where this one has keys too, a rule says that they are in the same place.
    if (raw?.zone === undefined) return undefined
    const message = `${zone} is this domain itself, and a selector cannot lead to itself`
    const hint = 'name another one for it, such as keys.example.net; or remove zone, and keys turn below the domain'
    reading.report('dkim-zone', at('zone'), message, hint)
    return undefined
  }
  return { name, selectors, from: at('zone') }
}

function parseKeyZone(text: string): Name | Problem {
  const [, below] = /(?:^|\.)_domainkey\.(.+)$/i.exec(text) ?? []
  if (below === undefined) return parseHostname(text)
  const error = `${quoted(text)} is more than the name below which keys turn`
  return { rule: 'dkim-zone', error, hint: `write what stands after ._domainkey alone: ${below}` }
}

/** Of a domain without keys that mailsync makes. */
export function rejectKeyZone(reading: Reading, path: SpecPath, why: string): void {
  const message = `with ${why} mailsync makes no keys for this domain, so none of dkim.zone sign for it`
  const hint = 'remove zone; or list algorithms, those of all domains of that zone'
  reading.report('dkim-zone', path, message, hint, { atKey: true })
}
