import { displayName, isWithin, labelsOf, type Name } from './name.js'
import type { AnyRRset } from './rrset.js'

const SHOWN = 5

/**
 * What was meant by a name that has its zone twice: a panel or a zone file adds the zone to a whole name that has no dot at its
 * end. Undefined for every other name.
 */
export function undoubled(name: Name, zone: Name): Name | undefined {
  return labelsOf(zone).length > 1 && isWithin(name, `${zone}${zone}` as Name)
    ? (name.slice(0, -zone.length) as Name)
    : undefined
}

/** `_dmarc.example.com.example.com, meant as _dmarc.example.com`, and so on. */
export function doubledList(names: readonly Name[], zone: Name): string {
  const shown = names
    .slice(0, SHOWN)
    .map((name) => `${displayName(name)}, meant as ${displayName(undoubled(name, zone) ?? name)}`)
  return `${shown.join('; ')}${names.length > SHOWN ? `; and ${names.length - SHOWN} more` : ''}`
}

/** The names among some RRsets that have the zone twice. */
export function doubledNames(rrsets: readonly AnyRRset[], zone: Name): Name[] {
  return [...new Set(rrsets.map(({ name }) => name).filter((name) => undoubled(name, zone) !== undefined))]
}
