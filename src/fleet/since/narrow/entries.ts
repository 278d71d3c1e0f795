import { bare, type WrittenNames, withNamesAbove } from './names-in.js'
import { type SpecText, textBeside } from './spec-text.js'

/** Escapes may write any name, an `!include` has more text, an anchor is used elsewhere, and of keys that a server tells no revision knows. */
const UNCLEAR_DOMAIN = /[\\&!]|[^\n -~]|%[0-9a-f]{2}|\bfrom\b/i
/** What is asked of one zone is asked of others too, where it is a catalog; reverse zones are found by addresses. */
const UNCLEAR_ZONE = /[\\&!*]|[^\n -~]|\bcatalog\b|arpa/i
const ANCHOR = /&/
const ALIAS = /[\s[{,]\*[\w-]/
const KEY_ZONE = /(?:^|[\s{,"'])zone["']?\s*:/

/** The keys of entries that are not word for word the same on both sides. */
export function differing(now: ReadonlyMap<string, string>, then: ReadonlyMap<string, string>): string[] {
  return [
    ...[...now].flatMap(([key, text]) => (then.get(key) === text ? [] : [key])),
    ...[...then.keys()].filter((key) => !now.has(key)),
  ]
}

/** The domains whose text does not tell what they come to. */
export function unclearDomains({ domains }: SpecText): string[] {
  return [...domains].flatMap(([key, text]) => (UNCLEAR_DOMAIN.test(text) ? [key] : []))
}

/** The zones that may mean something to names that are in none of them. */
export function unclearZones({ zones }: SpecText): string[] {
  return [...zones].flatMap(([key, text]) => (UNCLEAR_ZONE.test(text) ? [key] : []))
}

/** The zones that one of these names is in, or could be in with labels before it. */
export function zonesAround({ zones }: SpecText, { names, covering }: WrittenNames): string[] {
  return [...zones.keys()].filter((key) => {
    const zone = bare(key)
    if (covering.has(zone)) return true
    for (const above of withNamesAbove(zone)) if (above.includes('.') && names.has(above)) return true
    return false
  })
}

/** The domains that are among these names, or above them. */
export function domainsAmong({ domains }: SpecText, { covering }: WrittenNames): string[] {
  return [...domains.keys()].filter((key) => covering.has(bare(key)))
}

/** The domains that one of these names is below: `_dmarc` of a domain may be a zone of its own. */
export function domainsAbove({ domains }: SpecText, names: readonly string[]): string[] {
  const above = new Set(names.flatMap((name) => [...withNamesAbove(name)]))
  return [...domains.keys()].filter((key) => above.has(bare(key)))
}

/** The domains in whose text one of these names is. */
export function domainsNaming({ domains }: SpecText, names: readonly string[]): string[] {
  return [...domains].flatMap(([key, text]) => {
    const lower = text.toLowerCase()
    return names.some((name) => lower.includes(name)) ? [key] : []
  })
}

/** Whether a domain signs with the keys of another name, as others may. */
export function haveKeyZones({ domains }: SpecText): boolean {
  return [...domains.values()].some((text) => KEY_ZONE.test(text))
}

/**
 * What aliases may stand for: undefined where there are none. That is what is beside the entries, and every entry with an anchor.
 */
export function anchored(spec: SpecText): string | undefined {
  if (![...spec.files.values()].some(({ text }) => ALIAS.test(text))) return undefined
  const entries = [...spec.zones.values(), ...spec.domains.values()].filter((text) => ANCHOR.test(text))
  return [textBeside(spec), ...entries].join('\n')
}
